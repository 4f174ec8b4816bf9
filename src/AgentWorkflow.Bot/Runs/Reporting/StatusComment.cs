using System.Text;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Runs.Reporting;

/// <summary>The text of a run's one comment: who reads only the first line knows the outcome.</summary>
internal static class StatusComment
{
    /// <summary>The whole text at this moment.</summary>
    public static string Compose(RunLease lease, Workflow workflow, RunMachine machine, RunState state)
    {
        RunSummary summary = RunSummary.Of(machine, state);
        StringBuilder text = new();
        text.Append(Headline(state, summary)).Append(" · `").Append(workflow.Name).Append('`');
        if (summary.Template is { } template)
        {
            text.Append(" on `").Append(template).Append('`');
        }

        RunFacts run = lease.Pin.Facts;
        text.Append(" · asked by @").Append(run.Actor.Login).Append(" · run ").Append(run.Id.AsSpan(0, 8)).Append("\n\n| | step | | |\n|---|---|---|---|\n");
        foreach (StepState step in state.Steps.Where(s => s.Item is null))
        {
            text.Append("| ").Append(Icon(step.Status)).Append(" | ").Append(step.StepId).Append(" | ").Append(Duration(step)).Append(" | ").Append(Cell(step)).Append(" |\n");
        }

        return text.Append('\n').Append(Ending(state, summary)).Append('\n').ToString();
    }

    private static string Headline(RunState state, RunSummary summary) => state.Status switch
    {
        RunStatus.Succeeded when summary.PullRequest is null => "**Done**",
        RunStatus.Succeeded when summary.IsVerified => $"**Done**: #{Number(summary)}, verified, {summary.Tests.Passed} tests",
        RunStatus.Succeeded => $"**Done, as a draft**: #{Number(summary)}, {Inert(RunSummary.Text(summary.Verification, "reason") ?? "not verified")}",
        RunStatus.Failed => $"**Failed**: {Inert(state.Reason ?? "")}",
        RunStatus.Cancelled => $"**Cancelled**: {Inert(state.Reason ?? "")}",
        RunStatus.Waiting => $"**Waiting**: {Inert(string.Join("; ", state.Steps.Where(s => s.Status == StepStatus.Waiting).Select(s => s.Reason)))}",
        _ => "**Generating**",
    };

    private static string Ending(RunState state, RunSummary summary) => state.Status switch
    {
        RunStatus.Succeeded when summary.IsVerified || summary.PullRequest is null => "No model was used. `/generate` again updates it while it is open.",
        RunStatus.Succeeded => "No model was used. `/retry` verifies it again.",
        RunStatus.Failed when state.Steps.Exists(s => s.Status == StepStatus.Succeeded) => "No model was used; what was done before the failure is kept. `/retry` goes on from there.",
        RunStatus.Failed or RunStatus.Cancelled => "No model was used; nothing was committed. `/retry` starts it again.",
        RunStatus.Waiting => "Nothing is spent while it waits. `/cancel` stops it.",
        _ => "`/cancel` stops it.",
    };

    private static long? Number(RunSummary summary) => RunSummary.Number(summary.PullRequest, "number");

    private static string Icon(StepStatus status) => status switch
    {
        StepStatus.Succeeded => "✅",
        StepStatus.Failed => "❌",
        StepStatus.Running or StepStatus.Acting or StepStatus.Retrying => "⏳",
        StepStatus.Waiting => "⏸",
        StepStatus.Skipped or StepStatus.Cancelled => "–",
        _ => "·",
    };

    private static string Duration(StepState step) =>
        step.StartedAt is { } started && step.FinishedAt is { } finished ? $"{(finished - started).TotalSeconds:0.0} s" : "";

    private static string Cell(StepState step) => Inert(step.Reason ?? step.Note ?? "").Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static string Inert(string text) => InertText.Of(text);
}
