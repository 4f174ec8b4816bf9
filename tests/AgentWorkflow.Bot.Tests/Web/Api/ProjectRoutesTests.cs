using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Bot.Tests.Web.Api;

/// <summary>Projects, their files and their archives over the API.</summary>
public sealed class ProjectRoutesTests(ApiServer server) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Files_Are_Listed_In_Pages_And_Given_As_They_Are()
    {
        string project = await server.ProjectAsync(await server.RunAsync("files/one", "files-1"), "files/one", text: "<script>alert(1)</script>\n");

        JsonNode first = (await server.SendAsync("GET", $"/api/v1/projects/{project}/files?limit=1")).Json!;
        JsonNode second = (await server.SendAsync("GET", $"/api/v1/projects/{project}/files?limit=1&after={first["next"]}")).Json!;
        using HttpResponseMessage file = await server.OpenAsync(ApiServer.Request("GET", $"/api/v1/projects/{project}/files/src/a%20b.txt", server.LocalToken));

        Assert.Equal(("README.md", "src/a b.txt"), (first["items"]![0]!["path"]!.ToString(), second["items"]![0]!["path"]!.ToString()));
        Assert.Null(second["next"]);
        Assert.Equal("<script>alert(1)</script>\n", await file.Content.ReadAsStringAsync(ApiServer.Cancel));
        Assert.Equal("text/plain", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", Assert.Single(file.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("default-src 'none'", Assert.Single(file.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none.txt")]
    [InlineData("..%2f..%2fagentworkflow.db")]
    [InlineData("%2e%2e/local-token")]
    [InlineData("/etc/passwd")]
    [InlineData("README.md%00")]
    [InlineData("readme.md")]
    public async Task A_Path_That_Is_No_File_Of_The_Project_Is_Not_There(string path)
    {
        string project = await server.ProjectAsync(await server.RunAsync("files/two", $"files-{path.Length}"), "files/two");

        ApiAnswer answer = await server.SendAsync("GET", $"/api/v1/projects/{project}/files/{path}");

        Assert.True(answer.Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{answer.Status}");
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    public async Task An_Archive_Is_Made_Once_And_Downloaded_Whole_Or_In_Pieces(string format)
    {
        string project = await server.ProjectAsync(await server.RunAsync("export/one", $"export-{format}"), "export/one");
        string path = $"/api/v1/projects/{project}/exports";

        JsonNode made = (await server.SendAsync("POST", path, body: $$"""{"format":"{{format}}"}""")).Json!;
        JsonNode again = (await server.SendAsync("POST", path, body: $$"""{"format":"{{format}}"}""")).Json!;
        string content = $"{path}/{made["id"]}/content";
        byte[] whole = (await server.SendAsync("GET", content)).Body;

        Assert.Equal(("succeeded", made["id"]!.ToString()), (made["status"]!.ToString(), again["id"]!.ToString()));
        Assert.Equal(made["size"]!.GetValue<long>(), whole.Length);
        Assert.Equal(made["sha256"]!.ToString(), Convert.ToHexStringLower(SHA256.HashData(whole)));
        Assert.Equal(whole[3..8], await RangeAsync(content, new RangeHeaderValue(3, 7), HttpStatusCode.PartialContent));
        Assert.Equal(whole[^4..], await RangeAsync(content, new RangeHeaderValue(null, 4), HttpStatusCode.PartialContent));
        await RangeAsync(content, new RangeHeaderValue(whole.Length, null), HttpStatusCode.RequestedRangeNotSatisfiable);
        Assert.Equal(made["id"]!.ToString(), (await server.SendAsync("GET", $"{path}/{made["id"]}")).Json!["id"]!.ToString());
    }

    [Fact]
    public async Task A_Format_That_Is_None_Is_Refused_With_Those_There_Are()
    {
        string project = await server.ProjectAsync(await server.RunAsync("export/two", "export-2"), "export/two");

        ApiAnswer answer = await server.SendAsync("POST", $"/api/v1/projects/{project}/exports", body: """{"format":"rar"}""");

        Assert.Equal((HttpStatusCode.BadRequest, "AW2636", "$.format"), (answer.Status, answer.Code, answer.Json!["field"]!.ToString()));
    }

    private async Task<byte[]> RangeAsync(string path, RangeHeaderValue range, HttpStatusCode expected)
    {
        HttpRequestMessage request = ApiServer.Request("GET", path, server.LocalToken);
        request.Headers.Range = range;
        ApiAnswer answer = await server.SendAsync(request);
        Assert.Equal(expected, answer.Status);
        return answer.Body;
    }
}
