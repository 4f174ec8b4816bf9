using System.Text;

using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.GitHub;
using AgentWorkflow.Bot.Forges.GitLab;
using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Projects;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Steps;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>
/// The bot in this process in front of a forge's double; webhooks are carried by hand, so that a test says what happens before them.
/// Each world has a database of its own, since doubles number all alike.
/// </summary>
internal abstract class ForgeRunWorld(ForgeRunWorld.Parts parts, string forge) : IAsyncDisposable
{
    private readonly HashSet<string> _carried = [];

    public FakeTimeProvider Time => parts.Time;

    public ScriptStep Script => Get<ScriptStep>();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The clock that double and bot share.</summary>
    public static FakeTimeProvider Clock() => new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    /// <summary>Puts the bot together with these settings.</summary>
    protected static async Task<Parts> BuildAsync(FakeTimeProvider time, IReadOnlyDictionary<string, string> settings, Action<IServiceCollection>? replace)
    {
        SqliteDatabase sqlite = new();
        await sqlite.InitializeAsync();
        IDatabaseFixture database = sqlite;
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("DataDirectory", database.Options.DataDirectory), .. settings.Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value))]).Build();
        ScriptStep script = new();
        ServiceCollection services = new();
        services.AddLogging().AddSingleton(configuration).AddSingleton(database.Options).AddSingleton(database.Factory).AddSingleton<IContentStore>(new MemoryContentStore())
            .AddSingleton<IObjectStore>(new DiskObjectStore(database.Options.DataDirectory, new SystemRandomSource()))
            .AddSingleton<DatabaseClock>().AddSingleton<IRandomSource, SystemRandomSource>().AddSingleton<TimeProvider>(time)
            .AddGuards(configuration).AddLocalForge().AddForges().AddGitHub().AddGitHubForge(configuration).AddGitLab().AddGitLabForge(configuration).AddIntake().AddTriggers().AddRuns().AddExports()
            .AddProjects().AddAgents().AddSandbox(configuration).AddSteps().AddSingleton(script).AddSingleton<IStepType>(script)
            .AddSingleton(new WritePace(TimeSpan.Zero));
        replace?.Invoke(services);
        return new Parts(sqlite, time, services.BuildServiceProvider());
    }

    public T Get<T>()
        where T : notnull => parts.Services.GetRequiredService<T>();

    /// <summary>What the double has sent, oldest first.</summary>
    protected abstract IEnumerable<Sent> Webhooks { get; }

    /// <summary>Carries what the double has sent since the last time, and decides on it.</summary>
    /// <param name="name">The event whose decisions are wanted; null for all.</param>
    public async Task<IReadOnlyList<InboxDecision>> CarryAsync(string? name = null)
    {
        HashSet<string> carried = [];
        foreach (Sent sent in Webhooks.Where(d => _carried.Add(d.Id)).ToList())
        {
            _ = (name is null || sent.Event == name) && carried.Add(sent.Key);
            await Get<DeliveryStore>().AddAsync(new NewDelivery
            {
                Forge = forge,
                DeliveryId = sent.Key,
                Event = sent.Event,
                Source = DeliverySource.Webhook,
                Body = PackedBody.Pack(Encoding.UTF8.GetBytes(sent.Body)),
                ReceivedAt = Time.GetUtcNow(),
            });
        }

        return [.. (await Get<Inbox>().DecideAllAsync(ownComment: null, Cancel)).Where(d => carried.Contains(d.DeliveryId))];
    }

    /// <summary>Drives the run to its end.</summary>
    public async Task<RunState> DriveAsync(string run)
    {
        RunState? state = await Get<RunDriver>().DriveAsync(run, NoObserver.Instance, retry: false, Cancel);
        Assert.NotNull(state);
        return state;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await parts.Services.DisposeAsync();
        await parts.Database.DisposeAsync();
    }

    /// <summary>What a world is made of.</summary>
    internal sealed record Parts(SqliteDatabase Database, FakeTimeProvider Time, ServiceProvider Services);

    /// <summary>A webhook.</summary>
    internal sealed record Sent(string Id, string Key, string Event, string Body);
}
