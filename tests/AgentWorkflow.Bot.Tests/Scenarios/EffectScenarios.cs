using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Tests.Contracts;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>What a run does outside: once, whatever happens on the way.</summary>
public sealed class EffectScenarios(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string One = "  - { id: a, uses: script }";
    private static readonly string[] s_all = ["branch", "commit", "pull_request", "comment", "reaction", "check"];

    public static TheoryData<string, int> Lost => new(s_all.SelectMany(kind => Enumerable.Range(1, 3).Select(times => (kind, times))));

    [Theory]
    [MemberData(nameof(Lost))]
    public async Task A_Reply_That_Is_Lost_Leaves_One_Effect(string kind, int times)
    {
        await using RunWorld world = new(database);
        world.Script.Acts("a", world.Script.Everything);
        int cuts = 0;
        world.Forge.After = effect => effect.Key.Value == kind ? throw new ForgeException(ForgeFault.Ambiguous, "The line was cut.") : Task.CompletedTask;
        world.Forge.Finding = effect => effect.Key.Value == kind && ++cuts < times ? throw new ForgeException(ForgeFault.Unavailable, "The line is still cut.") : Task.CompletedTask;
        string id = await world.AskAsync(One);

        RunState state = await world.FinishAsync(id);

        Assert.Equal((RunStatus.Succeeded, null), (state.Status, state.Reason));
        Assert.Equal(s_all, world.Forge.Applied.Where(s_all.Contains));
        Assert.Equal(s_all.Select(k => k == kind ? "adopted" : "applied"), await world.OutcomesAsync(id));
    }

    [Fact]
    public async Task A_Forge_That_Does_Not_Answer_For_A_Moment_Is_Asked_Again()
    {
        await using RunWorld world = new(database);
        world.Script.Acts("a", world.Script.Everything);
        HashSet<string> failed = [];
        world.Forge.Before = effect => failed.Add(effect.Key.Value) ? throw new ForgeException(ForgeFault.Unavailable, "Busy.") : Task.CompletedTask;
        string id = await world.AskAsync(One);

        Assert.Equal(RunStatus.Succeeded, (await world.FinishAsync(id)).Status);
        Assert.Equal(s_all, world.Forge.Applied.Where(s_all.Contains));
    }

    /// <summary>A limit of an hour is waited for without a process, a thread or a lease (promise P33); what was done before stays done.</summary>
    [Theory]
    [InlineData("branch")]
    [InlineData("commit")]
    [InlineData("pull_request")]
    public async Task A_Forge_That_Says_When_To_Come_Back_Is_Left_Alone_Until_Then(string kind)
    {
        await using RunWorld world = new(database);
        world.Script.Acts("a", world.Script.Everything);
        DateTimeOffset until = world.Clock.GetUtcNow().AddHours(1);
        int asked = 0;
        world.Forge.Before = effect =>
        {
            if (effect.Key.Value != kind || world.Clock.GetUtcNow() >= until)
            {
                return Task.CompletedTask;
            }

            asked++;
            throw new ForgeException(ForgeFault.RateLimited, "Come back later.") { Until = until };
        };
        string id = await world.AskAsync(One);

        RunState parked = (await world.DriveAsync(id))!;
        Assert.Equal((RunStatus.Waiting, 1), (parked.Status, asked));
        Assert.Equal(until, parked.WakeAt);

        // Found again too early, by a sweep or a restart, it asks nothing.
        await world.DriveAsync(id);
        Assert.Equal(1, asked);
        world.Clock.Skip(TimeSpan.FromHours(1));
        RunState state = await world.FinishAsync(id);

        Assert.Equal((RunStatus.Succeeded, null), (state.Status, state.Reason));
        Assert.Equal(s_all, world.Forge.Applied.Where(s_all.Contains));
    }

    [Fact]
    public async Task An_End_That_Cannot_Be_Told_Yet_Is_Told_When_It_Can_Be()
    {
        await using RunWorld world = new(database);
        DateTimeOffset until = world.Clock.GetUtcNow().AddHours(1);
        world.Forge.Before = effect => effect.Key.Value.StartsWith("comment/status/end", StringComparison.Ordinal) && world.Clock.GetUtcNow() < until
            ? throw new ForgeException(ForgeFault.RateLimited, "Come back later.") { Until = until }
            : Task.CompletedTask;
        string id = await world.AskAsync(One);

        Assert.Null(await world.DriveAsync(id));
        Assert.False((await world.ViewAsync(id)).State.IsOver);
        Assert.DoesNotContain(id, await world.Store.FindDueAsync(LeaseOwner.Current, RunWorld.Cancel));
        world.Clock.Skip(TimeSpan.FromHours(1));
        RunState state = await world.FinishAsync(id);

        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Single(world.Forge.Applied, k => k.StartsWith("comment/status/end", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_Takes_Over_In_The_Middle_Of_A_Round_Adopts_What_Is_There()
    {
        await using RunWorld world = new(database);
        world.Script.Acts("a", world.Script.Everything);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(RunWorld.Cancel);
        world.Forge.After = async effect =>
        {
            if (effect.Key.Value == "commit")
            {
                await stop.CancelAsync();
                throw new OperationCanceledException("The process ends here.");
            }
        };
        string id = await world.AskAsync(One);
        await world.DriveUntilStoppedAsync(id, stop);
        world.Forge.After = null;

        RunState state = await world.FinishAsync(id);

        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(["applied", "adopted", "applied", "applied", "applied", "applied"], await world.OutcomesAsync(id));
        Assert.Equal(s_all, world.Forge.Applied.Where(s_all.Contains));
        Assert.Equal(["a", "a"], world.Script.Calls);
    }

    [Fact]
    public async Task What_Was_Sent_Is_Recorded_Although_The_Process_Is_Told_To_Stop()
    {
        await using RunWorld world = new(database);
        world.Script.Acts("a", world.Script.Everything);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(RunWorld.Cancel);
        world.Forge.Before = effect => effect.Key.Value == "commit" ? stop.CancelAsync() : Task.CompletedTask;
        string id = await world.AskAsync(One);

        await world.DriveUntilStoppedAsync(id, stop);

        Assert.Equal(["applied", "applied", "planned", "planned", "planned", "planned"], await world.OutcomesAsync(id));
    }

    [Fact]
    public async Task A_Branch_Of_Somebody_Else_Is_Refused_With_A_Sentence()
    {
        await using RunWorld world = new(database);
        world.Script.Acts("a", world.Script.Everything);
        EffectOwner other = new("zzzzzzzz", "<!-- aw:zzzzzzzz -->");
        world.Forge.Before = async effect =>
        {
            if (effect is CreateBranch branch)
            {
                IForgeWriter theirs = world.Get<LocalForge>().Writer;
                await theirs.ApplyAsync(world.Repository, branch, other, there: null, RunWorld.Cancel);
                await theirs.ApplyAsync(world.Repository, new CommitFiles(new EffectKey("theirs"), branch.Branch, branch.At, WorkspaceTree.Empty, "Theirs\n", world.Clock.GetUtcNow()), other, there: null, RunWorld.Cancel);
            }
        };
        string id = await world.AskAsync(One);

        RunState state = await world.FinishAsync(id);

        Assert.Equal((RunStatus.Failed, "AW2201"), (state.Status, state.Code));
        Assert.Contains("taken", state.Reason);
        Assert.Equal(["refused", "planned", "planned", "planned", "planned", "planned"], await world.OutcomesAsync(id));
    }

    [Fact]
    public async Task A_Failure_Before_The_Commit_Leaves_Nothing_On_The_Forge()
    {
        await using RunWorld world = new(database);
        world.Script.On("a", async (context, cancellationToken) =>
        {
            await context.Workspace.WriteAsync(RepoPath.Parse("out/a.txt"), "x"u8.ToArray(), executable: false, cancellationToken);
            return ScriptStep.Done;
        });
        world.Script.On("b", _ => new StepResult.Failed("AW9999", "It broke."));
        world.Script.Acts("c", world.Script.Everything);
        string id = await world.AskAsync("  - { id: a, uses: script }\n  - { id: b, uses: script }\n  - { id: c, uses: script }");

        Assert.Equal(RunStatus.Failed, (await world.FinishAsync(id)).Status);

        Assert.Null(await world.Forge.Reader.FindBranchAsync(world.Repository, (await world.ViewAsync(id)).Facts.Branch, RunWorld.Cancel));
        Assert.DoesNotContain(world.Forge.Applied, s_all.Contains);
    }

    [Fact]
    public async Task Without_The_Permission_An_Effect_Is_Refused()
    {
        await using RunWorld world = new(database);
        world.Script.Acts("a", world.Script.Everything);
        string id = await world.AskAsync(One, permissions: "issues: write");

        RunState state = await world.FinishAsync(id);

        Assert.Contains("'contents: write'", state.Reason);
        Assert.DoesNotContain(world.Forge.Applied, s_all.Contains);
    }

    [Fact]
    public async Task A_Pull_Request_That_A_Person_Closed_In_Between_Stays_Closed()
    {
        await using RunWorld world = new(database);
        world.Script.Acts("a", world.Script.Everything);
        world.Script.On("b", async (context, cancellationToken) =>
        {
            PullRequestFacts pull = (await world.Forge.Reader.FindPullRequestAsync(world.Repository, context.Run.Branch, cancellationToken))!;
            await world.Get<LocalPeople>().CloseAsync(world.Repository, LocalForge.You, pull.Number, cancellationToken);
            return ScriptStep.Done;
        });
        world.Script.Acts("c", context => [new OpenPullRequest(new EffectKey("again"), context.Run.Branch, "main", "Two", "Text", Draft: false, [], [])]);
        string id = await world.AskAsync("  - { id: a, uses: script }\n  - { id: b, uses: script }\n  - { id: c, uses: script }");

        RunState state = await world.FinishAsync(id);

        Assert.Equal("AW2201", state.Code);
        Assert.Equal("closed", (await world.Forge.Reader.FindPullRequestAsync(world.Repository, (await world.ViewAsync(id)).Facts.Branch, RunWorld.Cancel))?.State);
    }

    [Fact]
    public async Task An_Effect_That_Breaks_Unexpectedly_Ends_The_Run_With_A_Sentence_And_A_Retry_Goes_On()
    {
        await using RunWorld world = new(database);
        world.Script.Acts("a", world.Script.Everything);
        world.Forge.Before = effect => effect.Key.Value == "commit" ? throw new InvalidOperationException("a bug") : Task.CompletedTask;
        string id = await world.AskAsync(One);
        RunState state = await world.FinishAsync(id);
        Assert.Contains("a bug", state.Reason);
        world.Forge.Before = null;

        Assert.Equal(id, (await world.SayAsync("/retry")).RunId);
        state = await world.FinishAsync(id);

        Assert.Equal((RunStatus.Succeeded, 2), (state.Status, state.Tries));
        Assert.Equal(s_all, world.Forge.Applied.Where(s_all.Contains));
        Assert.Null(await world.DriveAsync(id));
    }

    [Fact]
    public async Task The_End_Is_Told_Before_It_Is_Stored()
    {
        await using RunWorld world = new(database);
        string id = await world.AskAsync(One);
        bool? overWhenTold = null;
        world.Forge.Before = async effect => overWhenTold = effect.Key.Value.StartsWith("comment/status/end", StringComparison.Ordinal) ? (await world.ViewAsync(id)).State.IsOver : overWhenTold;

        await world.FinishAsync(id);

        Assert.False(overWhenTold);
        Assert.True((await world.ViewAsync(id)).State.IsOver);
    }

    [Fact]
    public async Task Who_Died_Before_The_End_Was_Told_Left_A_Run_That_Ends_As_It_Would_Have()
    {
        await using RunWorld world = new(database);
        world.Script.On("a", ScriptStep.ForeverAsync);
        string id = await world.AskAsync(One);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(RunWorld.Cancel);
        world.Forge.Before = effect => effect.Key.Value.StartsWith("comment/status/end", StringComparison.Ordinal) ? Task.FromException(new OperationCanceledException("The process ends here.")) : Task.CompletedTask;
        await world.Store.SignalAsync(id, RunSignal.Cancel, new() { ["reason"] = "Enough." }, RunWorld.Cancel);
        await world.DriveUntilStoppedAsync(id, stop);
        world.Forge.Before = null;

        RunState state = await world.FinishAsync(id);

        Assert.Equal((RunStatus.Cancelled, "Enough."), (state.Status, state.Reason));
    }
}
