using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Tests.Scenarios;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Runs.Reporting;

/// <summary>Who reads only the first line knows the outcome; nobody but the person who asked is mentioned, and links need a public address.</summary>
public sealed class StatusCommentTests
{
    private static readonly Workflow s_workflow = new WorkflowParser(new StepRegistry([new ScriptStep()])).Parse("w.yml", "on: { manual: true }\nsteps: [{ id: a, uses: script }]"u8.ToArray()).Workflow!;
    private static readonly RunLinks s_nowhere = new(PublicUrl: null);

    [Theory]
    [InlineData(true, true, "passed", "**Done**: #7, verified, 2 tests")]
    [InlineData(false, true, "passed", "**Done**: #7, tested without a sandbox, 2 tests")]
    [InlineData(false, false, "failed", "**Done, as a draft**: #7, not verified: two tests fail")]
    [InlineData(false, false, "skipped", "**Done, as a draft**: #7, not verified: two tests fail")]
    public void The_First_Line_Says_What_Is_True_Of_The_Pull_Request(bool verified, bool tested, string status, string first)
    {
        RunSummary summary = new()
        {
            PullRequest = new JsonObject { ["number"] = 7, ["verified"] = verified, ["draft"] = !tested, ["verification"] = status, ["reason"] = tested ? null : "two tests fail" },
            Verification = new JsonObject { ["status"] = status, ["reason"] = tested ? null : "two tests fail", ["tests"] = new JsonObject { ["passed"] = 2, ["failed"] = 0, ["skipped"] = 0 } },
        };

        Assert.StartsWith(first, Text(State(RunStatus.Succeeded), summary), StringComparison.Ordinal);
        Assert.Equal((tested, verified), (summary.IsTested, summary.IsVerified));
        Assert.Null(StatusComment.Note(Run(), State(RunStatus.Succeeded), summary));
    }

    [Theory]
    [InlineData(RunStatus.Failed, "**Failed**")]
    [InlineData(RunStatus.Cancelled, "**Cancelled**")]
    public void An_End_Without_A_Pull_Request_Says_What_To_Do_And_Tells_The_Asker_Alone(RunStatus status, string first)
    {
        RunState state = State(status) with { Reason = "Broke for @eve, fixes #3\n/merge" };
        string text = Text(state, new RunSummary());
        string note = StatusComment.Note(Run(), state, new RunSummary())!;

        Assert.StartsWith(first, text, StringComparison.Ordinal);
        Assert.Contains("/aw retry", text);
        Assert.StartsWith($"@ann {first}", note, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?<!`)@eve|(?<!`)#3|(?m)^/merge", text + note);
    }

    [Fact]
    public void A_Wait_For_A_Person_Is_Told_And_A_Wait_For_A_Time_Is_Not()
    {
        RunState waits = State(RunStatus.Waiting, new StepState { Key = "a", StepId = "a", Status = StepStatus.Waiting, Reason = "Answer with yes" });
        RunState sleeps = State(RunStatus.Waiting, new StepState { Key = "a", StepId = "a", Status = StepStatus.Waiting, Reason = "Soon", WakeAt = DateTimeOffset.MaxValue });

        Assert.Equal("@ann **Waiting**: Answer with yes", StatusComment.Note(Run(), waits, new RunSummary()));
        Assert.Null(StatusComment.Note(Run(), sleeps, new RunSummary()));
    }

    [Fact]
    public void Without_A_Public_Address_There_Are_No_Links()
    {
        RunSummary nothing = new();
        string id = Run().Id;

        Assert.DoesNotContain("](", Text(State(RunStatus.Running), nothing));
        Assert.Contains($"[run {id[..8]}](https://bot.example.org/base/runs/{id})", StatusComment.Compose(Run(), s_workflow, State(RunStatus.Running), nothing, new RunLinks(new Uri("https://bot.example.org/base/"))));
    }

    [Fact]
    public void Archives_Are_Named_And_A_Path_Of_This_Machine_On_The_Machine_Alone()
    {
        RunSummary summary = new() { Archives = [new JsonObject { ["format"] = "zip", ["path"] = "/data/a.zip", ["size"] = 12, ["sha256"] = "abc" }] };
        string here = Text(State(RunStatus.Succeeded), summary);
        string there = StatusComment.Compose(Run() with { Forge = "github" }, s_workflow, State(RunStatus.Succeeded), summary, s_nowhere);

        Assert.Contains("`zip`, 12 bytes, sha256 `abc`: `/data/a.zip`", here);
        Assert.DoesNotContain("/data/a.zip", there);
        Assert.Contains("agentworkflow export ideas/books", there);
    }

    [Fact]
    public void A_Summary_Reads_The_Steps_That_Count()
    {
        Workflow workflow = s_workflow;
        RunState state = State(RunStatus.Succeeded, new StepState { Key = "a", StepId = "a", Status = StepStatus.Succeeded, Outputs = new JsonObject { ["stories"] = new JsonArray(), ["entities"] = new JsonArray(), ["template"] = "node-api" } });

        RunSummary summary = RunSummary.Of(new RunMachine(workflow, new Dictionary<string, JsonNode?>()), state);

        Assert.NotNull(summary.Requirements);
        Assert.Equal(("node-api", "skipped", false, false), (summary.Template, summary.VerificationStatus, summary.IsTested, summary.IsVerified));
        Assert.Equal((0, 0, 0), summary.Tests);
        Assert.Equal(5, RunSummary.Number(new JsonObject { ["n"] = "5" }, "n"));
        Assert.Null(RunSummary.Number(new JsonObject { ["n"] = "five" }, "n"));
        Assert.Null(RunSummary.Text(new JsonObject { ["n"] = 5 }, "n"));
    }

    private static string Text(RunState state, RunSummary summary) => StatusComment.Compose(Run(), s_workflow, state, summary, s_nowhere);

    private static RunState State(RunStatus status, params StepState[] steps) => new() { Status = status, Steps = steps.Length == 0 ? [new StepState { Key = "a", StepId = "a" }] : [.. steps] };

    private static RunFacts Run() => new()
    {
        Id = new string('k', 26),
        Key = new string('x', 25),
        Forge = "local",
        Repository = RepoRef.TryParse("ideas/books", out RepoRef? books) ? books : throw new InvalidOperationException(),
        DefaultBranch = "main",
        BaseCommit = CommitId.Parse(new string('1', 40)),
        BaseTree = WorkspaceTree.Empty,
        Actor = new ActorId(1, "ann"),
        WorkflowName = "w",
        WorkflowSource = "built-in",
        Inputs = [],
        Branch = BranchName.Parse("agentworkflow/1-x"),
        CreatedAt = DateTimeOffset.UnixEpoch,
        Generation = 1,
    };
}
