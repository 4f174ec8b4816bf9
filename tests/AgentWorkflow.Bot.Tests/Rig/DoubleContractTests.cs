using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitHub.Rest;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>What no client may ask is answered 599 and stands in the journal as a violation: the double's word is worth something.</summary>
public sealed class DoubleContractTests
{
    [Theory]
    [InlineData("GET", "/repos/octo/pets/nothing", null, "is not in the forge's description")]
    [InlineData("GET", "/repos/octo/pets/actions/runs", null, "is not served by the double")]
    [InlineData("GET", "/repos/octo/pets/issues?stat=open", null, "query 'stat' is not known")]
    [InlineData("GET", "/repos/octo/pets/issues?state=opened", null, "not one of")]
    [InlineData("GET", "/repos/octo/pets/issues/one", null, "is no integer")]
    [InlineData("POST", "/repos/octo/pets/git/refs", """{"ref":"refs/heads/x"}""", "body.sha is missing")]
    [InlineData("POST", "/repos/octo/pets/git/refs", """{"ref":"refs/heads/x","sha":1}""", "body.sha is no string")]
    [InlineData("POST", "/repos/octo/pets/pulls", """{"head":"x","base":"main","titel":"T"}""", "body.titel is not known")]
    [InlineData("POST", "/repos/octo/pets/issues/1/reactions", """{"content":"wave"}""", "not one of")]
    [InlineData("POST", "/repos/octo/pets/check-runs", """{"name":"x","head_sha":"y","conclusion":"passed"}""", "not one of")]
    [InlineData("POST", "/repos/octo/pets/issues/1/comments", null, "the body is missing")]
    [InlineData("DELETE", "/repos/octo/pets/issues/comments/1", """{"why":"x"}""", "takes no body")]
    public async Task A_Wrong_Request_Is_A_Violation(string method, string path, string? body, string why)
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        (int status, _) = await f.SendAsync(method, path, body is null ? null : JsonNode.Parse(body));
        Assert.Equal(599, status);
        Assert.Contains(why, Assert.Single(f.GitHub.Journal.Violations), StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(f.GitHub.Journal.RequireNoViolations);
        Assert.DoesNotContain(f.GitHub.Journal.Effects, e => e.Actor == f.GitHub.BotLogin);
    }

    [Theory]
    [InlineData("{ repository(owner: \"octo\", name: \"pets\") { nope } }", "Cannot query field 'nope'")]
    [InlineData("{ repository(owner: \"octo\") { id } }", "Argument 'name'")]
    [InlineData("query($n: Int!) { repository(owner: \"octo\", name: $n) { id } }", "$n")]
    [InlineData("{ repository(owner: \"octo\", name: \"pets\") { stargazerCount } }", "is not served by the double")]
    [InlineData("{ repository(owner: \"octo\", name: \"pets\") { issues { nodes { id } } } }", "needs `first` or `last`")]
    [InlineData("{ repository(", "")]
    public async Task A_Wrong_Document_Is_A_Violation(string query, string why)
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        (int status, JsonNode? answer) = await f.SendAsync("POST", f.GitHub.GraphQlUrl, new JsonObject { ["query"] = query, ["variables"] = new JsonObject { ["n"] = 1 } });
        Assert.True(status == 599, $"{status}: {answer}");
        Assert.Contains(why, Assert.Single(f.GitHub.Journal.Violations), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_Route_Is_In_The_Description()
    {
        Assert.SkipUnless(SharedData.HasGitHub, SharedData.Absent);
        HashSet<string> described = [.. ApiContract.Load(SharedData.GitHub("openapi.reduced.json")).Names];
        Assert.DoesNotContain(new RouteTable().Names, n => !described.Contains(n));
    }
}
