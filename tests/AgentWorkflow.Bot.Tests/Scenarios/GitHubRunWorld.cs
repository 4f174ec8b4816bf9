using System.Text;

using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.GitHub;
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
using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitHub;
using AgentWorkflow.Rig.GitHub.Webhooks;

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>
/// The bot in this process in front of the GitHub double; webhooks are carried by hand, so that a test says what happens before them. Ada may
/// write. Each world has a database of its own, since doubles number all alike.
/// </summary>
internal sealed class GitHubRunWorld : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly HashSet<long> _carried = [];

    private readonly SqliteDatabase _database;

    private GitHubRunWorld(SqliteDatabase database, GitHubDouble github, FakeTimeProvider time, ServiceProvider services)
    {
        _database = database;
        GitHub = github;
        Time = time;
        _services = services;
    }

    public GitHubDouble GitHub { get; }

    public FakeTimeProvider Time { get; }

    public ScriptStep Script => Get<ScriptStep>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Starts both.</summary>
    /// <param name="replace">Services that take the place of the program's.</param>
    public static async Task<GitHubRunWorld> StartAsync(Action<IServiceCollection>? replace = null)
    {
        Assert.SkipUnless(SharedData.HasGitHub, SharedData.Absent);
        SqliteDatabase sqlite = new();
        await sqlite.InitializeAsync();
        IDatabaseFixture database = sqlite;
        FakeTimeProvider time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));
        GitHubDouble github = await GitHubDouble.StartAsync(new GitHubDoubleOptions { Time = time }, Cancel);
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("DataDirectory", database.Options.DataDirectory), .. github.Settings().Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value))]).Build();
        ScriptStep script = new();
        ServiceCollection services = new();
        services.AddLogging().AddSingleton(configuration).AddSingleton(database.Options).AddSingleton(database.Factory).AddSingleton<IContentStore>(new MemoryContentStore())
            .AddSingleton<IObjectStore>(new DiskObjectStore(database.Options.DataDirectory, new SystemRandomSource()))
            .AddSingleton<DatabaseClock>().AddSingleton<IRandomSource, SystemRandomSource>().AddSingleton<TimeProvider>(time)
            .AddGuards(configuration).AddLocalForge().AddForges().AddGitHub().AddGitHubForge(configuration).AddIntake().AddTriggers().AddRuns().AddExports()
            .AddProjects().AddAgents().AddSandbox(configuration).AddSteps().AddSingleton(script).AddSingleton<IStepType>(script)
            .AddSingleton(new WritePace(TimeSpan.Zero));
        replace?.Invoke(services);
        return new GitHubRunWorld(sqlite, github, time, services.BuildServiceProvider());
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A repository with these files, in which ada may write, and her issue.</summary>
    public long Make(string repository, string body, bool isPrivate = false, params (string Path, string Text)[] files) => GitHub.Do(world =>
    {
        Dictionary<string, string> all = files.ToDictionary(f => f.Path, f => f.Text, StringComparer.Ordinal);
        all["README.md"] = "# Pets\n";
        world.CreateRepository(repository, all, isPrivate);
        world.Grant(repository, "ada", "write");
        return world.OpenIssue(repository, "ada", "Pets", body).Number;
    });

    /// <summary>Carries what the double has sent since the last time, and decides on it.</summary>
    /// <param name="name">The event whose decisions are wanted.</param>
    public async Task<IReadOnlyList<InboxDecision>> CarryAsync(string name)
    {
        HashSet<string> carried = [];
        foreach (WebhookDelivery sent in GitHub.Webhooks.Deliveries.Where(d => _carried.Add(d.Id)))
        {
            _ = sent.Event == name && carried.Add(sent.Guid);
            await Get<DeliveryStore>().AddAsync(new NewDelivery
            {
                Forge = GitHubWebhooks.Forge,
                DeliveryId = sent.Guid,
                Event = sent.Event,
                Source = DeliverySource.Webhook,
                Body = PackedBody.Pack(Encoding.UTF8.GetBytes(sent.Body)),
                ReceivedAt = Time.GetUtcNow(),
            });
        }

        return [.. (await Get<Inbox>().DecideAllAsync(ownComment: null, Cancel)).Where(d => carried.Contains(d.DeliveryId))];
    }

    /// <summary>Ada comments, and the run starts or the reason is told.</summary>
    public async Task<InboxDecision> SayAsync(string repository, long issue, string text)
    {
        GitHub.Do(w => w.Comment(repository, issue, "ada", text));
        return Assert.Single(await CarryAsync("issue_comment"), d => d.Reason != "it is our own echo");
    }

    /// <summary>Drives the run to its end.</summary>
    public async Task<RunState> DriveAsync(string run)
    {
        RunState? state = await Get<RunDriver>().DriveAsync(run, NoObserver.Instance, retry: false, Cancel);
        Assert.NotNull(state);
        return state;
    }

    /// <summary>What the bot made, without words: branches, commits, pull requests, checks.</summary>
    public IReadOnlyList<string> Written(string repository) =>
        [.. GitHub.Journal.Effects.Where(e => e.Actor == GitHub.BotLogin && e.Repository == repository && e.Kind is "branch" or "commit" or "pull_request" or "pull_request-edit" or "check").Select(e => e.Kind)];

    /// <summary>The bot's comments on an issue.</summary>
    public IReadOnlyList<string> Said(string repository, long issue) =>
        GitHub.Do(w => w.Repository(repository).Find(issue)!.Comments.Where(c => c.Author.Login == GitHub.BotLogin).Select(c => c.Body).ToList());

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await GitHub.DisposeAsync();
        await _database.DisposeAsync();
    }
}
