using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Projects;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Steps;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>The bot with its real store, driver, inbox and Local forge; the steps do what a test says, and the forge can be made to fail.</summary>
internal sealed class RunWorld : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly MemoryContentStore _contents = new();

    /// <param name="database">The database.</param>
    /// <param name="ceilings">The operator's ceilings.</param>
    /// <param name="time">The time; the quick clock unless told. Real commands have real limits, so their scenarios take the system's.</param>
    public RunWorld(IDatabaseFixture database, RunCeilings? ceilings = null, TimeProvider? time = null)
    {
        ServiceCollection services = new();
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([new("DataDirectory", database.Options.DataDirectory)]).Build();
        services.AddLogging().AddSingleton(configuration).AddSingleton(database.Options).AddSingleton(database.Factory).AddSingleton<IContentStore>(_contents)
            .AddSingleton<IObjectStore>(new DiskObjectStore(database.Options.DataDirectory, new SystemRandomSource()))
            .AddSingleton<DatabaseClock>().AddSingleton<IRandomSource, SystemRandomSource>().AddSingleton(time ?? Clock)
            .AddGuards(configuration).AddLocalForge().AddIntake().AddTriggers().AddRuns().AddExports()
            .AddProjects().AddAgents().AddSandbox(configuration).AddSteps().AddSingleton<IStepType>(Script);
        services.Remove(services.First(s => s.ServiceType == typeof(IForge)));
        services.AddSingleton<LocalForge>().AddSingleton<FaultyForge>().AddSingleton<IForge>(provider => provider.GetRequiredService<FaultyForge>());
        if (ceilings is not null)
        {
            services.AddSingleton(ceilings);
        }

        _services = services.BuildServiceProvider();
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public QuickClock Clock { get; } = new();

    public ScriptStep Script { get; } = new();

    public FaultyForge Forge => Get<FaultyForge>();

    public RunStore Store => Get<RunStore>();

    public RepoRef Repository { get; private set; } = null!;

    public long RepositoryId { get; private set; }

    public CommitId Head { get; private set; } = null!;

    public long Issue { get; private set; }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A person makes a repository with this workflow, writes an idea and asks for it.</summary>
    public async Task<string> AskAsync(string steps, string permissions = "contents: write, pull-requests: write, issues: write, checks: write", string more = "")
    {
        string workflow = $"on: {{ manual: true }}\npermissions: {{ {permissions} }}\n{more}\nsteps:\n{steps}\n";
        await MakeAsync(("README.md", "# idea\n"), (".agentworkflow/workflows/w.yml", workflow));
        InboxDecision decision = await SayAsync("/generate w");
        return decision.RunId ?? throw new InvalidOperationException($"It was not started: {decision.Reason}");
    }

    /// <summary>A person has a repository with these files, writes an idea in an issue and comments.</summary>
    public async Task<string> AskInAsync(IEnumerable<(string Path, string Text)> files, string idea, string comment)
    {
        Assert.True(RepoRef.TryParse("people/project", out RepoRef? wanted));
        Repository = (await Get<LocalRepositoryMaker>().CreateAsync(wanted, _contents.Tree(files), LocalForge.You, Cancel)).Repository;
        Issue = (await Get<LocalPeople>().CreateIssueAsync(Repository, LocalForge.You, "An idea", idea, [], Cancel)).Number;
        InboxDecision decision = await SayAsync(comment);
        return decision.RunId ?? throw new InvalidOperationException($"It was not started: {decision.Reason}");
    }

    /// <summary>A person makes a repository with these files and writes an idea.</summary>
    public async Task MakeAsync(params IEnumerable<(string Path, string Text)> files)
    {
        Assert.True(RepoRef.TryParse("ideas/scenario", out RepoRef? wanted));
        RepositoryFacts made = await Get<LocalRepositoryMaker>().CreateAsync(wanted, _contents.Tree(files), LocalForge.You, Cancel);
        (Repository, RepositoryId, Head) = (made.Repository, made.Id, made.Head!);
        Issue = (await Get<LocalPeople>().CreateIssueAsync(Repository, LocalForge.You, "An idea", "Make it.", [], Cancel)).Number;
    }

    /// <summary>A person comments, and the inbox decides.</summary>
    public async Task<InboxDecision> SayAsync(string text, ActorId? who = null)
    {
        // What happened before, or in a world before this one whose clock ran further, may be decided on now too.
        HashSet<string> before = await DeliveriesAsync();
        LocalComment comment = await Get<LocalPeople>().CommentAsync(Repository, who ?? LocalForge.You, Issue, text, Cancel);
        Script.CommentId = Script.CommentId == 0 ? comment.Id : Script.CommentId;
        return Assert.Single(await Get<Inbox>().DecideAllAsync(ownComment: null, Cancel), d => !before.Contains(d.DeliveryId));
    }

    private async Task<HashSet<string>> DeliveriesAsync()
    {
        await using BotDb db = await Get<IDbContextFactory<BotDb>>().CreateDbContextAsync(Cancel);
        return await db.Set<DeliveryRow>().Select(d => d.DeliveryId).ToHashSetAsync(Cancel);
    }

    public Task<RunState?> DriveAsync(string id) => Get<RunDriver>().DriveAsync(id, NoObserver.Instance, retry: false, Cancel);

    /// <summary>Drives until the process is told to stop by what the run itself does.</summary>
    public async Task DriveUntilStoppedAsync(string id, CancellationTokenSource stop) =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Get<RunDriver>().DriveAsync(id, NoObserver.Instance, retry: false, stop.Token));

    /// <summary>Drives, and lets the time of pauses pass, until the run is over or waits for a word.</summary>
    public async Task<RunState> FinishAsync(string id)
    {
        for (RunState? state = await DriveAsync(id); ; state = await DriveAsync(id))
        {
            Assert.NotNull(state);
            if (state is not { Status: RunStatus.Waiting, WakeAt: { } due })
            {
                return state;
            }

            Clock.Skip(due - Clock.GetUtcNow());
        }
    }

    public async Task<RunView> ViewAsync(string id) => (await Get<RunReader>().ReadAsync(id, Cancel))!;

    public async Task<IReadOnlyList<string>> OutcomesAsync(string id) => [.. (await Get<EffectLedger>().ListAsync(id, Cancel)).Where(e => !e.Key.StartsWith("comment/status", StringComparison.Ordinal) && !e.Key.StartsWith("comment/note", StringComparison.Ordinal) && !e.Key.EndsWith("/eyes", StringComparison.Ordinal)).Select(e => e.Outcome)];

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>A clock that runs thirty times as fast and can be moved on.</summary>
internal sealed class QuickClock : TimeProvider
{
    private const int Factor = 30;
    private static readonly DateTimeOffset s_start = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    private readonly long _began = System.GetTimestamp();
    private long _skipped;

    public void Skip(TimeSpan time) => Interlocked.Add(ref _skipped, Math.Max(0, time.Ticks));

    public override DateTimeOffset GetUtcNow() => s_start + (System.GetElapsedTime(_began) * Factor) + TimeSpan.FromTicks(Interlocked.Read(ref _skipped));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Factor : dueTime, period > TimeSpan.Zero ? period / Factor : period);
}
