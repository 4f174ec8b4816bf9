using System.Net;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Web.Access;

namespace AgentWorkflow.Bot.Tests.Web.Api;

/// <summary>Promise P53: two tenants with the same names and numbers; one has every id of the other, and sees nothing of it.</summary>
public sealed class TenantTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task An_Id_Of_Another_Tenant_Is_As_Good_As_None_In_Every_Field()
    {
        (string run, string project, string export, string token) = await MakeAsync("theirs/same");
        (_, string own, _, _) = await MakeAsync("ours/same");
        string ours = await server.TokenAsync(Role.Admin, "ours/*");

        foreach ((string method, string path, string? body) in new (string, string, string?)[]
        {
            ("GET", $"/api/v1/runs/{run}", null), ("GET", $"/api/v1/runs/{run}/events", null), ("GET", $"/api/v1/runs/{run}/log", null),
            ("POST", $"/api/v1/runs/{run}/cancel", "{}"), ("POST", $"/api/v1/runs/{run}/retry", null), ("POST", $"/api/v1/runs/{run}/approve", """{"hash":"x"}"""), ("POST", $"/api/v1/runs/{run}/reject", "{}"),
            ("GET", $"/api/v1/projects/{project}", null), ("GET", $"/api/v1/projects/{project}/files", null), ("GET", $"/api/v1/projects/{project}/files/README.md", null),
            ("GET", $"/api/v1/projects/{project}/exports", null), ("POST", $"/api/v1/projects/{project}/exports", """{"format":"tar"}"""),
            ("GET", $"/api/v1/projects/{project}/exports/{export}", null), ("GET", $"/api/v1/projects/{own}/exports/{export}", null), ("GET", $"/api/v1/projects/{own}/exports/{export}/content", null),
            ("GET", $"/api/v1/tokens/{token}", null), ("DELETE", $"/api/v1/tokens/{token}", null),
            ("POST", "/api/v1/workflows/generate/runs", """{"repository":"theirs/same"}"""), ("GET", "/api/v1/workflows?repository=theirs/same", null),
        })
        {
            ApiAnswer answer = await server.SendAsync(method, path, ours, body);
            Assert.True(answer.Status == HttpStatusCode.NotFound && answer.Code == "AW2620", $"{method} {path}: {answer.Status} {answer.Text}");
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync("POST", "/api/v1/tokens", ours, """{"name":"t","role":"viewer","repository":"theirs/same"}""")).Status);
    }

    [Theory]
    [InlineData("/api/v1/runs")]
    [InlineData("/api/v1/projects")]
    [InlineData("/api/v1/tokens")]
    public async Task Lists_Have_Only_What_Is_Ones_Own_Whatever_Is_Asked(string list)
    {
        await MakeAsync("theirs/same");
        await MakeAsync("ours/same");
        await MakeAsync("theirs/same");
        string ours = await server.TokenAsync(Role.Admin, "ours/*");
        string everything = await server.TokenAsync(Role.Admin);
        JsonNode first = (await server.SendAsync("GET", $"{list}?limit=1", everything)).Json!;

        string[] asked = ["", $"?after={first["next"]}", "?limit=1000", .. list.EndsWith("tokens", StringComparison.Ordinal) ? [] : new[] { "?repository=theirs/same", "?repository=*", "?repository=theirs/*" }];
        foreach (string query in asked)
        {
            ApiAnswer answer = await server.SendAsync("GET", list + query, ours);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.DoesNotContain("theirs", answer.Text, StringComparison.Ordinal);
        }

        Assert.NotEmpty((await server.SendAsync("GET", list, ours)).Json!["items"]!.AsArray());
        Assert.Contains("theirs", (await server.SendAsync("GET", list, everything)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Key_Of_Another_Caller_Is_Another_Key()
    {
        (_, string theirs, _, _) = await MakeAsync("theirs/keys");
        (_, string ours, _, _) = await MakeAsync("ours/keys");

        ApiAnswer first = await ExportAsync(theirs, await server.TokenAsync(Role.Operator, "theirs/*"));
        ApiAnswer second = await ExportAsync(ours, await server.TokenAsync(Role.Operator, "ours/*"));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.Status, second.Status));
        Assert.NotEqual(first.Json!["id"]!.ToString(), second.Json!["id"]!.ToString());
    }

    private Task<ApiAnswer> ExportAsync(string project, string token)
    {
        HttpRequestMessage request = ApiServer.Request("POST", $"/api/v1/projects/{project}/exports", token, """{"format":"tar"}""");
        request.Headers.Add("Idempotency-Key", "same");
        return server.SendAsync(request);
    }

    private async Task<(string Run, string Project, string Export, string Token)> MakeAsync(string repository)
    {
        string run = await server.RunAsync(repository, new Bot.Storage.SystemRandomSource().NextBase32(10));

        // The same files would be the same archive, and no secret of anybody.
        string project = await server.ProjectAsync(run, repository, text: $"# {run}\n");
        string export = (await server.SendAsync("POST", $"/api/v1/projects/{project}/exports", body: """{"format":"zip"}""")).Json!["id"]!.ToString();
        string token = (await server.Get<ApiTokens>().FindAsync(await server.TokenAsync(Role.Viewer, repository), ApiServer.Cancel)).Caller!.Id;
        return (run, project, export, token);
    }
}
