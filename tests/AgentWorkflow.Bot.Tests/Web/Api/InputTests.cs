using System.Net;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Web.Access;
using AgentWorkflow.Bot.Web.Api;

namespace AgentWorkflow.Bot.Tests.Web.Api;

/// <summary>Bad input is refused with its place and a code; nothing is passed over.</summary>
public sealed class InputTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Validate = "/api/v1/workflows/validate";

    [Theory]
    [InlineData("{", "AW2648", "$")]
    [InlineData("", "AW2644", "$")]
    [InlineData("null", "AW2644", "$")]
    [InlineData("[]", "AW2647", "$")]
    [InlineData("{}", "AW2644", "$.content")]
    [InlineData("{\"content\":null}", "AW2647", "$.content")]
    [InlineData("{\"content\":3}", "AW2647", "$.content")]
    [InlineData("{\"content\":\"x\",\"contents\":\"x\"}", "AW2645", "$.contents")]
    [InlineData("{\"Content\":\"x\"}", "AW2645", "$.Content")]
    [InlineData("{\"content\":\"x\",\"content\":\"y\"}", "AW2646", "$.content")]
    [InlineData("{\"content\":\"x\"} {}", "AW2648", "$")]
    [InlineData("{\"content\":\"x\",}", "AW2648", "$")]
    [InlineData("{/**/\"content\":\"x\"}", "AW2648", "$")]
    public async Task A_Wrong_Body_Is_Told_With_Its_Place(string body, string code, string field)
    {
        ApiAnswer answer = await server.SendAsync("POST", Validate, body: body);

        Assert.Equal((HttpStatusCode.BadRequest, code, field), (answer.Status, answer.Code, answer.Json!["field"]?.ToString()));
        Assert.DoesNotContain("AgentWorkflow.", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/runs?limt=1", "AW2621", "limt")]
    [InlineData("/api/v1/runs?limit=x", "AW2642", "limit")]
    [InlineData("/api/v1/runs?limit=0", "AW2622", "limit")]
    [InlineData("/api/v1/runs?limit=1001", "AW2622", "limit")]
    [InlineData("/api/v1/runs?after=x", "AW2623", "after")]
    [InlineData("/api/v1/runs?after=%00", "AW2623", "after")]
    [InlineData("/api/v1/runs?status=done", "AW2625", "status")]
    [InlineData("/api/v1/runs?repository=x", "AW2624", "repository")]
    [InlineData("/api/v1/projects?status=done", "AW2621", "status")]
    [InlineData("/api/v1/workflows?repository=..", "AW2624", "repository")]
    public async Task A_Wrong_Query_Is_Told_With_Its_Parameter(string path, string code, string field)
    {
        ApiAnswer answer = await server.SendAsync("GET", path);

        Assert.Equal((HttpStatusCode.BadRequest, code, field), (answer.Status, answer.Code, answer.Json!["field"]?.ToString()));
    }

    [Theory]
    [InlineData("""{"name":"t","role":"root","repository":"*"}""", "AW2647", "$.role")]
    [InlineData("""{"name":"t","role":2,"repository":"*"}""", "AW2647", "$.role")]
    [InlineData("""{"name":"t","role":"viewer","repository":"x"}""", "AW2624", "$.repository")]
    [InlineData("""{"name":"t","role":"viewer"}""", "AW2644", "$.repository")]
    [InlineData("""{"name":"","role":"viewer","repository":"*"}""", "AW2613", "$.name")]
    [InlineData("""{"name":"t","role":"viewer","repository":"*","days":91}""", "AW2613", "$.days")]
    [InlineData("""{"name":"t","role":"viewer","repository":"*","days":"1"}""", "AW2647", "$.days")]
    public async Task A_Wrong_Token_Is_Not_Made(string body, string code, string field)
    {
        ApiAnswer answer = await server.SendAsync("POST", "/api/v1/tokens", body: body);

        Assert.Equal((HttpStatusCode.BadRequest, code, field), (answer.Status, answer.Code, answer.Json!["field"]?.ToString()));
    }

    [Theory]
    [InlineData("{}", 400, "AW2629")]
    [InlineData("""{"issue":1}""", 400, "AW2629")]
    [InlineData("""{"idea":"# A","repository":"a/b","issue":1}""", 400, "AW2629")]
    [InlineData("""{"repository":"a"}""", 400, "AW2624")]
    [InlineData("""{"repository":"a/b","inputs":{"x":[]}}""", 400, "AW2628")]
    [InlineData("""{"repository":"a/b"}""", 422, "AW2060")]
    [InlineData("""{"idea":""}""", 422, "AW1001")]
    [InlineData("""{"idea":"# A thing to build","inputs":{"stak":"x"}}""", 422, "AW2026")]
    public async Task A_Start_That_Cannot_Be_Leaves_Nothing_Behind(string body, int status, string code)
    {
        ApiAnswer answer = await server.SendAsync("POST", "/api/v1/workflows/generate/runs", body: body);

        Assert.Equal(((HttpStatusCode)status, code), (answer.Status, answer.Code));
        Assert.Equal("AW2060", (await server.SendAsync("POST", "/api/v1/workflows/generate/runs", body: """{"repository":"ideas/a-thing-to-build"}""")).Code);
    }

    [Fact]
    public async Task What_Is_Too_Large_Or_No_Json_Has_A_Status_Of_Its_Own()
    {
        HttpRequestMessage much = ApiServer.Request("POST", Validate, server.LocalToken, $$"""{"content":"{{new string('a', 1 << 20)}}"}""");

        // Nothing is sent that is not wanted, so the connection is not broken while it is.
        much.Headers.ExpectContinue = true;
        ApiAnswer large = await server.SendAsync(much);
        HttpRequestMessage text = ApiServer.Request("POST", Validate, server.LocalToken, "{}");
        text.Content = new StringContent("{}", System.Text.Encoding.UTF8, "text/plain");
        ApiAnswer other = await server.SendAsync(text);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "AW2640"), (large.Status, large.Code));
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "AW2641"), (other.Status, other.Code));
        Assert.Equal((HttpStatusCode.NotFound, "AW2649"), await OfAsync("GET", "/api/v1/nothing"));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "AW2649"), await OfAsync("PUT", "/api/v1/runs"));
    }

    [Fact]
    public async Task A_Caller_That_Asks_Too_Often_Waits_And_Others_Do_Not()
    {
        string hasty = await server.TokenAsync(Role.Viewer);
        List<HttpStatusCode> answers = [];
        while (!answers.Contains(HttpStatusCode.TooManyRequests))
        {
            // However slow the machine is, this is more than its share of every second.
            answers.AddRange(await Task.WhenAll(Enumerable.Range(0, Gate.Burst / 3).Select(async _ => (await server.SendAsync("GET", "/api/v1/projects?limit=1", hasty)).Status)));
        }

        Assert.True(answers.Count(a => a == HttpStatusCode.OK) >= Gate.Burst);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("GET", "/api/v1/projects")).Status);
    }

    [Fact]
    public async Task The_Remarks_On_A_Workflow_Are_Those_Of_The_Command()
    {
        JsonNode json = (await server.SendAsync("POST", Validate, body: ApiExamples.Of("validateWorkflow")!["request"]!.ToJsonString())).Json!;

        Assert.False(json["valid"]!.GetValue<bool>());
        Assert.Contains(json["diagnostics"]!.AsArray(), d => d!["line"]!.GetValue<int>() == 3 && d["suggestion"]?.ToString() == "file_generation" && d["file"]!.ToString() == "greet.yml");
    }

    private async Task<(HttpStatusCode, string?)> OfAsync(string method, string path)
    {
        ApiAnswer answer = await server.SendAsync(method, path);
        return (answer.Status, answer.Code);
    }
}
