using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Intake.Watching;
using AgentWorkflow.Bot.Tests.Scenarios;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Tests.Forges.GitLab.Watching;

/// <summary>What no hook told of is found by looking, each once and with the cause that its hook would have had (P13); and where nothing can be delivered, looking is enough.</summary>
public sealed class GitLabWatchTests
{
    private const string Home = GitLabRunWorld.Home;
    private const string Workflow = """
        name: w
        on: { manual: true, issues: { labels: [build] }, push: { paths: ['src/**'] }, schedule: [{ cron: '0 5 * * *' }] }
        permissions: { issues: write, checks: write }
        steps:
          - { id: a, uses: script }
        """;

    private static readonly Dictionary<string, string> s_files = new() { [".agentworkflow/workflows/w.yml"] = Workflow };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_Ten_Days_Every_Trigger_That_Still_Holds_Is_Found_Once()
    {
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(files: s_files);
        Assert.Equal(0, await LookAsync(world));
        long issue = world.Issue();
        world.GitLab.Do(w => w.Comment(Home, issue, "ada", "/generate w"));
        world.GitLab.Do(w => w.AddLabels(w.OpenIssue(Home, "ada", "Dogs", "With dogs."), w.Person("ada"), ["build"]));
        world.GitLab.Do(w => w.Push(Home, "ada", "main", new Dictionary<string, string?> { ["src/a.txt"] = "a" }));
        world.Time.Advance(TimeSpan.FromDays(10));
        world.GitLab.Do(w => w.Comment(Home, issue, "ada", "/generate w"));
        world.GitLab.Do(w => w.Comment(Home, issue, "ada", "So what about it?"));
        world.GitLab.Do(w => w.AddNote(w.Issue(Home, issue), w.Person("ada"), "/generate w", isInternal: true));

        Assert.Equal(4, await LookAsync(world));
        IReadOnlyList<InboxDecision> decided = await DecideAsync(world);

        Assert.Equal(4, decided.Count);
        Assert.Single(decided, d => d.Reason.StartsWith("AW2027", StringComparison.Ordinal));
        Assert.Equal(3, decided.Select(d => d.RunId).OfType<string>().Distinct().Count());
        Assert.Contains(decided, d => d.DeliveryId.StartsWith("look-push-", StringComparison.Ordinal) && d.RunId is not null);
        Assert.Contains(decided, d => d.DeliveryId.StartsWith("look-label-", StringComparison.Ordinal) && d.RunId is not null);
        Assert.Equal(0, await LookAsync(world));
        Assert.Empty(await DecideAsync(world));
        world.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task What_A_Hook_Told_Of_Is_Not_Done_Again()
    {
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(files: s_files);
        await LookAsync(world);
        long issue = world.Issue();
        world.GitLab.Do(w => w.Comment(Home, issue, "ada", "/generate w"));
        world.GitLab.Do(w => w.AddLabels(w.Issue(Home, issue), w.Person("ada"), ["build"]));
        await world.CarryAsync();
        world.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(0, await LookAsync(world));
        world.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task A_Command_On_A_Merge_Request_Is_Found_There()
    {
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(files: s_files);
        await LookAsync(world);
        world.GitLab.Do(w =>
        {
            w.Push(Home, "ada", "topic", new Dictionary<string, string?> { ["b.txt"] = "b\n" });
            w.OpenMerge(w.Project(Home), w.Person("ada"), "Topic", "", "topic", "main");
            w.CommentMerge(Home, 1, "ada", "/aw status");
        });

        world.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, await LookAsync(world));
        Assert.Equal("answered", Assert.Single(await DecideAsync(world)).Reason);
        Assert.Single(world.GitLab.Do(w => w.Merge(Home, 1).Notes.Where(n => n.Author == w.Bot).ToList()));
        world.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Rewritten_History_Is_A_Push_Of_Which_Not_All_Is_Told()
    {
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(files: s_files);
        string start = world.GitLab.Do(w => w.Project(Home).Git.Head("main")!);
        world.GitLab.Do(w => w.Push(Home, "ada", "main", new Dictionary<string, string?> { ["docs/a.md"] = "a" }));
        string before = world.GitLab.Do(w => w.Project(Home).Git.Head("main")!);
        world.GitLab.Do(w => w.SetRef(w.Project(Home), "refs/heads/main", start, w.Person("ada")));
        world.GitLab.Do(w => w.Push(Home, "bob", "main", new Dictionary<string, string?> { ["docs/b.md"] = "b" }));
        string after = world.GitLab.Do(w => w.Project(Home).Git.Head("main")!);

        (bool IsWhole, IReadOnlyList<string> Paths, string By) ahead = await PushedAsync(world, start, after);
        (bool IsWhole, IReadOnlyList<string> Paths, string By) rewritten = await PushedAsync(world, before, after);

        Assert.Equal((true, "docs/b.md", "bob"), (ahead.IsWhole, string.Join(' ', ahead.Paths), ahead.By));
        Assert.False(rewritten.IsWhole);
        world.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task A_Schedule_Is_Asked_For_By_Whoever_Brought_Its_File_In()
    {
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(files: s_files);
        RepoPath path = RepoPath.Parse(".agentworkflow/workflows/w.yml");
        Assert.Null(await CommitterAsync(world, path));

        world.GitLab.Do(w => w.Push(Home, "ada", "main", new Dictionary<string, string?> { [path.Value] = Workflow + "\n" }));
        Assert.Equal("ada", (await CommitterAsync(world, path))?.Login);

        world.GitLab.Do(w =>
        {
            w.Push(Home, "eve", "topic", new Dictionary<string, string?> { [path.Value] = Workflow + "\n\n" });
            w.Accept(w.OpenMerge(w.Project(Home), w.Person("eve"), "Topic", "", "topic", "main"), w.Person("maya"));
        });
        Assert.Equal("maya", (await CommitterAsync(world, path))?.Login);
        world.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Where_Nothing_Can_Be_Delivered_A_Look_Finds_All()
    {
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(files: s_files, hook: null, settings: [("GitLab__PollSeconds", "30")]);
        RepositoryWatch watch = world.Get<RepositoryWatch>();
        (IForge forge, TimeSpan pause) = Assert.Single(watch.Polled);
        Assert.Equal(("gitlab", TimeSpan.FromSeconds(30)), (forge.Name, pause));
        await watch.LookAsync(forge, Cancel);
        long issue = world.Issue();
        world.Time.Advance(TimeSpan.FromSeconds(30));
        world.GitLab.Do(w => w.Comment(Home, issue, "ada", "/generate w"));

        Assert.Equal(0, await LookAsync(world));
        Assert.Empty(await DecideAsync(world));
        Assert.Equal(1, await watch.LookAsync(forge, Cancel));
        Assert.NotNull(Assert.Single(await DecideAsync(world)).RunId);
        int before = world.GitLab.Journal.Requests.Count;
        world.Time.Advance(TimeSpan.FromSeconds(30));
        await watch.LookAsync(forge, Cancel);
        world.Time.Advance(TimeSpan.FromSeconds(30));
        await watch.LookAsync(forge, Cancel);
        Assert.InRange(world.GitLab.Journal.Requests.Count - before, 2, 12);
        world.GitLab.Journal.RequireNoViolations();
    }

    private static Task<int> LookAsync(GitLabRunWorld world) => world.Get<RepositoryWatch>().RunAsync(Cancel);

    private static Task<IReadOnlyList<InboxDecision>> DecideAsync(GitLabRunWorld world) => world.Get<Inbox>().DecideAllAsync(ownComment: null, Cancel);

    private static IForgeWatch WatchOf(GitLabRunWorld world) => world.Get<IEnumerable<IForge>>().Single(f => f.Name == "gitlab").Watch!;

    private static async Task<ActorId?> CommitterAsync(GitLabRunWorld world, RepoPath path)
    {
        string head = world.GitLab.Do(w => w.Project(Home).Git.Head("main")!);
        return await WatchOf(world).FindCommitterAsync((await WatchOf(world).ListAsync(Cancel).SingleAsync(Cancel)).Repository, CommitId.Parse(head), path, Cancel);
    }

    private static async Task<(bool IsWhole, IReadOnlyList<string> Paths, string By)> PushedAsync(GitLabRunWorld world, string before, string after)
    {
        IForgeWatch watch = WatchOf(world);
        WatchedRepository repository = await watch.ListAsync(Cancel).SingleAsync(Cancel);
        RepositoryNews news = await watch.ReadNewsAsync(repository, world.Time.GetUtcNow(), [], new PushedHeads(CommitId.Parse(before), CommitId.Parse(after)), Cancel);
        using System.Text.Json.JsonDocument payload = System.Text.Json.JsonDocument.Parse(news.Events[0].Payload);
        AgentWorkflow.Bot.Triggers.TriggerEvent told = AgentWorkflow.Bot.Triggers.GitLabEvents.TryRead(news.Events[0].Event, payload.RootElement)!;
        return (told.Push!.IsWhole, told.Push.Paths, told.Sender.Login);
    }
}
