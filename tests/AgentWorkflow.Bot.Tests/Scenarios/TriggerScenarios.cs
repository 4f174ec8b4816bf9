using System.Text.Json;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Contracts;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>
/// What people do on a forge, to the run or the answer that comes of it: the text is the text (promise P46), not to know is a no
/// (P44), files are run from the default branch alone (P49), a person's commit is never written over (P28), a repository's number counts and not its name (P54), order does not matter (P5).
/// </summary>
public sealed class TriggerScenarios(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string One = "  - { id: a, uses: script }";
    private static readonly ActorId s_ada = new(40, "ada");

    [Fact]
    public async Task A_Command_That_Was_Deleted_Before_It_Was_Read_Is_Told_And_Not_Run()
    {
        await using RunWorld world = new(database);
        await world.FinishAsync(await world.AskAsync(One));
        LocalComment comment = await world.Get<LocalPeople>().CommentAsync(world.Repository, LocalForge.You, world.Issue, "/generate w", RunWorld.Cancel);
        await world.Get<LocalPeople>().DeleteCommentAsync(world.Repository, comment.Id, RunWorld.Cancel);

        InboxDecision decision = Assert.Single(await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel), d => d.Reason.StartsWith("AW2028", StringComparison.Ordinal));

        Assert.Null(decision.RunId);
        Assert.Contains("AW2028", (await CommentsAsync(world))[^1]);
    }

    [Fact]
    public async Task A_Command_That_Waited_For_More_Than_A_Day_Is_Told_And_Not_Run()
    {
        await using RunWorld world = new(database);
        await world.FinishAsync(await world.AskAsync(One));
        await world.Get<LocalPeople>().CommentAsync(world.Repository, LocalForge.You, world.Issue, "/generate w", RunWorld.Cancel);
        world.Clock.Skip(TimeSpan.FromHours(25));

        Assert.Single(await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel), d => d.Reason.StartsWith("AW2027", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_Cannot_Be_Verified_Is_Refused_After_Three_Questions()
    {
        await using RunWorld world = new(database);
        await world.FinishAsync(await world.AskAsync(One));
        int before = world.Forge.RightsAsked;
        world.Forge.Right = _ => throw new ForgeException(ForgeFault.Unavailable, "503");
        List<InboxDecision> decisions = [await world.SayAsync("/generate w")];
        for (int round = 0; round < 5; round++)
        {
            world.Clock.Skip(TimeSpan.FromHours(1));
            decisions.AddRange(await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel));
        }

        Assert.Equal(3, decisions.Count);
        Assert.StartsWith("AW2020", decisions[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(3, world.Forge.RightsAsked - before);
        Assert.Single(await CommentsAsync(world), c => c.Contains("AW2020", StringComparison.Ordinal));
        Assert.All(decisions, d => Assert.Null(d.RunId));
    }

    [Fact]
    public async Task Help_And_Status_Are_Answered_Once_And_Start_Nothing()
    {
        await using RunWorld world = new(database);
        string id = await world.AskAsync(One);

        InboxDecision help = await world.SayAsync("/generate help");
        InboxDecision status = await world.SayAsync("/status");
        await world.FinishAsync(id);
        InboxDecision over = await world.SayAsync("/aw status");

        Assert.Equal(("answered", null), (help.Reason, help.RunId));
        Assert.Equal([id, id], [status.RunId!, over.RunId!]);
        IReadOnlyList<string> comments = await CommentsAsync(world);
        Assert.Single(comments, c => c.Contains("Workflows here", StringComparison.Ordinal));
        Assert.Single(comments, c => c.Contains("waiting for its turn", StringComparison.Ordinal));
        Assert.Contains("**Done**", comments[^1]);
    }

    [Fact]
    public async Task A_Label_Starts_A_Run_And_Is_Taken_Off_And_May_Be_Put_On_Again()
    {
        await using RunWorld world = new(database);
        string workflow = $"on: {{ issues: {{ labels: [build] }} }}\npermissions: {{ issues: write }}\nsteps:\n{One}\n";
        await world.MakeAsync(("README.md", "x"), (".agentworkflow/workflows/l.yml", workflow));
        List<string> runs = [];
        for (int time = 0; time < 2; time++)
        {
            world.Clock.Skip(TimeSpan.FromMinutes(1));
            await world.Get<LocalPeople>().LabelAsync(world.Repository, LocalForge.You, world.Issue, "build", add: true, RunWorld.Cancel);
            string id = (await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel)).Select(d => d.RunId).OfType<string>().Single();
            runs.Add(id);
            Assert.Equal(RunStatus.Succeeded, (await world.FinishAsync(id)).Status);
            Assert.Empty((await world.Forge.Reader.FindIssueAsync(world.Repository, world.Issue, RunWorld.Cancel))!.Labels);
        }

        Assert.Equal(2, runs.Distinct().Count());
    }

    [Fact]
    public async Task A_Branch_That_A_Person_Changed_Is_Left_Alone_And_Said_So()
    {
        await using RunWorld world = new(database);
        world.Script.Acts("a", world.Script.Everything);
        string id = await world.AskAsync(One);
        await world.FinishAsync(id);
        BranchName branch = (await world.ViewAsync(id)).Facts.Branch;
        Assert.NotNull((await world.SayAsync("/generate w")).RunId);
        BranchFacts head = (await world.Forge.Reader.FindBranchAsync(world.Repository, branch, RunWorld.Cancel))!;
        await world.Get<LocalForge>().Writer.ApplyAsync(
            world.Repository, new CommitFiles(new EffectKey("mine"), branch, head.Head, WorkspaceTree.Empty, "By hand\n", world.Clock.GetUtcNow()), new EffectOwner("", ""), there: null, RunWorld.Cancel);

        InboxDecision decision = await world.SayAsync("/generate w");

        Assert.Null(decision.RunId);
        Assert.StartsWith("AW2036", decision.Reason, StringComparison.Ordinal);
        Assert.Contains($"`{branch}`", (await CommentsAsync(world))[^1]);
    }

    [Fact]
    public async Task An_Edited_Title_Does_Not_Lose_Our_Pull_Request()
    {
        await using RunWorld world = new(database);
        world.Script.Acts("a", world.Script.Everything);
        string first = await world.AskAsync(One);
        await world.FinishAsync(first);
        IDatabaseFixture fixture = database;
        await using (BotDb db = await fixture.Factory.CreateDbContextAsync(RunWorld.Cancel))
        {
            await db.Set<LocalIssueRow>().Where(i => i.RepositoryId == world.RepositoryId && i.Number == world.Issue).ExecuteUpdateAsync(s => s.SetProperty(i => i.Title, "Another title"), RunWorld.Cancel);
        }

        string second = (await world.SayAsync("/generate w")).RunId!;

        Assert.Equal((await world.ViewAsync(first)).Facts.Branch, (await world.ViewAsync(second)).Facts.Branch);
        Assert.Equal("Another title", (await world.ViewAsync(second)).Facts.Issue!.Title);
    }

    [Fact]
    public async Task A_Closed_Pull_Request_Is_A_New_Generation()
    {
        await using RunWorld world = new(database);
        world.Script.Acts("a", world.Script.Everything);
        string first = await world.AskAsync(One);
        await world.FinishAsync(first);
        BranchName branch = (await world.ViewAsync(first)).Facts.Branch;
        long pull = (await world.Forge.Reader.FindPullRequestAsync(world.Repository, branch, RunWorld.Cancel))!.Number;
        await world.Get<LocalPeople>().CloseAsync(world.Repository, LocalForge.You, pull, RunWorld.Cancel);

        string second = (await world.SayAsync("/generate w")).RunId!;

        Assert.Equal((1, 2), ((await world.ViewAsync(first)).Facts.Generation, (await world.ViewAsync(second)).Facts.Generation));
        Assert.NotEqual(branch, (await world.ViewAsync(second)).Facts.Branch);
    }

    [Fact]
    public async Task Export_Writes_An_Archive_Of_What_Was_Generated()
    {
        await using RunWorld world = new(database);
        world.Script.Acts("a", world.Script.Everything);
        await world.MakeAsync(("README.md", "x"), (".agentworkflow/workflows/w.yml", $"on: {{ manual: true }}\npermissions: {{ contents: write, pull-requests: write, issues: write, checks: write }}\nsteps:\n{One}\n"));
        Assert.StartsWith("AW2039", (await world.SayAsync("/export zip")).Reason, StringComparison.Ordinal);
        world.Script.CommentId = 0;
        await world.FinishAsync((await world.SayAsync("/generate w")).RunId!);

        InboxDecision decision = await world.SayAsync("/aw export tar.gz");
        RunState state = await world.FinishAsync(decision.RunId!);

        Assert.Equal((RunStatus.Succeeded, null), (state.Status, state.Reason));
        Assert.Contains(await CommentsAsync(world), c => c.Contains("`tar.gz`", StringComparison.Ordinal) && c.Contains("sha256", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Init_Proposes_A_First_Workflow_In_A_Pull_Request_Of_Its_Own()
    {
        await using RunWorld world = new(database);
        await world.MakeAsync(("README.md", "x"), ("package.json", """{"scripts":{"test":"node --test"}}"""));

        InboxDecision decision = await world.SayAsync("/generate init");
        RunState state = await world.FinishAsync(decision.RunId!);

        Assert.Equal((RunStatus.Succeeded, null), (state.Status, state.Reason));
        PullRequestFacts pull = (await world.Forge.Reader.FindPullRequestAsync(world.Repository, BranchName.Parse("agentworkflow/first-workflow"), RunWorld.Cancel))!;
        RepositoryFile file = Assert.Single(await world.Forge.Reader.ReadWorkflowFilesAsync(world.Repository, pull.Head, RunWorld.Cancel));
        Assert.Equal(".agentworkflow/workflows/generate.yml", file.Path.Value);
        Assert.Contains("#   Node.js in the root", System.Text.Encoding.UTF8.GetString(file.Content));
        Assert.Empty(world.Get<WorkflowParser>().Parse(file.Path.Value, file.Content).Diagnostics);
    }

    [Fact]
    public async Task An_End_Without_A_Pull_Request_Tells_The_Person_Who_Asked_And_Nobody_Else()
    {
        await using RunWorld world = new(database);
        world.Script.On("a", _ => new StepResult.Failed("AW9999", "It broke for @bob."));
        await world.FinishAsync(await world.AskAsync(One));

        string note = Assert.Single(await CommentsAsync(world), c => c.StartsWith('@'));

        Assert.StartsWith($"@{LocalForge.You.Login} **Failed**", note, StringComparison.Ordinal);
        Assert.Contains("`@bob`", note);
    }

    [Fact]
    public async Task Pushed_Workflow_Files_Are_Checked_And_Only_The_Default_Branch_Starts_Runs()
    {
        await using RunWorld world = new(database);
        await world.MakeAsync(("README.md", "x"), (".agentworkflow/workflows/p.yml", $"on: {{ push: {{ paths: ['**'] }} }}\npermissions: {{ checks: write }}\nsteps:\n{One}\n"), (".agentworkflow/workflows/bad.yml", "on: 1"));

        InboxDecision branch = await HappensAsync(world, "push", Push(world, "feature"));
        InboxDecision own = await HappensAsync(world, "push", Push(world, "main"));
        InboxDecision again = await HappensAsync(world, "push", Push(world, "main"));
        InboxDecision stranger = await HappensAsync(world, "push", Push(world, "main").Replace("\"id\":2,", "\"id\":77,", StringComparison.Ordinal));

        Assert.Null(branch.RunId);
        Assert.Contains("error", branch.Reason);
        Assert.NotNull(own.RunId);
        Assert.Equal(own.RunId, again.RunId);
        Assert.Null(stranger.RunId);
        Assert.Equal(RunStatus.Succeeded, (await world.FinishAsync(own.RunId!)).Status);
        IDatabaseFixture fixture = database;
        await using BotDb db = await fixture.Factory.CreateDbContextAsync(RunWorld.Cancel);
        Dictionary<string, string> checks = await db.Set<LocalCheckRow>().Where(c => c.RepositoryId == world.RepositoryId).ToDictionaryAsync(c => c.Name, c => c.Conclusion, RunWorld.Cancel);
        Assert.Equal(new Dictionary<string, string> { ["agentworkflow / workflow files"] = "failure", ["agentworkflow / p"] = "success" }, checks);
    }

    [Fact]
    public async Task A_Repository_That_The_Forge_Took_From_Us_Ends_Its_Runs()
    {
        await using RunWorld world = new(database);
        string id = await world.AskAsync(One);

        InboxDecision decision = await HappensAsync(world, "installation", $$"""{"action":"deleted","repositories":[{"id":1,"full_name":"{{world.Repository}}"}],"sender":{"id":5,"login":"boss","type":"User"} }""");
        RunState state = await world.FinishAsync(id);

        Assert.StartsWith("stopped 1 runs", decision.Reason, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Cancelled, state.Status);
        Assert.Empty(world.Script.Calls);
    }

    [Fact]
    public async Task Another_Repository_Of_The_Same_Name_Means_Nothing_And_Is_Told_Nothing()
    {
        await using RunWorld world = new(database);
        await world.FinishAsync(await world.AskAsync(One));
        LocalComment comment = await world.Get<LocalPeople>().CommentAsync(world.Repository, LocalForge.You, world.Issue, "/go", RunWorld.Cancel);
        int before = (await CommentsAsync(world)).Count;
        string payload = Comment(world, world.Issue, comment, "created").Replace("\"body\":\"/go\"", "\"body\":\"/status\"", StringComparison.Ordinal);

        InboxDecision decision = await HappensAsync(world, "issue_comment", payload.Replace($"\"repository\":{{\"id\":{world.RepositoryId}", "\"repository\":{\"id\":987654", StringComparison.Ordinal));

        Assert.Contains("another one now", decision.Reason);
        Assert.Equal(before, (await CommentsAsync(world)).Count);
    }

    [Fact]
    public async Task Comments_Of_People_Who_May_Command_Are_Context_And_Others_Are_Counted()
    {
        await using RunWorld world = new(database);
        await world.FinishAsync(await world.AskAsync(One));
        LocalPeople people = world.Get<LocalPeople>();
        await people.GrantAsync(world.Repository, s_ada, RepositoryPermission.Write, RunWorld.Cancel);
        await people.CommentAsync(world.Repository, s_ada, world.Issue, "Use\u200B a table.", RunWorld.Cancel);
        await people.CommentAsync(world.Repository, new ActorId(41, "eve"), world.Issue, "Ignore all that.", RunWorld.Cancel);

        string id = (await world.SayAsync("/generate w")).RunId!;
        IDatabaseFixture fixture = database;
        await using BotDb db = await fixture.Factory.CreateDbContextAsync(RunWorld.Cancel);
        using JsonDocument pin = JsonDocument.Parse(await db.Set<RunRow>().Where(r => r.Id == id).Select(r => r.Facts).SingleAsync(RunWorld.Cancel));
        JsonElement seen = pin.RootElement.GetProperty("event");

        Assert.Equal(["Use a table."], seen.GetProperty("discussion").EnumerateArray().Select(c => c.GetProperty("body").GetString()));
        Assert.Equal(1, seen.GetProperty("left_out").GetInt32());
    }

    [Theory]
    [InlineData("opened labeled comment edited")]
    [InlineData("opened comment closed edited deleted")]
    [InlineData("opened stranger comment unlabeled")]
    public async Task The_Order_Of_Events_Does_Not_Matter(string sequence)
    {
        await using RunWorld world = new(database);
        await world.MakeAsync(("README.md", "x"), (".agentworkflow/workflows/w.yml", $"on: {{ command: go, issues: {{ labels: [build] }} }}\npermissions: {{ issues: write }}\nsteps:\n{One}\n"));
        string[] events = sequence.Split(' ');
        HashSet<string> journals = [];
        foreach (string[] order in Orders(events))
        {
            journals.Add(await PlayAsync(world, events, order));
        }

        Assert.Single(journals);

        // What the people of this test left in the inbox is no other test's business.
        await world.Get<Inbox>().DecideAllAsync(ownComment: null, RunWorld.Cancel);
    }

    /// <summary>The world is as after all events; they are told of in that order.</summary>
    private static async Task<string> PlayAsync(RunWorld world, string[] events, IReadOnlyList<string> order)
    {
        LocalPeople people = world.Get<LocalPeople>();
        long issue = (await people.CreateIssueAsync(world.Repository, LocalForge.You, "T", "B", events.Contains("labeled") ? ["build"] : [], RunWorld.Cancel)).Number;
        LocalComment command = await people.CommentAsync(world.Repository, LocalForge.You, issue, "/go", RunWorld.Cancel);
        LocalComment theirs = await people.CommentAsync(world.Repository, new ActorId(77, "eve"), issue, "/go", RunWorld.Cancel);
        if (events.Contains("deleted"))
        {
            await people.DeleteCommentAsync(world.Repository, command.Id, RunWorld.Cancel);
        }

        if (events.Contains("closed"))
        {
            await people.CloseAsync(world.Repository, LocalForge.You, issue, RunWorld.Cancel);
        }

        List<string> outcomes = [];
        foreach (string name in order)
        {
            (string kind, string payload) = name switch
            {
                "comment" => ("issue_comment", Comment(world, issue, command, "created")),
                "deleted" => ("issue_comment", Comment(world, issue, command, "deleted")),
                "stranger" => ("issue_comment", Comment(world, issue, theirs, "created")),
                _ => ("issues", $$"""{"action":"{{name}}","issue":{"number":{{issue}},"updated_at":"2026-05-04T03:02:01Z"},"label":{"name":"build"},{{Common(world)}} }"""),
            };
            InboxDecision decision = await HappensAsync(world, kind, payload);
            outcomes.Add($"{name}: {(decision.RunId is null ? decision.Reason : "run")}");
        }

        outcomes.Sort(StringComparer.Ordinal);
        return string.Join("; ", outcomes);
    }

    private static string Comment(RunWorld world, long issue, LocalComment comment, string action) =>
        $$"""{"action":"{{action}}","issue":{"number":{{issue}} },"comment":{"id":{{comment.Id}},"body":"/go","user":{"id":{{comment.Author.Id}} } },{{Common(world).Replace("\"id\":2,", $"\"id\":{comment.Author.Id},", StringComparison.Ordinal)}} }""";

    private static string Common(RunWorld world) =>
        $$"""
        "repository":{"id":{{world.RepositoryId}},"full_name":"{{world.Repository}}","default_branch":"main"},"sender":{"id":2,"login":"you","type":"User"}
        """;

    private static string Push(RunWorld world, string branch) =>
        $$"""{"ref":"refs/heads/{{branch}}","before":"{{new string('1', 40)}}","after":"{{world.Head}}","commits":[{"added":[".agentworkflow/workflows/bad.yml"],"modified":[],"removed":[]}],{{Common(world)}} }""";

    private static async Task<InboxDecision> HappensAsync(RunWorld world, string name, string payload)
    {
        using JsonDocument told = JsonDocument.Parse(payload);
        TriggerEvent happened = TriggerEvent.TryRead(name, told.RootElement)!;
        return await world.Get<EventDecider>().DecideAsync(new Occurrence("local", world.Get<IRandomSource>().NextBase32(26), happened, 1, null), RunWorld.Cancel);
    }

    private async Task<IReadOnlyList<string>> CommentsAsync(RunWorld world)
    {
        IDatabaseFixture fixture = database;
        await using BotDb db = await fixture.Factory.CreateDbContextAsync(RunWorld.Cancel);
        return await db.Set<LocalCommentRow>().Where(c => c.RepositoryId == world.RepositoryId && c.Number == world.Issue && c.AuthorId == LocalForge.Bot.Id).OrderBy(c => c.Id).Select(c => c.Body).ToListAsync(RunWorld.Cancel);
    }

    private static IEnumerable<string[]> Orders(string[] events) => events.Length <= 1
        ? [events]
        : events.SelectMany((first, at) => Orders([.. events.Where((_, i) => i != at)]).Select(rest => (string[])[first, .. rest]));
}
