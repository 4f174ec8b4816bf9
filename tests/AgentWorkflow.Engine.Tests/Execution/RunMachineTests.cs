using System.Collections.Immutable;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Engine.Tests.Execution;

public sealed class RunMachineTests
{
    private const string Diamond = """
          - { id: a, uses: echo }
          - { id: b, uses: echo, needs: [a] }
          - { id: c, uses: echo, needs: [a] }
          - { id: d, uses: echo, needs: [b, c] }
        """;

    [Fact]
    public void Steps_Whose_Needs_Are_Met_Run_Side_By_Side()
    {
        RunScript run = new RunScript(Diamond).Claim();
        Assert.Equal(["a"], run.Todo);

        run.Done("a");
        Assert.Equal(["b", "c"], run.Todo);

        run.Done("c").Done("b").Done("d");
        Assert.Equal(RunStatus.Succeeded, run.State.Status);
    }

    [Fact]
    public void A_Failure_Skips_What_Stands_On_It_And_Nothing_Else()
    {
        RunScript run = new RunScript(Diamond).Claim().Done("a").Fails("b").Done("c");

        Assert.Equal("a:Succeeded b:Failed c:Succeeded d:Skipped", run.ToString());
        Assert.Equal(RunStatus.Failed, run.State.Status);
        Assert.Equal("b broke", run.State.Reason);
    }

    [Fact]
    public void A_Step_That_May_Fail_Does_Not_Stop_The_Run()
    {
        RunScript run = new RunScript("""
              - { id: a, uses: echo, continue-on-error: true }
              - { id: b, uses: echo }
            """).Claim().Fails("a").Done("b");

        Assert.Equal(RunStatus.Succeeded, run.State.Status);
    }

    [Fact]
    public void A_False_Condition_Skips_One_Step_Only()
    {
        RunScript run = new RunScript("""
              - { id: a, uses: echo, if: '${{ 1 == 2 }}' }
              - { id: b, uses: echo }
            """).Claim();

        Assert.Equal(["b"], run.Todo);
    }

    [Fact]
    public void A_Condition_Can_Ask_For_Failure()
    {
        RunScript run = new RunScript("""
              - { id: a, uses: echo }
              - { id: b, uses: echo, if: '${{ failure() }}' }
              - { id: c, uses: echo, needs: [a] }
            """).Claim().Fails("a");

        Assert.Equal(["b"], run.Todo);
        Assert.Equal("a:Failed b:Running c:Skipped", run.ToString());
    }

    [Fact]
    public void A_Step_Is_Tried_Again_After_A_Pause_That_Doubles()
    {
        RunScript run = new RunScript("  - { id: a, uses: echo, retry: { attempts: 3, backoff: 10 } }").Claim().Fails("a");
        Assert.Equal(RunStatus.Waiting, run.State.Status);
        Assert.Equal(run.Now.AddSeconds(10), run.State.WakeAt);

        run.Now = run.Now.AddSeconds(10);
        run.Claim().Fails("a");
        Assert.Equal(run.Now.AddSeconds(20), run.State.WakeAt);

        run.Now = run.Now.AddSeconds(20);
        run.Claim().Fails("a");
        Assert.Equal(RunStatus.Failed, run.State.Status);
    }

    [Fact]
    public void A_Pause_That_Is_Not_Over_Is_Not_Cut_Short_By_A_Claim()
    {
        RunScript run = new RunScript("  - { id: a, uses: echo, retry: { attempts: 2, backoff: 10 } }").Claim().Fails("a");

        Assert.Empty(run.Claim().Todo);
    }

    [Fact]
    public void Items_Run_At_Most_So_Many_At_Once_And_Their_Outputs_Stay_In_Order()
    {
        RunScript run = new RunScript("""
              - { id: a, uses: echo }
              - { id: each, uses: echo, for-each: '${{ steps.a.outputs.list }}', max-parallel: 2 }
              - { id: z, uses: echo }
            """).Claim().Done("a", new JsonObject { ["list"] = new JsonArray("x", "y", "w") });
        Assert.Equal(["each[0]", "each[1]"], run.Todo);

        run.Done("each[1]", new JsonObject { ["n"] = 1 });
        Assert.Equal(["each[0]", "each[2]"], run.Todo);

        run.Done("each[2]", new JsonObject { ["n"] = 2 }).Done("each[0]", new JsonObject { ["n"] = 0 });
        Assert.Equal("""[{"n":0},{"n":1},{"n":2}]""", run.State["each"].Outputs!.ToJsonString());
        Assert.Equal(["z"], run.Todo);
    }

    [Fact]
    public void A_List_Without_Items_Is_Done()
    {
        RunScript run = new RunScript("  - { id: each, uses: echo, for-each: '${{ fromJSON(''[]'') }}' }").Claim();

        Assert.Equal(RunStatus.Succeeded, run.State.Status);
    }

