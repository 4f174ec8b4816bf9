using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>How a run is driven: limits, pauses, words from people, processes that die.</summary>
public sealed class DriverScenarios(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string One = "  - { id: a, uses: script }";
    private static readonly LeaseOwner s_dead = new(LeaseOwner.Current.Machine, int.MaxValue, 1);

    [Fact]
    public async Task A_Step_That_Takes_Longer_Than_Its_Timeout_Fails_And_Is_Tried_Again()
    {
        await using RunWorld world = new(database);
        world.Script.On("a", (context, cancellationToken) => context.Attempt == 1 ? ScriptStep.ForeverAsync(context, cancellationToken) : Task.FromResult(ScriptStep.Done));
        string id = await world.AskAsync("  - { id: a, uses: script, timeout-minutes: 1, retry: { attempts: 2, backoff: 30 } }");

        RunState? paused = await world.DriveAsync(id);
        Assert.Equal(("AW2007", StepStatus.Retrying), (paused!.Steps[0].Code, paused.Steps[0].Status));

        Assert.Equal(RunStatus.Succeeded, (await world.FinishAsync(id)).Status);
        Assert.Equal(["a", "a"], world.Script.Calls);
    }

    [Theory]
    [InlineData("limits: { minutes: 1 }", 60)]
    [InlineData("", 1)]
    public async Task The_Lower_Of_The_Workflows_And_The_Operators_Minutes_Ends_The_Run(string limits, int ceiling)
    {
        await using RunWorld world = new(database, new RunCeilings { Time = TimeSpan.FromMinutes(ceiling) });
        world.Script.On("a", ScriptStep.ForeverAsync);
        string id = await world.AskAsync(One, more: limits);

        RunState state = await world.FinishAsync(id);

        Assert.Equal(("AW2002", RunStatus.Failed, StepStatus.Cancelled), (state.Code, state.Status, state.Steps[0].Status));
    }

    [Theory]
    [InlineData("limits: { files: 1 }", 60)]
    [InlineData("", 1)]
    public async Task The_Lower_Of_The_Workflows_And_The_Operators_Files_Is_The_Quota(string limits, int ceiling)
    {
        await using RunWorld world = new(database, new RunCeilings { Files = ceiling });
        world.Script.On("a", async (context, cancellationToken) =>
        {
            await context.Workspace.WriteAsync(RepoPath.Parse("out/1.txt"), "x"u8.ToArray(), executable: false, cancellationToken);
            await context.Workspace.WriteAsync(RepoPath.Parse("out/2.txt"), "x"u8.ToArray(), executable: false, cancellationToken);
            return ScriptStep.Done;
        });
        string id = await world.AskAsync(One, more: limits);

        RunState state = await world.FinishAsync(id);

        Assert.Equal(RunStatus.Failed, state.Status);
        Assert.Contains("1 file", state.Reason);
    }

    [Fact]
    public async Task Items_Failures_That_May_Be_And_What_Stands_On_Them()
    {
        await using RunWorld world = new(database);
        world.Script.On("list", _ => new StepResult.Done(new JsonObject { ["of"] = new JsonArray("x", "y", "z") }));
        world.Script.On("each[1]", _ => new StepResult.Failed("AW9999", "y is wrong."));
        string id = await world.AskAsync("""
              - { id: list, uses: script }
              - { id: each, uses: script, for-each: '${{ steps.list.outputs.of }}', max-parallel: 3, continue-on-error: true }
              - { id: z, uses: script }
            """);

        RunState state = await world.FinishAsync(id);

        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(["Succeeded", "Failed", "Succeeded", "Failed", "Succeeded", "Succeeded"], state.Steps.Select(s => s.Status.ToString()));
    }

    [Fact]
    public async Task A_Word_To_Stop_Ends_The_Step_That_Is_At_Work()
    {
        await using RunWorld world = new(database);
        bool told = false;
        string id = "";
        world.Script.On("a", async (context, cancellationToken) =>
        {
            await world.SayAsync("/cancel");
            try
            {
                return await ScriptStep.ForeverAsync(context, cancellationToken);
            }
            finally
            {
                told = cancellationToken.IsCancellationRequested;
            }
        });
        id = await world.AskAsync("  - { id: a, uses: script }\n  - { id: b, uses: script }");

        RunState state = await world.FinishAsync(id);

        Assert.True(told);
        Assert.Equal((RunStatus.Cancelled, "Cancelled by @you."), (state.Status, state.Reason));
        Assert.Equal(["a"], world.Script.Calls);
    }

    [Fact]
    public async Task A_Run_That_Was_Cancelled_Before_Its_Turn_Calls_Nothing()
    {
        await using RunWorld world = new(database);
        string id = await world.AskAsync(One);
        await world.SayAsync("/cancel");

        Assert.Equal(RunStatus.Cancelled, (await world.FinishAsync(id)).Status);
        Assert.Empty(world.Script.Calls);
    }

    [Fact]
    public async Task A_Retry_Of_A_Run_At_Work_Calls_Nothing_Twice()
    {
        await using RunWorld world = new(database);
        TaskCompletionSource heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Script.On("a", async (_, cancellationToken) =>
        {
            await world.SayAsync("/retry");
            await heard.Task.WaitAsync(cancellationToken);
            return ScriptStep.Done;
        });
        string id = await world.AskAsync("  - { id: a, uses: script, needs: [] }\n  - { id: b, uses: script, needs: [] }");
        world.Script.On("b", async (_, cancellationToken) =>
        {
            while (world.Script.Calls.Contains("a") && (await world.Store.ReadSignalsAsync(id, cancellationToken)).Count == 0 && !heard.Task.IsCompleted)
            {
                await Task.Yield();
            }

            while ((await world.Store.ReadSignalsAsync(id, cancellationToken)).Count > 0)
            {
                await Task.Yield();
            }

            heard.TrySetResult();
            return ScriptStep.Done;
        });

        Assert.Equal(RunStatus.Succeeded, (await world.FinishAsync(id)).Status);
        Assert.Equal(["a", "b"], world.Script.Calls.Order());
    }

    [Fact]
    public async Task A_Process_That_Lost_The_Run_Stops_Without_A_Word()
    {
        await using RunWorld world = new(database);
        string id = "";
        bool told = false;
        world.Script.On("a", async (context, cancellationToken) =>
        {
            RunLease? other = null;
            while (other is null)
            {
                world.Clock.Skip(TimeSpan.FromMinutes(1));
                other = await world.Store.TryClaimAsync(id, new LeaseOwner("elsewhere", 1, 1), TimeSpan.FromDays(1), reopen: false, CancellationToken.None);
            }

            try
            {
                return await ScriptStep.ForeverAsync(context, cancellationToken);
            }
            finally
            {
                told = cancellationToken.IsCancellationRequested;
            }
        });
        id = await world.AskAsync(One, more: "limits: { minutes: 1000 }");

        Assert.Null(await world.DriveAsync(id));

        Assert.True(told);
        Assert.Equal(RunStatus.Running, (await world.ViewAsync(id)).State.Status);
        Assert.Null(await world.DriveAsync(id));
    }

    [Fact]
    public async Task A_Run_Is_Held_For_As_Long_As_Its_Step_Takes()
    {
        await using RunWorld world = new(database);
        string id = "";
        int renewals = 0;
        world.Script.On("a", async (_, cancellationToken) =>
        {
            // A step that takes longer than a lease lasts; the run's limit ends it where nobody renews.
            for (DateTimeOffset? until = await LeaseAsync(); renewals < 20; renewals++)
            {
                DateTimeOffset? before = until;
                while (until == before)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
                    until = await LeaseAsync();
                }
            }

            return ScriptStep.Done;
        });
        id = await world.AskAsync(One, more: "limits: { minutes: 30 }");

        Assert.Equal(RunStatus.Succeeded, (await world.FinishAsync(id)).Status);

        async Task<DateTimeOffset?> LeaseAsync()
        {
            await using BotDb db = await ((IDatabaseFixture)database).Factory.CreateDbContextAsync(RunWorld.Cancel);
            return await db.Set<RunRow>().Where(r => r.Id == id).Select(r => r.LeaseUntil).SingleAsync(RunWorld.Cancel);
        }
    }

    [Fact]
    public async Task A_Step_That_Breaks_Or_Gives_Up_By_Itself_Ends_The_Run_With_A_Sentence()
    {
        await using RunWorld world = new(database);
        world.Script.On("a", _ => throw new InvalidOperationException("a bug"));
        world.Script.On("b", _ => throw new OperationCanceledException("somebody else's token"));
        string id = await world.AskAsync("  - { id: a, uses: script }\n  - { id: b, uses: script, needs: [] }");

        RunState state = await world.FinishAsync(id);

        Assert.Equal(["AW2000", "AW2000"], state.Steps.Select(s => s.Code));
    }

    [Fact]
    public async Task A_Step_That_Ends_The_Process_Five_Times_Is_Given_Up_And_A_Retry_Goes_On()
    {
        await using RunWorld world = new(database);
        string id = await world.AskAsync(One);
        for (int death = 0; death < 5; death++)
        {
            await DieInAsync(world, id, "a");
        }

        RunState state = await world.FinishAsync(id);
        Assert.Equal("AW2003", state.Code);
        Assert.Equal(5, world.Script.Calls.Count);

        world.Script.On("a", (_, _) => Task.FromResult(ScriptStep.Done));
        await world.SayAsync("/aw retry");
        Assert.Equal(RunStatus.Succeeded, (await world.FinishAsync(id)).Status);
    }

    [Fact]
    public async Task A_Run_That_Gets_On_Between_Its_Deaths_Is_Never_Given_Up()
    {
        await using RunWorld world = new(database);
        string id = await world.AskAsync("  - { id: a, uses: script }\n  - { id: b, uses: script }");
        foreach (string key in new[] { "a", "a", "a", "a", "b", "b", "b", "b" })
        {
            await DieInAsync(world, id, key);
            world.Script.On(key, (_, _) => Task.FromResult(ScriptStep.Done));
        }

        Assert.Equal(RunStatus.Succeeded, (await world.FinishAsync(id)).Status);
    }

    [Fact]
    public async Task A_Death_After_A_Minute_At_Work_Is_Not_The_Runs_Doing()
    {
        await using RunWorld world = new(database);
        string id = await world.AskAsync(One);
        for (int death = 0; death < 4; death++)
        {
            await DieInAsync(world, id, "a");
        }

        world.Script.On("a", async (_, cancellationToken) =>
        {
            while (await world.Store.IsSuspectAsync(id, cancellationToken))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), world.Clock, cancellationToken);
            }

            return ScriptStep.Done;
        });

        Assert.Equal(RunStatus.Succeeded, (await world.FinishAsync(id)).Status);
    }

    private static async Task DieInAsync(RunWorld world, string id, string key)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(RunWorld.Cancel);
        world.Script.On(key, async (context, cancellationToken) =>
        {
            await stop.CancelAsync();
            return await ScriptStep.ForeverAsync(context, cancellationToken);
        });
        await world.DriveUntilStoppedAsync(id, stop);

        // As if that process had been killed: it holds the run and is no more.
        Assert.NotNull(await world.Store.TryClaimAsync(id, s_dead, TimeSpan.FromMinutes(5), reopen: false, RunWorld.Cancel));
    }

    [Fact]
    public async Task An_Approval_Waits_For_The_Right_Person_With_The_Right_Hash()
    {
        await using RunWorld world = new(database);
        ActorId grace = new(77, "grace");
        string id = await world.AskAsync("  - { id: ok, uses: approval }\n  - { id: after, uses: script }");
        await world.Get<LocalPeople>().GrantAsync(world.Repository, grace, RepositoryPermission.Write, RunWorld.Cancel);
        RunState state = await world.FinishAsync(id);
        Assert.Equal(RunStatus.Waiting, state.Status);
        Assert.Null(state.WakeAt);
        string hash = state["ok"].Reason!.Split("approve ")[1].Split(' ')[0];

        await world.SayAsync("/approve 0000000000", grace);
        Assert.Contains("something else", (await world.FinishAsync(id))["ok"].Reason);
        await world.SayAsync($"/approve {hash}");
        Assert.Contains("may not approve", (await world.FinishAsync(id))["ok"].Reason);
        Assert.Empty(world.Script.Calls);

        await world.SayAsync($"/approve {hash}", grace);
        state = await world.FinishAsync(id);

        Assert.Equal(RunStatus.Succeeded, state.Status);
        Assert.Equal(["after"], world.Script.Calls);
    }

    [Fact]
    public async Task A_Rejection_Fails_The_Run_With_Its_Reason()
    {
        await using RunWorld world = new(database);
        string id = await world.AskAsync("  - { id: ok, uses: approval }\n  - { id: after, uses: script }");
        await world.FinishAsync(id);

        await world.SayAsync("/reject not like this");
        RunState state = await world.FinishAsync(id);

        Assert.Equal(RunStatus.Failed, state.Status);
        Assert.Contains("not like this", state.Reason);
        Assert.Empty(world.Script.Calls);
    }
}
