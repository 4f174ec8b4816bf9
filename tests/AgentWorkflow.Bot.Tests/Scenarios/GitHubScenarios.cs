using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitHub.World;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>
/// A run on GitHub while its world changes: rules of the branch are asked before any work, the right before the first write (promise P50),
/// and a token is as small as what it writes (P52).
/// </summary>
public sealed class GitHubScenarios
{
    private const string Home = "octo/pets";
    private const string Workflow = """
        on: { manual: true }
        permissions: { contents: write, pull-requests: write, issues: write, checks: write }
        steps:
          - { id: work, uses: script }
          - { id: publish, uses: pull_request }
        """;

    private const string Making = """
        on: { manual: true }
        permissions: { contents: write, issues: write }
        steps:
          - { id: work, uses: script }
          - { id: make, uses: repo_creation, with: { name: shop } }
        """;

    private static readonly (string, string) s_file = ("out/made.txt", "made\n");

    [Theory]
    [InlineData("creation", "lets nobody create the branch")]
    [InlineData("update", "lets nobody push to the branch")]
    [InlineData("pull_request", "wants a pull request for every change of the branch")]
    [InlineData("required_status_checks", "before checks have passed")]
    [InlineData("branch_name_pattern", "lets no branch be called")]
    public async Task What_A_Rule_Forbids_Is_Told_With_Its_Name_Before_Any_Work(string type, string why)
    {
        await using GitHubRunWorld world = await StartAsync();
        long issue = Make(world);
        world.GitHub.Do(w => w.Repository(Home).Rules.Add(new BranchRule(type, "agentworkflow/*", "people only")));

        InboxDecision decision = await world.SayAsync(Home, issue, "/generate w");

        Assert.Null(decision.RunId);
        Assert.StartsWith("AW2045", decision.Reason, StringComparison.Ordinal);
        Assert.Contains("'people only'", decision.Reason, StringComparison.Ordinal);
        string told = Assert.Single(world.Said(Home, issue));
        Assert.Contains("people only", told, StringComparison.Ordinal);
        Assert.Contains(why, told, StringComparison.Ordinal);
        Assert.Empty(world.Written(Home));
        Assert.Empty(world.Script.Calls);
        world.GitHub.Journal.RequireNoViolations();
    }