    [Fact]
    public void A_Value_That_Is_No_List_Fails_The_Step_With_Its_Place()
    {
        RunScript run = new RunScript("  - { id: each, uses: echo, for-each: '${{ inputs }}' }").Claim();

        Assert.Equal("AW2005", run.State.Code);
        Assert.StartsWith("w.yml:", run.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Step_Sees_The_Changes_Of_Its_Ancestors_Only()
    {
        RunScript run = new RunScript(Diamond).Claim().Done("a", changes: Writes("a")).Done("b", changes: Writes("b"));

        Assert.Equal(["a"], run.Machine.TreeFor(run.State, "c", WorkspaceTree.Empty).Files.Keys.Select(p => p.Value));
        Assert.Equal(["a", "b"], run.Machine.TreeFor(run.State, "d", WorkspaceTree.Empty).Files.Keys.Select(p => p.Value));
    }

    [Fact]
    public void A_Waiting_Step_Holds_Nothing_And_Goes_On_With_The_Answer()
    {
        RunScript run = new RunScript("  - { id: a, uses: echo }").Claim().Waits("a");
        Assert.Equal(RunStatus.Waiting, run.State.Status);
        Assert.Null(run.State.WakeAt);

        run.Happens(new RunEvent.Answered("a", new JsonObject { ["approved"] = true }));
        Assert.Equal(["a"], run.Todo);
        Assert.True(run.State["a"].Answer!["approved"]!.GetValue<bool>());
    }

    [Fact]
    public void Waiting_Does_Not_Use_Up_The_Time_Limit()
    {
        RunScript run = new RunScript("  - { id: a, uses: echo }").Claim();
        run.Now = run.Now.AddMinutes(1);
        run.Waits("a");
        run.Now = run.Now.AddDays(3);
        run.Happens(new RunEvent.Answered("a", []));
        run.Now = run.Now.AddMinutes(1);
        run.Done("a");

        Assert.Equal(TimeSpan.FromMinutes(2), run.State.ActiveFor);
    }

    [Fact]
    public void Effects_Are_Applied_Before_The_Step_Goes_On_With_Their_Receipts()
    {
        RunScript run = new RunScript("  - { id: a, uses: echo }").Claim();
        run.Happens(new RunEvent.Returned("a", new StepResult.Act([Branch]), TreeDelta.None));
        Assert.Contains("!a", run.Todo);

        run.Happens(new RunEvent.Applied("a", [ReceiptOf(EffectOutcome.Applied)]));
        Assert.Single(run.State["a"].Receipts);
        Assert.Equal(StepStatus.Running, run.State["a"].Status);
    }

    [Fact]
    public void A_Refused_Effect_Fails_The_Step_With_The_Forges_Reason()
    {
        RunScript run = new RunScript("  - { id: a, uses: echo }").Claim();
        run.Happens(new RunEvent.Returned("a", new StepResult.Act([Branch]), TreeDelta.None));
        run.Happens(new RunEvent.Applied("a", [ReceiptOf(EffectOutcome.Refused)]));

        Assert.Equal("the name is taken", run.State.Reason);
    }

    [Fact]
    public void A_Process_That_Takes_Over_Calls_What_Was_At_Work_And_Looks_Up_What_Was_Being_Applied()
    {
        RunScript run = new RunScript(Diamond).Claim().Done("a");
        run.Happens(new RunEvent.Returned("b", new StepResult.Act([Branch]), TreeDelta.None));

        run.Claim(takenOver: true);
        Assert.Equal(["!b", "c"], run.Todo);
        Assert.Equal(1, run.State["c"].Attempt);
    }

    [Fact]
    public void A_Run_That_Ends_The_Process_Five_Times_In_A_Row_Is_Given_Up_With_A_Way_On()
    {
        RunScript run = new RunScript("  - { id: a, uses: echo }").Claim();
        Die(run, 4);
        Assert.Equal(["a"], run.Todo);

        run.Claim(takenOver: true);
        Assert.Equal("AW2003", run.State.Code);
        Assert.Contains("/aw retry", run.State.Reason, StringComparison.Ordinal);
        Assert.Equal(0, run.Happens(new RunEvent.RetryRequested()).State.Deaths);
    }

    [Fact]
    public void Effects_That_End_The_Process_Five_Times_In_A_Row_Give_The_Run_Up_Too()
    {
        RunScript run = new RunScript("  - { id: a, uses: echo }").Claim();
        run.Happens(new RunEvent.Returned("a", new StepResult.Act([Branch]), TreeDelta.None));

        Die(run, 5);
        Assert.Equal("AW2003", run.State.Code);
    }

    [Fact]
    public void A_Death_After_Which_The_Run_Got_On_Does_Not_Count()
    {
        RunScript run = new RunScript(Diamond).Claim().Done("a");
        Die(run, 4);

        // Another step is done, an effect is recorded, the step's own effects are there, a minute is endured.
        Die(run.Done("c"), 4);
        Die(run, 4, recorded: 1);
        Die(run.Happens(new RunEvent.Returned("b", new StepResult.Act([Branch]), TreeDelta.None)), 4, recorded: 1);
        Die(run.Happens(new RunEvent.Applied("b", [ReceiptOf(EffectOutcome.Applied)])), 4, recorded: 2);
        Die(run.Happens(new RunEvent.Endured()), 4, recorded: 2);
        Assert.Equal(["b"], run.Todo);

        run.Claim(takenOver: true, recorded: 2);
        Assert.Equal(("AW2003", StepStatus.Skipped), (run.State.Code, run.State["d"].Status));
    }

    [Fact]
    public void The_Time_In_Which_Nobody_Had_The_Run_Is_No_Time_At_Work()
    {
        RunScript run = new RunScript("  - { id: a, uses: echo }").Claim();
        run.Now += TimeSpan.FromMinutes(3);
        run.Happens(new RunEvent.Endured());
        run.Now += TimeSpan.FromDays(3);

        run.Claim(takenOver: true);
        run.Now += TimeSpan.FromMinutes(2);
        Assert.Equal(TimeSpan.FromMinutes(5), run.Done("a").State.ActiveFor);
    }

    [Fact]
    public void A_Process_That_Let_Go_Of_The_Run_Ends_The_Row_Of_Deaths()
    {
        RunScript run = new RunScript("  - { id: a, uses: echo }").Claim();
        Die(run, 4);

        Die(run.Claim(takenOver: false), 4);
        Assert.Equal(["a"], run.Todo);
    }

    [Fact]
    public void To_Wait_Again_Is_No_Progress()
    {
        RunScript run = new RunScript("  - { id: a, uses: echo }\n  - { id: b, uses: echo, needs: [] }").Claim();
        for (int death = 1; death <= 5; death++)
        {
            run.Waits("b", run.Now).Claim(takenOver: true);
        }

        Assert.Equal("AW2003", run.State["a"].Code);
    }

    [Fact]
    public void What_An_Earlier_Attempt_Asked_For_Is_Looked_Up_First()
    {
        RunScript run = new RunScript("  - { id: a, uses: echo }").Claim().Fails("a");
        run.Happens(new RunEvent.RetryRequested());

        Transition next = run.Machine.Advance(run.State, new RunEvent.Returned("a", new StepResult.Act([Branch]), TreeDelta.None), run.Now);
        Assert.Equal(new RunAction.Apply("a", Fresh: false), Assert.Single(next.Actions));
    }

    private static void Die(RunScript run, int times, int recorded = 0)
    {
        for (int death = 0; death < times; death++)
        {
            run.Claim(takenOver: true, recorded);
        }
    }

    [Fact]
    public void Cancelling_Ends_All_That_Is_Not_Over()
    {
        RunScript run = new RunScript(Diamond).Claim().Done("a").Happens(new RunEvent.CancelRequested("@ada said so"));

        Assert.Equal("a:Succeeded b:Cancelled c:Cancelled d:Cancelled", run.ToString());
        Assert.Equal(RunStatus.Cancelled, run.State.Status);
    }

    [Fact]
    public void A_Retry_Keeps_What_Is_Done_And_Tries_The_Rest()
    {
        RunScript run = new RunScript(Diamond).Claim().Done("a").Fails("b").Done("c");

        run.Happens(new RunEvent.RetryRequested());
        Assert.Contains("b", run.Todo);
        Assert.Equal("a:Succeeded b:Running c:Succeeded d:Pending", run.ToString());
    }

    [Fact]
    public void A_Retry_Also_Calls_A_Verification_That_Did_Not_Pass_And_What_Stands_On_It()
    {
        RunScript run = new RunScript(Diamond).Claim().Done("a").Done("b", retryable: true).Done("c").Done("d");
        Assert.Equal(RunStatus.Succeeded, run.State.Status);

        run.Happens(new RunEvent.RetryRequested());
        Assert.Equal("a:Succeeded b:Running c:Succeeded d:Pending", run.ToString());
    }

    [Fact]
    public void A_Run_That_Is_Over_Stays_As_It_Is()
    {
        RunScript run = new RunScript("  - { id: a, uses: echo }").Claim().Done("a");
        RunState over = run.State;

        run.Happens(new RunEvent.CancelRequested("late"));
        Assert.Same(over, run.State);
    }

    private static CreateBranch Branch { get; } = new(new EffectKey("branch/x"), BranchName.Parse("x"), CommitId.Parse(new string('a', 40)));

    private static Receipt ReceiptOf(EffectOutcome outcome) =>
        new(Branch.Key, Branch.Kind, outcome, ImmutableSortedDictionary<string, string>.Empty, outcome == EffectOutcome.Refused ? "the name is taken" : null);

    private static TreeDelta Writes(string path) =>
        TreeDelta.Between(WorkspaceTree.Empty, WorkspaceTree.Empty.With(RepoPath.Parse(path), new FileEntry(new string('0', 64), 1, false)));
}
