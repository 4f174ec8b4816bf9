using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bench.Stores;
using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Projects;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Runs.Scheduling;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Steps;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Steps;

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bench.Webhooks;

/// <summary>All of <c>serve</c> that lies between a delivery and its run, in front of a forge that answers at once.</summary>
internal sealed class WorkingServer : IAsyncDisposable
{
    private readonly InstantForge _forge = new();
    private readonly SocketsHttpHandler _handler = new();
    private readonly HttpClient _client;
    private readonly WebApplication _app;
    private long _comment;

    private WorkingServer(StorageOptions storage)
    {
        _client = new HttpClient(_handler, disposeHandler: false);
        IConfiguration nothing = new ConfigurationBuilder().AddInMemoryCollection([new("Signing:KeyPath", KeyIn(storage.DataDirectory))]).Build();
        _app = WebhookServers.Build(services => services
            .AddStorage(storage).AddGuards(nothing).AddIntake().AddTriggers().AddRuns().AddSteps().AddAgents().AddProjects().AddExports().AddSandbox(nothing)
            .AddSingleton<IForge>(_forge).AddSingleton<IStepType, NoStep>()
            .AddSingleton(LeaseOwner.Current with { HoldsDirectory = storage.Provider is DatabaseProvider.Sqlite })
            .AddScheduling(storage, static _ => { }).AddHostedService<InboxWorker>());
        _app.MapIntake();
    }

    /// <summary>Where it listens.</summary>
    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>Starts it.</summary>
    public static async Task<WorkingServer> StartAsync(StorageOptions storage)
    {
        WorkingServer server = new(storage);
        await server._app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(CancellationToken.None);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Somebody asks for a run in an issue of their own.</summary>
    /// <returns>Milliseconds from sending the delivery to the first reaction.</returns>
    public async Task<double> AskAsync()
    {
        long comment = Interlocked.Increment(ref _comment);
        byte[] body = Encoding.UTF8.GetBytes(
            $$$$"""{"action":"created","repository":{"id":1,"full_name":"bench/nothing","default_branch":"main"},"sender":{"id":40,"login":"ada","type":"User"},"issue":{"number":{{{{comment}}}}},"comment":{"id":{{{{comment}}}},"body":"/nothing","user":{"id":40,"login":"ada"}}}""");
        using HttpRequestMessage request = new(HttpMethod.Post, $"http://127.0.0.1:{Port}{GitHubWebhooks.Route}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.Add("X-GitHub-Event", "issue_comment");
        request.Headers.Add("X-GitHub-Delivery", comment.ToString("D12", CultureInfo.InvariantCulture));
        request.Headers.Add(GitHubSignature.Header, GitHubSignature.Of(body, Encoding.UTF8.GetBytes(WebhookLoad.Secret)));
        long start = Stopwatch.GetTimestamp();
        using HttpResponseMessage answer = await _client.SendAsync(request);
        return answer.StatusCode == HttpStatusCode.Accepted
            ? Stopwatch.GetElapsedTime(start, await _forge.ReactedAsync(comment).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System)).TotalMilliseconds
            : throw new InvalidOperationException($"A command was not taken: {answer.StatusCode}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _handler.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static string KeyIn(string folder)
    {
        string path = Path.Combine(folder, "bench-key.pem");
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(path, key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}
