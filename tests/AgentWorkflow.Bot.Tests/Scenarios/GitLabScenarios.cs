using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Rig.GitLab.World;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>
/// From hook to decision on GitLab: who may not command is told or left alone (P43, P45), nobody's echo becomes a command (P16), and nothing
/// confidential goes where more people see it (P55).
/// </summary>
public sealed class GitLabScenarios
{
    private const string Home = GitLabRunWorld.Home;
    private const string Workflow = """
        name: w
        on: { command: make, issues: { labels: [make] }, manual: true }
        permissions: { contents: write, pull-requests: write, issues: write, checks: write }
        steps:
          - { id: work, uses: script }
          - { id: publish, uses: pull_request }
        """;

    private static readonly Dictionary<string, string> s_files = new() { ["README.md"] = "# Pets\n", [".agentworkflow/workflows/w.yml"] = Workflow };

    [Fact]
    public async Task A_Command_Leads_To_A_Merge_Request_And_Nothing_That_Comes_Of_It_Starts_Another()
    {
        await using GitLabRunWorld world = await StartAsync();
        long issue = world.Issue();
        world.GitLab.Do(w => w.Comment(Home, issue, "ada", "/make"));
        InboxDecision decision = Assert.Single(await world.CarryAsync("note_hook"));

        RunState state = await world.DriveAsync(decision.RunId!);

        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(["branch", "pull_request"], world.Did("branch", "pull_request").Distinct());
        IReadOnlyList<InboxDecision> echoes = await world.CarryAsync();
        Assert.NotEmpty(echoes);
        Assert.All(echoes, e => Assert.Null(e.RunId));
        Assert.Empty(await world.CarryAsync());
        world.GitLab.Journal.RequireNoViolations();
    }

    [Theory]
    [InlineData("/make")]
    [InlineData("/aw make")]
    [InlineData("/aw generate w")]
    public async Task What_Our_Own_Account_Writes_Is_No_Command_Whatever_It_Says(string text)
    {
        // By the account's number: neither a marker nor a name gives it away, and not even the operator's list helps.
        await using GitLabRunWorld world = await StartAsync(listed: w => [w.Bot]);
        world.GitLab.Do(w => w.Comment(Home, 1, world.GitLab.BotUsername, text));

        InboxDecision decision = Assert.Single(await world.CarryAsync("note_hook"));

        Assert.Equal((null, "it is our own echo"), (decision.RunId, decision.Reason));
        Assert.Equal([text], world.Said(1));
    }

    [Theory]
    [InlineData("renovate", "a program did it")]
    [InlineData("project_5000_bot_00000001", "a program did it")]
    [InlineData("service_account_group_7_abc", "a program did it")]
    public async Task A_Program_Is_Neither_Obeyed_Nor_Answered(string name, string reason)
    {
        await using GitLabRunWorld world = await StartAsync();
        world.Program(name);
        world.GitLab.Do(w => w.Grant("octo", name, 50));
        world.GitLab.Do(w => w.Comment(Home, 1, name, "/make"));
        world.GitLab.Do(w => w.Comment(Home, 1, name, "/aw status"));

        IReadOnlyList<InboxDecision> decisions = await world.CarryAsync("note_hook");

        Assert.Equal(2, decisions.Count);
        Assert.All(decisions, d => Assert.StartsWith(reason, d.Reason, StringComparison.Ordinal));
        Assert.Empty(world.Said(1));
        Assert.Empty(world.Did("reaction"));
    }

    [Fact]
    public async Task A_Program_That_Is_Listed_By_Its_Number_Counts_Like_A_Person()
    {
        await using GitLabRunWorld world = await StartAsync(listed: w => [w.AddAccount("renovate", bot: true)]);
        world.GitLab.Do(w => w.Comment(Home, 1, "renovate", "/make"));
        Assert.StartsWith("AW2021", Assert.Single(await world.CarryAsync("note_hook")).Reason, StringComparison.Ordinal);

        world.GitLab.Do(w => w.Grant("octo/zoo", "renovate", 30));
        world.GitLab.Do(w => w.Comment(Home, 1, "renovate", "/make"));

        Assert.Single(await world.CarryAsync("note_hook"), d => d.RunId is not null);
    }

