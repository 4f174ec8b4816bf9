using System.Net;
using System.Text;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Web.Access;
using AgentWorkflow.Bot.Web.Api;

using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Web.Api;

/// <summary>
/// Every route times everybody who may not (promises P53, P56). The routes are those that the server has; who is refused how
/// stands in <c>docs/api.md</c>, which this test writes with UPDATE_GOLDEN=1.
/// </summary>
public sealed partial class RightsTests(ApiServer server) : IClassFixture<ApiServer>
{
    private const string Begin = "<!-- rights: written by a test -->";
    private const string End = "<!-- /rights -->";

    private static CancellationToken Cancel => ApiServer.Cancel;

    [Fact]
    public void Every_Route_Has_A_Rule_Or_Is_Open_In_So_Many_Words()
    {
        IEnumerable<string> without = server.Routes.Where(r => r.Metadata.GetMetadata<AccessRule>() is null && r.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(r => r.RoutePattern.RawText ?? "");

        Assert.Empty(without);
        Assert.Equal(
            ["/.well-known/agentworkflow-keys.json", "/healthz", "/readyz", "/schemas/workflow.json"],
            server.Routes.Where(r => r.Metadata.GetMetadata<AccessRule>() is null).Select(r => r.RoutePattern.RawText ?? "").Where(p => !p.EndsWith("/webhooks", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_Routes_Are_Those_Of_The_Program_And_All_Of_The_Table()
    {
        string program = File.ReadAllText(Path.Combine(IdeaFiles.Root, "src", "AgentWorkflow.Bot", "Program.cs"));

        Assert.Equal(ApiServer.Mapped, MapRoom().Matches(program).Select(m => m.Groups["name"].Value));
        Assert.Equal(
            ApiTable.All.Select(o => o.Id).Order(StringComparer.Ordinal),
            server.Routes.Select(r => r.Metadata.GetMetadata<ApiOperation>()?.Id).OfType<string>().Order(StringComparer.Ordinal));
        Assert.All(server.Routes.Where(r => r.RoutePattern.RawText?.StartsWith("/api/v1", StringComparison.Ordinal) is true), r => Assert.NotNull(r.Metadata.GetMetadata<ApiOperation>()));
    }

    [Fact]
    public async Task Whoever_May_Not_Is_Refused_On_Every_Route()
    {
        Dictionary<string, string> things = await ThingsAsync();
        (string Who, Func<ApiOperation, HttpRequestMessage, Task> Become)[] everybody = await EverybodyAsync();
        StringBuilder table = new($"| operation | route | role | {string.Join(" | ", everybody.Select(e => e.Who))} |\n|---|---|---|{string.Concat(everybody.Select(_ => "---|"))}\n");
        foreach (ApiOperation operation in ApiTable.All)
        {
            List<string> cells = [];
            foreach ((string who, Func<ApiOperation, HttpRequestMessage, Task> become) in everybody)
            {
                HttpRequestMessage request = RequestFor(operation, things);
                await become(operation, request);
                cells.Add(request.Headers.Contains("X-Test-No-Such-Case") ? "-" : Cell(operation, who, await server.SendAsync(request)));
            }

            table.Append($"| {operation.Id} | `{operation.Method} {operation.Path}` | {operation.Rule.Role.ToString().ToLowerInvariant()} | {string.Join(" | ", cells)} |\n");
        }

        Keep(table.ToString());
    }

    /// <summary>The answer as the table shows it; a success for somebody who may not fails here.</summary>
    private static string Cell(ApiOperation operation, string who, ApiAnswer answer)
    {
        bool sees = who == "who may";
        bool isList = operation.Rule.Kind is ObjectKind.None && operation.Method == "GET";
        if (sees)
        {
            Assert.False(answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.InternalServerError, $"{operation.Id}: {answer.Status} {answer.Text}");
            return "yes";
        }

        if (answer.Status == HttpStatusCode.OK && isList && who is "other owner" or "other forge")
        {
            Assert.DoesNotContain("acme/one", answer.Text, StringComparison.Ordinal);
            return "nothing of it";
        }

        // What is about no repository is the same for all owners.
        bool isCommon = operation == ApiTable.ValidateWorkflow || operation == ApiTable.GetWorkflow || operation == ApiTable.ListWorkflows;
        if (isCommon && who is "other owner" or "other forge")
        {
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            return "built-in only";
        }

        Assert.True(answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound, $"{operation.Id} for {who}: {answer.Status} {answer.Text}");

        // A refusal repeats what was asked, and nothing else.
        Assert.True(operation == ApiTable.CreateToken || !answer.Text.Contains("acme/one", StringComparison.Ordinal), answer.Text);
        return $"{(int)answer.Status} {answer.Code}";
    }

    private async Task<(string Who, Func<ApiOperation, HttpRequestMessage, Task> Become)[]> EverybodyAsync()
    {
        string revoked = await server.TokenAsync(Role.Admin);
        string id = (await server.Get<ApiTokens>().FindAsync(revoked, Cancel)).Caller!.Id;
        await server.Get<ApiTokens>().RevokeAsync(id, "test", Cancel);
        string expired = await server.TokenAsync(Role.Admin);
        await EndAsync(expired);
        string otherOwner = await server.TokenAsync(Role.Admin, "other/*");
        string otherForge = await server.TokenAsync(Role.Admin, "github:acme/*");
        string viewer = await server.TokenAsync(Role.Viewer);
        string operates = await server.TokenAsync(Role.Operator);
        string admin = await server.TokenAsync(Role.Admin, "local:acme/*");
        string local = server.LocalToken;
        (string cookie, _) = server.Get<LocalToken>().NewCookie();
        return
        [
            ("who may", Bearer(admin)),
            ("no token", (_, _) => Task.CompletedTask),
            ("no such token", Bearer(TokenText.New(new SystemRandomSource()))),
            ("expired", Bearer(expired)),
            ("revoked", Bearer(revoked)),
            ("lower role", (operation, request) => operation.Rule.Role == Role.Viewer ? None(request) : Bearer(operation.Rule.Role == Role.Admin ? operates : viewer)(operation, request)),
            ("other owner", Bearer(otherOwner)),
            ("other forge", Bearer(otherForge)),
            ("foreign Host", With(local, "Host", "bot.example.com")),
            ("foreign Origin", With(local, "Origin", "http://localhost:1")),
            ("forwarded", With(local, "X-Forwarded-For", "127.0.0.1")),
            ("another page's cookie", (operation, request) => CookieAsync(request, cookie, "cross-site")),
        ];
    }

    private static Task None(HttpRequestMessage request)
    {
        request.Headers.Add("X-Test-No-Such-Case", "1");
        return Task.CompletedTask;
    }

    private static Func<ApiOperation, HttpRequestMessage, Task> Bearer(string token) => (_, request) =>
    {
        request.Headers.Add("Authorization", $"Bearer {token}");
        return Task.CompletedTask;
    };

    private static Func<ApiOperation, HttpRequestMessage, Task> With(string token, string header, string value) => (_, request) =>
    {
        request.Headers.Add("Authorization", $"Bearer {token}");
        request.Headers.Add(header, value);
        return Task.CompletedTask;
    };

    private Task CookieAsync(HttpRequestMessage request, string cookie, string site)
    {
        request.Headers.Add("Cookie", $"agentworkflow-{server.Address.Port}={cookie}");
        request.Headers.Add("Sec-Fetch-Site", site);
        return Task.CompletedTask;
    }

    private async Task EndAsync(string token)
    {
        await using BotDb db = await server.Get<IDbContextFactory<BotDb>>().CreateDbContextAsync(Cancel);
        DateTimeOffset past = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1);
        string hash = TokenText.HashOf(token);
        await db.Set<ApiTokenRow>().Where(t => t.Hash == hash).ExecuteUpdateAsync(s => s.SetProperty(t => t.ExpiresAt, past), Cancel);
    }

    /// <summary>A request that would succeed for the right caller.</summary>
    private static HttpRequestMessage RequestFor(ApiOperation operation, Dictionary<string, string> things)
    {
        string path = operation.Path.Replace("{name}", "generate", StringComparison.Ordinal).Replace("{**path}", "README.md", StringComparison.Ordinal)
            .Replace("{exportId}", things["export"], StringComparison.Ordinal).Replace("{id}", things[operation.Rule.Kind.ToString()], StringComparison.Ordinal);
        string? body = operation == ApiTable.StartRun ? """{"repository":"acme/one"}"""
            : operation == ApiTable.CreateToken ? """{"name":"t","role":"viewer","repository":"local:acme/one"}"""
            : ApiExamples.Of(operation.Id)?["request"]?.ToJsonString();
        return ApiServer.Request(operation.Method, path, token: null, body);
    }

    private async Task<Dictionary<string, string>> ThingsAsync()
    {
        string run = await server.RunAsync("acme/one", "rights-1");
        string project = await server.ProjectAsync(run, "acme/one");
        ApiAnswer export = await server.SendAsync("POST", $"/api/v1/projects/{project}/exports", body: """{"format":"zip"}""");
        Assert.Equal(HttpStatusCode.Created, export.Status);
        string token = (await server.Get<ApiTokens>().FindAsync(await server.TokenAsync(Role.Viewer, "local:acme/one"), Cancel)).Caller!.Id;
        return new() { ["None"] = "", ["Run"] = run, ["Project"] = project, ["Token"] = token, ["export"] = export.Json!["id"]!.ToString() };
    }

    private static void Keep(string table)
    {
        string file = Path.Combine(IdeaFiles.Root, "docs", "api.md");
        string text = File.ReadAllText(file);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = text.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, $"{text[..begin]}\n\n{table}\n{text[end..]}");
            return;
        }

        Assert.Equal(table, text[begin..end].Trim() + "\n");
    }

    [GeneratedRegex(@"^\s+\.(?<name>Map[A-Za-z]+)\(\)", RegexOptions.Multiline, 1000)]
    private static partial Regex MapRoom();
}
