using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Projects;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Steps;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Runs.Store;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Bot.Web;
using AgentWorkflow.Bot.Web.Access;
using AgentWorkflow.Bot.Web.Api;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentWorkflow.Bot.Tests.Web.Api;

/// <summary>The API behind a real web server, with the rooms of the program and without its workers: what a run does next is said by a test.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    private static readonly string[] s_mapped = ["MapHealth", "MapIntake", "MapApi"];

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false, UseCookies = false };
    private WebApplication? _app;
    private HttpClient? _client;

    internal static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal Uri Address => new(_app!.Urls.First());

    internal string LocalToken => Get<LocalToken>().Text;

    /// <summary>What the program maps; a test holds it against <c>Program.cs</c>.</summary>
    internal static IReadOnlyList<string> Mapped => s_mapped;

    internal IReadOnlyList<RouteEndpoint> Routes => [.. ((IEndpointRouteBuilder)_app!).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()];

    internal T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 1 << 20);
        builder.Configuration.AddInMemoryCollection([new("DataDirectory", _folder.Path)]);
        builder.Services.AddStorage(new StorageOptions { DataDirectory = _folder.Path, ConnectionString = StorageOptions.SqliteFile(_folder.Path) })
            .AddGuards(builder.Configuration).AddLocalForge().AddForges().AddIntake().AddTriggers().AddRuns().AddSteps().AddAgents().AddProjects().AddExports()
            .AddSandbox(builder.Configuration).AddWeb().AddApi();
        _app = builder.Build();
        _app.UseTrustedProxies();
        _app.UseApi();
        _app.MapHealth().MapIntake().MapApi();
        await Get<DatabaseMigrator>().MigrateAsync(Cancel);
        await _app.StartAsync(Cancel);
        _client = new HttpClient(_handler, disposeHandler: false) { BaseAddress = Address };
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _handler.Dispose();
        await _app!.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    /// <summary>A new token.</summary>
    internal async Task<string> TokenAsync(Role role, string scope = "*", int days = 1)
    {
        Assert.True(RepositoryScope.TryParse(scope, out RepositoryScope? parsed));
        return (await Get<ApiTokens>().CreateAsync(new NewToken($"{role} {scope}", role, parsed, days), "test", Cancel)).Token;
    }

    internal static HttpRequestMessage Request(string method, string path, string? token = null, string? body = null)
    {
        HttpRequestMessage request = new(new HttpMethod(method), path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }

    internal async Task<ApiAnswer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using HttpResponseMessage answer = await OpenAsync(request);

            // A stream goes on; that it was opened is all that is asked here.
            bool isStream = answer.Content.Headers.ContentType?.MediaType == "text/event-stream";
            byte[] body = isStream ? [] : await answer.Content.ReadAsByteArrayAsync(Cancel);
            bool isJson = answer.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";
            return new ApiAnswer(answer.StatusCode, isJson ? JsonNode.Parse(body) : null, body, answer.Headers);
        }
    }

    internal Task<ApiAnswer> SendAsync(string method, string path, string? token = null, string? body = null) => SendAsync(Request(method, path, token ?? LocalToken, body));

    /// <summary>Opens an answer that goes on.</summary>
    internal Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request) => _client!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);

    /// <summary>A run of that repository, as a trigger makes one.</summary>
    internal async Task<string> RunAsync(string repository, string key, string forge = "local", DateTimeOffset? at = null, string steps = "  - { id: ask, uses: approval }")
    {
        Assert.True(RepoRef.TryParse(repository, out RepoRef? parsed));
        NewRun run = NewRuns.Of(key, at: at);
        run = run with
        {
            Pin = run.Pin with { Facts = run.Pin.Facts with { Forge = forge, Repository = parsed } },
            WorkflowText = $"on: {{ manual: true }}\npermissions: {{ issues: write }}\nsteps:\n{steps}\n",
        };
        return (await Get<RunStore>().CreateAsync(run, Cancel)).Id;
    }

    /// <summary>A project of that repository with one file.</summary>
    internal async Task<string> ProjectAsync(string run, string repository, string forge = "local", string text = "# It\n")
    {
        Assert.True(RepoRef.TryParse(repository, out RepoRef? parsed));
        byte[] content = Encoding.UTF8.GetBytes(text);
        FileEntry file = new(await Get<IContentStore>().PutAsync(content, Cancel), content.Length, Executable: false);
        WorkspaceTree files = WorkspaceTree.Empty.With(RepoPath.Parse("README.md"), file).With(RepoPath.Parse("src/a b.txt"), file);
        return (await Get<ProjectStore>().SaveAsync(run, forge, parsed, "It", tree: null, files, Cancel)).Id;
    }
}

/// <summary>An answer.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, JsonNode? Json, byte[] Body, HttpResponseHeaders Headers)
{
    public string? Code => Json?["code"]?.ToString();

    public string Text => Encoding.UTF8.GetString(Body);
}
