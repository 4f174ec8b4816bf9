using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>The double checks every call as GitHub does: the app's JWT, the token, the repository, the permission.</summary>
public sealed class DoubleRightsTests
{
    [Fact]
    public async Task A_JWT_Is_Checked()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        using RSA other = RSA.Create(2048);
        Assert.Equal(200, (await f.SendAsync("GET", "/app", token: f.Jwt())).Status);
        Assert.Equal(401, (await f.SendAsync("GET", "/app", token: f.Jwt(other: other))).Status);
        Assert.Equal(401, (await f.SendAsync("GET", "/app", token: f.Jwt(seconds: 700))).Status);
        Assert.Equal(401, (await f.SendAsync("GET", "/app", token: f.Jwt(seconds: -1))).Status);
        Assert.Equal(401, (await f.SendAsync("GET", "/app", token: f.Jwt(issuer: "1"))).Status);
        Assert.Equal(401, (await f.SendAsync("GET", "/app", token: f.Token)).Status);
        Assert.Equal(401, (await f.SendAsync("GET", "/app", token: "")).Status);
        Assert.Equal(401, (await f.SendAsync("GET", DoubleFixture.Repo, token: f.Jwt())).Status);
    }

    [Fact]
    public async Task A_Token_Covers_What_It_Was_Made_For()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Do(w => w.CreateRepository("octo/secret", isPrivate: true));
        f.Token = await f.MakeTokenAsync(new JsonObject { ["repositories"] = new JsonArray("pets"), ["permissions"] = new JsonObject { ["issues"] = "read" } });
        Assert.Equal(200, (await f.SendAsync("GET", DoubleFixture.Repo + "/issues/1")).Status);
        Assert.Equal(404, (await f.SendAsync("GET", "/repos/octo/secret")).Status);
        Assert.Equal(403, (await f.SendAsync("POST", DoubleFixture.Repo + "/issues/1/comments", new JsonObject { ["body"] = "x" })).Status);
        Assert.Equal(403, (await f.SendAsync("GET", DoubleFixture.Repo + "/git/ref/heads/main")).Status);
        JsonNode refused = await f.AskAsync(GitHubDoubleTests.Commit, GitHubDoubleTests.Input("main", f.Head()));
        Assert.Equal("FORBIDDEN", refused["errors"]![0]!["type"]!.GetValue<string>());
        (int status, _) = await f.SendAsync("POST", "/app/installations/1/access_tokens", new JsonObject { ["permissions"] = new JsonObject { ["administration"] = "write" } }, f.Jwt());
        Assert.Equal(422, status);
        f.GitHub.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Workflow_Files_Need_Their_Own_Permission()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.Token = await f.MakeTokenAsync(new JsonObject { ["permissions"] = new JsonObject { ["contents"] = "write" } });
        JsonObject input = GitHubDoubleTests.Input("main", f.Head());
        input["input"]!["fileChanges"]!["additions"]![0]!["path"] = ".github/workflows/ci.yml";
        JsonNode refused = await f.AskAsync(GitHubDoubleTests.Commit, input);
        Assert.Contains("without `workflows` permission", refused["errors"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(0, f.GitHub.Journal.Count("commit", f.GitHub.BotLogin));
    }

    [Fact]
    public async Task Tokens_End()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        Assert.Equal(204, (await f.SendAsync("DELETE", "/installation/token")).Status);
        Assert.Equal(401, (await f.SendAsync("GET", DoubleFixture.Repo)).Status);
        f.Token = await f.MakeTokenAsync();
        f.GitHub.Do(w => w.Uninstall("octo"));
        Assert.Equal(401, (await f.SendAsync("GET", DoubleFixture.Repo)).Status);
        Assert.Equal(404, (await f.SendAsync("GET", DoubleFixture.Repo + "/installation", token: f.Jwt())).Status);
        Assert.Equal(404, (await f.SendAsync("POST", "/app/installations/1/access_tokens", token: f.Jwt())).Status);
    }

    [Theory]
    [InlineData("none", null, "none", "none")]
    [InlineData("triage", null, "read", "triage")]
    [InlineData("write", null, "write", "write")]
    [InlineData("maintain", null, "write", "maintain")]
    [InlineData("admin", null, "admin", "admin")]
    [InlineData("write", "release captain", "write", "release captain")]
    public async Task A_Permission_Has_A_Base_And_A_Role(string permission, string? role, string legacy, string name)
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Do(w => w.Grant("octo/pets", "bob", permission, role));
        JsonNode answer = await GitHubDoubleTests.Expect(f, 200, "GET", "/collaborators/bob/permission");
        Assert.Equal((legacy, name), (answer["permission"]!.GetValue<string>(), answer["role_name"]!.GetValue<string>()));
        Assert.Equal(404, (await f.SendAsync("GET", DoubleFixture.Repo + "/collaborators/nobody/permission")).Status);
        f.GitHub.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Repositories_Are_Archived_Deleted_And_Moved()
    {
        await using DoubleFixture f = await DoubleFixture.StartAsync();
        f.GitHub.Do(w => w.Archive("octo/pets"));
        Assert.Equal(403, (await f.SendAsync("POST", DoubleFixture.Repo + "/issues/1/comments", new JsonObject { ["body"] = "x" })).Status);
        f.GitHub.Do(w => w.Transfer("octo/pets", "octo/animals"));
        using HttpResponseMessage moved = await f.RawAsync("GET", DoubleFixture.Repo + "/issues/1");
        Assert.Equal(301, (int)moved.StatusCode);
        (int status, JsonNode? issue) = await f.SendAsync("GET", moved.Headers.Location!.ToString());
        Assert.Equal((200, 1), (status, issue!["number"]!.GetValue<int>()));
        foreach ((string follow, bool found) in new[] { ("true", true), ("false", false) })
        {
            JsonNode asked = await f.AskAsync($"{{ repository(owner: \"octo\", name: \"pets\", followRenames: {follow}) {{ nameWithOwner }} }}");
            Assert.Equal(found ? "octo/animals" : null, asked["data"]!["repository"]?["nameWithOwner"]!.GetValue<string>());
        }

        f.GitHub.Do(w => w.Delete("octo/animals"));
        Assert.Equal(404, (await f.SendAsync("GET", DoubleFixture.Repo)).Status);
        f.GitHub.Journal.RequireNoViolations();
    }
}