    [Fact]
    public async Task A_Bot_That_Answers_Everything_Is_Never_Answered_Twice()
    {
        await using GitLabRunWorld world = await StartAsync();
        world.Program("parrot");
        world.GitLab.Do(w => w.Grant("octo", "parrot", 50));
        world.GitLab.Do(w => w.Comment(Home, 1, "eve", "/make"));
        for (int i = 0; i < 5; i++)
        {
            await world.CarryAsync();
            world.GitLab.Do(w => w.Comment(Home, 1, "parrot", w.Issue(Home, 1).Notes[^1].Body));
            world.GitLab.Do(w => w.Comment(Home, 1, "parrot", "/make"));
        }

        Assert.Single(world.Said(1));
    }

    [Fact]
    public async Task Another_Instance_Of_This_Bot_Is_Known_By_Its_Mark()
    {
        await using GitLabRunWorld world = await StartAsync();
        world.GitLab.Do(w => w.Grant("octo", "other", 30));
        world.GitLab.Do(w => w.Comment(Home, 1, "other", "/make\n\n<!-- aw:abc:def -->"));

        Assert.Equal("it is our own echo", Assert.Single(await world.CarryAsync("note_hook")).Reason);
    }

    [Fact]
    public async Task A_Label_Starts_What_Waits_For_It_Once()
    {
        await using GitLabRunWorld world = await StartAsync();
        world.GitLab.Do(w => w.AddLabels(w.Issue(Home, 1), w.Person("ada"), ["make"]));

        InboxDecision labeled = Assert.Single(await world.CarryAsync("issue_hook"), d => d.RunId is not null);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        world.GitLab.Do(w => w.AddLabels(w.Issue(Home, 1), w.Person("ada"), ["bug"]));
        IReadOnlyList<InboxDecision> later = await world.CarryAsync("issue_hook");

        Assert.NotNull(labeled.RunId);
        Assert.All(later, d => Assert.True(d.RunId is null || d.RunId == labeled.RunId, d.Reason));
    }

    [Theory]
    [InlineData("private", false, "note", true)]
    [InlineData("private", false, "internal note", false)]
    [InlineData("private", false, "label", true)]
    [InlineData("private", true, "note", true)]
    [InlineData("private", true, "internal note", false)]
    [InlineData("private", true, "label", true)]
    [InlineData("internal", false, "note", true)]
    [InlineData("internal", false, "internal note", false)]
    [InlineData("internal", false, "label", true)]
    [InlineData("internal", true, "note", false)]
    [InlineData("internal", true, "internal note", false)]
    [InlineData("internal", true, "label", false)]
    [InlineData("public", false, "note", true)]
    [InlineData("public", false, "internal note", false)]
    [InlineData("public", false, "label", true)]
    [InlineData("public", true, "note", false)]
    [InlineData("public", true, "internal note", false)]
    [InlineData("public", true, "label", false)]
    public async Task Nothing_Confidential_Goes_Where_More_People_See_It(string visibility, bool confidential, string how, bool runs)
    {
        await using GitLabRunWorld world = await StartAsync(visibility);
        long issue = world.Issue("About zyzzyva.", confidential);
        world.GitLab.Do(w =>
        {
            if (how == "label")
            {
                w.AddLabels(w.Issue(Home, issue), w.Person("ada"), ["make"]);
            }
            else
            {
                w.AddNote(w.Issue(Home, issue), w.Person("ada"), "/make\n\nzyzzyva", isInternal: how == "internal note");
            }
        });

        InboxDecision? started = (await world.CarryAsync()).SingleOrDefault(d => d.RunId is not null);
        if (started is not null)
        {
            await world.DriveAsync(started.RunId!);
        }

        Assert.Equal(runs, started is not null);
        Assert.Equal(runs ? 1 : 0, world.Did("pull_request").Count);
        if (!runs)
        {
            // What is said stands on the issue itself, and nothing of an internal note, not even that there is one, on an open issue.
            Assert.DoesNotContain(world.GitLab.Journal.Effects, e => e.Actor == world.GitLab.BotUsername && e.Subject != $"#{issue}");
            Assert.Equal(how == "internal note" ? 0 : 1, world.Said(issue).Count);
        }

        world.GitLab.Journal.RequireNoViolations();
    }

    private static async Task<GitLabRunWorld> StartAsync(string visibility = "private", Func<GitLabWorld, Account[]>? listed = null)
    {
        GitLabRunWorld world = await GitLabRunWorld.StartAsync(visibility, s_files, listed: listed);
        world.Issue();
        world.Script.Writes = ("out/made.txt", "made\n");
        await world.CarryAsync();
        return world;
    }
}
