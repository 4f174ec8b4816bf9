using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.GitHub;
using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Intake.Schedules;
using AgentWorkflow.Bot.Intake.Watching;
using AgentWorkflow.Bot.Projects;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Steps;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitHub;
using AgentWorkflow.Rig.GitHub.World;

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Intake;

/// <summary>
/// What was missed for longer than GitHub keeps deliveries is found by looking, each once and with the cause that its webhook would
/// have had (promise P13); where nothing has changed, looking costs next to nothing (P34).
/// </summary>
public sealed class RepositoryWatchTests : IAsyncLifetime
{
    private const string Repository = "octo/pets";
    private const string Workflow = """
        on: { manual: true, issues: { labels: [build] }, push: { paths: ['src/**'] }, schedule: [{ cron: '0 5 * * *' }] }
        permissions: { issues: write, checks: write }
        steps:
          - { id: a, uses: approval }
        """;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));
    private readonly TemporaryFolder _folder = new();

    // Each double numbers its repositories alike, so no two tests may share a database.
    private readonly SqliteDatabase _database = new();
    private GitHubDouble _github = null!;
    private ServiceProvider _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
            await _github.DisposeAsync();
        }

        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task After_Ten_Days_Every_Trigger_That_Still_Holds_Is_Found_Once()
    {
        await StartAsync();
        Assert.Equal(0, await LookAsync());
        Issue issue = _github.Do(w => w.OpenIssue(Repository, "ada", "Pets", "With cats."));
        Issue labeled = _github.Do(w => w.OpenIssue(Repository, "ada", "Dogs", "With dogs.", "build"));
        _github.Do(w => w.Comment(Repository, issue.Number, "ada", "/generate w"));
        _github.Do(w => w.Push(Repository, "ada", "main", new Dictionary<string, string?> { ["src/a.txt"] = "a" }));
        _time.Advance(TimeSpan.FromDays(10));
        _github.Do(w => w.Comment(Repository, issue.Number, "ada", "/generate w"));
        _github.Do(w => w.Comment(Repository, issue.Number, "ada", "So what about it?"));

        Assert.Equal(4, await LookAsync());
        IReadOnlyList<InboxDecision> decided = await DecideAsync();

        _github.Journal.RequireNoViolations();
        Assert.Equal(4, decided.Count);
        Assert.Single(decided, d => d.Reason.StartsWith("AW2027", StringComparison.Ordinal));
        Assert.Equal(3, decided.Select(d => d.RunId).OfType<string>().Distinct().Count());
        Assert.Equal(1, _github.Journal.Effects.Count(e => e.Kind == "comment" && e.Actor == _github.BotLogin));
        Assert.Contains(decided, d => d.DeliveryId.StartsWith("look-push-", StringComparison.Ordinal) && d.RunId is not null);
        Assert.Contains(decided, d => d.DeliveryId.StartsWith("look-label-", StringComparison.Ordinal) && d.RunId is not null);
        Assert.Equal(2, labeled.Number);

        // Again, and after another start: nothing is missing.
        foreach (int _ in Enumerable.Range(0, 2))
        {
            _time.Advance(TimeSpan.FromHours(2));
            Assert.Equal(0, await LookAsync());
            await _services.DisposeAsync();
            _services = Services();
        }

        Assert.Empty(await DecideAsync());
    }

    [Fact]
    public async Task What_A_Webhook_Told_Of_Is_Not_Done_Again()
    {
        await StartAsync();
        await LookAsync();
        Issue issue = _github.Do(w => w.OpenIssue(Repository, "ada", "Pets", "With cats."));
        _github.Do(w => w.Comment(Repository, issue.Number, "ada", "/generate w"));
        _github.Do(w => w.Comment(Repository, issue.Number, "ada", "/cancel"));
        _github.Do(w => w.AddLabels(w.Repository(Repository).Find(issue.Number)!, w.Person("bob"), ["build"]));
        _github.Do(w => w.Push(Repository, "ada", "main", new Dictionary<string, string?> { ["src/a.txt"] = "a" }));
        await _github.Webhooks.SettleAsync(Cancel);
        await _services.GetRequiredService<CatchUp>().RunAsync(Assert.Single(_services.GetRequiredService<CatchUp>().Archives), Cancel);
        IReadOnlyList<InboxDecision> told = await DecideAsync();
        Assert.Equal(2, told.Select(d => d.RunId).OfType<string>().Distinct().Count());
        Assert.Single(told, d => d.Reason.StartsWith("AW2021", StringComparison.Ordinal));

        _time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(0, await LookAsync());
        _github.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Where_Nothing_Has_Changed_Looking_Is_Few_Requests_That_Count_Against_No_Limit()
    {
        await StartAsync();
        for (int i = 0; i < 9; i++)
        {
            _github.Do(w => w.CreateRepository($"octo/r{i}"));
        }

        await LookAsync();
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.InRange(await CountAsync(), 1, 3);
        _time.Advance(TimeSpan.FromHours(1));
        int before = _github.Journal.Requests.Count;
        await LookAsync();

        var asked = _github.Journal.Requests.Skip(before).ToList();
        int reads = asked.Count(r => r.Method == "GET");
        Assert.Equal(reads, asked.Count(r => r.Status == 304));
        Assert.InRange(asked.Count(r => r.Status != 304), 1, 11);
        _github.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task A_Schedule_Of_GitHub_Runs_By_The_Right_Of_Who_Changed_The_File_Last()
    {
        await StartAsync();
        await LookAsync();
        _time.Advance(TimeSpan.FromHours(3));
        await _services.GetRequiredService<ScheduleClock>().TickAsync(Cancel);
        InboxDecision mine = Assert.Single(await DecideAsync());
        Assert.NotNull(mine.RunId);

        _github.Do(w => w.Push(Repository, "bob", "main", new Dictionary<string, string?> { [".agentworkflow/workflows/w.yml"] = Workflow + "\n# more\n" }));
        _time.Advance(TimeSpan.FromDays(1));
        await _services.GetRequiredService<ScheduleClock>().TickAsync(Cancel);

        Assert.StartsWith("AW2041", Assert.Single(await DecideAsync()).Reason, StringComparison.Ordinal);
        _github.Journal.RequireNoViolations();
    }

    private async Task StartAsync()
    {
        Assert.SkipUnless(SharedData.HasGitHub, SharedData.Absent);
        _github = await GitHubDouble.StartAsync(new GitHubDoubleOptions { Time = _time }, Cancel);
        _github.Do(w =>
        {
            w.CreateRepository(Repository, new Dictionary<string, string> { ["README.md"] = "# Pets\n" });
            w.Grant(Repository, "ada", "write");
            w.Grant(Repository, "bob", "read");
            w.Push(Repository, "ada", "main", new Dictionary<string, string?> { [".agentworkflow/workflows/w.yml"] = Workflow });
        });
        _services = Services();
    }

    private ServiceProvider Services()
    {
        IDatabaseFixture fixture = _database;
        StorageOptions storage = fixture.Options with { DataDirectory = _folder.Path };
        IConfigurationRoot settings = new ConfigurationBuilder()
            .AddInMemoryCollection(_github.Settings().Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value)))
            .AddInMemoryCollection([new("DataDirectory", _folder.Path)]).Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(settings).AddSingleton(storage).AddSingleton(fixture.Factory)
            .AddSingleton<IContentStore>(new MemoryContentStore()).AddSingleton<DatabaseClock>().AddSingleton<IRandomSource, SystemRandomSource>().AddSingleton<TimeProvider>(_time)
            .AddGuards(settings).AddForges().AddGitHub().AddGitHubForge(settings).AddIntake().AddTriggers().AddRuns().AddExports().AddProjects().AddAgents().AddSandbox(settings).AddSteps()
            .AddSingleton(new WritePace(TimeSpan.Zero)).BuildServiceProvider();
    }

    private Task<int> LookAsync() => _services.GetRequiredService<RepositoryWatch>().RunAsync(Cancel);

    private async Task<int> CountAsync()
    {
        int before = _github.Journal.Requests.Count;
        await LookAsync();
        return _github.Journal.Requests.Count - before;
    }

    private async Task<IReadOnlyList<InboxDecision>> DecideAsync() => await _services.GetRequiredService<Inbox>().DecideAllAsync(ownComment: null, Cancel);
}