    [Theory]
    [InlineData("required_signatures", "agentworkflow/*", false)]
    [InlineData("non_fast_forward", "agentworkflow/*", false)]
    [InlineData("creation", "release/*", false)]
    [InlineData("creation", "agentworkflow/*", true)]
    public async Task A_Rule_That_Does_Not_Concern_Us_Stops_Nothing(string type, string pattern, bool bypass)
    {
        await using GitHubRunWorld world = await StartAsync();
        long issue = Make(world);
        world.GitHub.Do(w => w.Repository(Home).Rules.Add(new BranchRule(type, pattern, "people only") { Bypass = bypass }));

        RunState state = await RunAsync(world, issue);

        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(["branch", "commit", "check", "pull_request"], world.Written(Home));
        world.GitHub.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task A_File_That_A_Rule_Forbids_Ends_The_Run_Where_It_Is_Written()
    {
        await using GitHubRunWorld world = await StartAsync();
        long issue = Make(world);
        world.GitHub.Do(w => w.Repository(Home).Rules.Add(new BranchRule("file_extension_restriction", "*", "no binaries") { Parameters = new() { ["restricted_file_extensions"] = new System.Text.Json.Nodes.JsonArray("*.txt") } }));

        RunState state = await RunAsync(world, issue);

        Assert.Equal((RunStatus.Failed, "AW1529"), (state.Status, state["work"].Code));
        Assert.Contains("'no binaries'", state["work"].Reason, StringComparison.Ordinal);
        Assert.Empty(world.Written(Home));
        world.GitHub.Journal.RequireNoViolations();
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "revoked", "AW2046" }, { "lowered", "AW2046" }, { "renamed", "AW2046" }, { "suspended", "AW2046" }, { "uninstalled", "AW2046" }, { "archived", "AW2046" }, { "public", "AW2046" }, { "deleted", "AW2046" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_Changes_Between_Plan_And_Write_Lets_Nothing_Be_Written(string change, string code)
    {
        await using GitHubRunWorld world = await StartAsync();
        long issue = Make(world);
        string run = await AskAsync(world, issue);
        world.Script.On("work", context =>
        {
            world.GitHub.Do(w => Change(w, change));
            return ScriptStep.Done;
        });
        world.Script.Writes = s_file;

        RunState state = await world.DriveAsync(run);

        Assert.Equal(RunStatus.Failed, state.Status);
        Assert.Contains(code, state["publish"].Reason, StringComparison.Ordinal);
        Assert.Empty(world.Written(Home));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_Changes_Before_A_Repository_Is_Made_Lets_None_Be_Made(string change, string code)
    {
        await using GitHubRunWorld world = await StartAsync();
        long issue = world.Make(Home, "Idea", isPrivate: true, (".agentworkflow/workflows/w.yml", Making));

        RunState state = await ChangedAsync(world, issue, change);

        Assert.Equal(RunStatus.Failed, state.Status);
        Assert.Contains(code, state["make"].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_Public_Is_Made_Of_What_Became_Private()
    {
        await using GitHubRunWorld world = await StartAsync();
        long issue = world.Make(Home, "Idea", isPrivate: false, (".agentworkflow/workflows/w.yml", Making.Replace("name: shop", "name: shop, visibility: public", StringComparison.Ordinal)));

        RunState state = await ChangedAsync(world, issue, "private");

        Assert.Contains("AW2046: octo/pets was made private meanwhile, and more people would see 'octo/shop'", state["make"].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Whoever_Takes_The_Run_Over_After_A_Crash_Asks_Again(string change, string code)
    {
        await using GitHubRunWorld world = await StartAsync();
        long issue = Make(world);
        string run = await AskAsync(world, issue);
        world.Script.Writes = s_file;
        using CancellationTokenSource stop = new();
        world.GitHub.Faults.Add(Fault.Before<GitHubWorld>("commit", _ => stop.Cancel()));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Get<RunDriver>().DriveAsync(run, NoObserver.Instance, retry: false, stop.Token));
        IReadOnlyList<string> before = world.Written(Home);
        world.GitHub.Do(w => Change(w, change));

        RunState state = await world.DriveAsync(run);

        Assert.Equal(RunStatus.Failed, state.Status);
        Assert.Contains(code, state["publish"].Reason, StringComparison.Ordinal);
        Assert.Equal(before, world.Written(Home));
    }

    [Theory]
    [InlineData("contents: write, pull-requests: write, issues: write, checks: write", "checks contents metadata pull_requests")]
    [InlineData("contents: write, pull-requests: write, issues: write", "contents metadata pull_requests")]
    public async Task The_Token_That_Writes_Has_What_The_Workflow_May_And_Serves_One_Run(string permissions, string writes)
    {
        await using GitHubRunWorld world = await StartAsync();
        long issue = world.Make(Home, "Idea", isPrivate: true, (".agentworkflow/workflows/w.yml", Workflow.Replace("contents: write, pull-requests: write, issues: write, checks: write", permissions, StringComparison.Ordinal)));
        await RunAsync(world, issue);
        long second = world.GitHub.Do(w => w.OpenIssue(Home, "ada", "Other", "Idea").Number);
        await RunAsync(world, second);

        List<AccessToken> tokens = world.GitHub.Do(w => w.Tokens.Values.ToList());
        List<AccessToken> writing = tokens.FindAll(t => t.Permissions.GetValueOrDefault("contents") == "write");
        Assert.Equal(3, tokens.Count);
        Assert.Equal([writes, writes], writing.Select(t => string.Join(' ', t.Permissions.Keys.Order(StringComparer.Ordinal))));
        Assert.All(tokens, t => Assert.Single(t.Repositories!));
        world.GitHub.Journal.RequireNoViolations();
    }

    private static async Task<RunState> ChangedAsync(GitHubRunWorld world, long issue, string change)
    {
        string run = await AskAsync(world, issue);
        world.Script.On("work", context =>
        {
            world.GitHub.Do(w => Change(w, change));
            return ScriptStep.Done;
        });
        world.Script.Writes = s_file;
        return await world.DriveAsync(run);
    }

    private static Task<GitHubRunWorld> StartAsync() => GitHubRunWorld.StartAsync();

    private static long Make(GitHubRunWorld world) => world.Make(Home, "Idea", isPrivate: true, (".agentworkflow/workflows/w.yml", Workflow));

    private static async Task<string> AskAsync(GitHubRunWorld world, long issue)
    {
        InboxDecision decision = await world.SayAsync(Home, issue, "/generate w");
        return decision.RunId ?? throw new InvalidOperationException($"It was not started: {decision.Reason}");
    }

    private static async Task<RunState> RunAsync(GitHubRunWorld world, long issue)
    {
        world.Script.Writes = s_file;
        return await world.DriveAsync(await AskAsync(world, issue));
    }

    private static void Change(GitHubWorld world, string change)
    {
        switch (change)
        {
            case "revoked":
                world.Grant(Home, "ada", "none");
                break;
            case "lowered":
                world.Grant(Home, "ada", "triage");
                break;
            case "renamed":
                world.Rename("ada", "ada-l");
                world.Grant(Home, "ada", "write");
                break;
            case "suspended":
                world.Suspend("octo");
                break;
            case "uninstalled":
                world.Uninstall("octo");
                break;
            case "archived":
                world.Archive(Home);
                break;
            case "deleted":
                world.Delete(Home);
                break;
            case "private":
                world.Repository(Home).Private = true;
                break;
            default:
                world.Repository(Home).Private = false;
                break;
        }
    }
}
