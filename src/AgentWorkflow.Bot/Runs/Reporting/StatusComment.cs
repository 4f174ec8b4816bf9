using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Runs.Reporting;

/// <summary>The text of a run's one comment: who reads only the first line knows the outcome.</summary>
internal static class StatusComment
{
    private const int MostArchives = 10;

    /// <summary>The whole text at this moment.</summary>
    public static string Compose(RunFacts run, Workflow workflow, RunState state, RunSummary summary, RunLinks links)
    {
        StringBuilder text = new();
        text.Append(Headline(state, summary)).Append(" · `").Append(workflow.Name).Append('`');
        if (summary.Template is { } template)
        {
            text.Append(" on `").Append(template).Append('`');
        }

        text.Append(" · asked by @").Append(run.Actor.Login).Append(" · ").Append(links.Name(run.Id)).Append("\n\n| | step | | |\n|---|---|---|---|\n");
        foreach (StepState step in state.Steps.Where(s => s.Item is null))
        {
            text.Append("| ").Append(Icon(step.Status)).Append(" | ").Append(step.StepId).Append(" | ").Append(Duration(step)).Append(" | ").Append(Cell(step)).Append(" |\n");
        }

        text.Append(state.IsOver ? Archives(run, summary) : "");
        return text.Append('\n').Append(Ending(state, summary)).Append('\n').ToString();
    }

    /// <summary>The state in two lines: the answer to <c>/status</c>.</summary>
    public static string Brief(RunView run, RunLinks links)
    {
        string steps = string.Join(", ", run.State.Steps.Where(s => s.Item is null && s.Status is StepStatus.Running or StepStatus.Acting or StepStatus.Retrying).Select(s => $"`{s.StepId}`"));
        string work = steps.Length > 0 ? $", at work on {steps}" : run.State.Status == RunStatus.Queued ? ", waiting for its turn" : "";
        string time = string.Create(CultureInfo.InvariantCulture, $"{run.Duration.TotalMinutes:0.#} min");
        return $"{Headline(run.State, run.Summary)} · `{run.Workflow.Name}` · {links.Name(run.Facts.Id)}{work} · {time}\n\n{Ending(run.State, run.Summary)}";
    }

    /// <summary>
    /// One short comment beside the status comment, whose edits notify nobody: a run that ended without a pull request, and one that
    /// waits for a person. It mentions the person who asked and nobody else. Null where nobody needs to be told.
    /// </summary>
    public static string? Note(RunFacts run, RunState state, RunSummary summary) => state.Status switch
    {
        RunStatus.Failed or RunStatus.Cancelled when summary.PullRequest is null => $"@{run.Actor.Login} {Headline(state, summary)}\n\n{Ending(state, summary)}",
        RunStatus.Waiting when state.Steps.Exists(s => s is { Status: StepStatus.Waiting, WakeAt: null }) => $"@{run.Actor.Login} {Headline(state, summary)}",
        _ => null,
    };

    /// <summary>How it stands, in a line without markup: the title of a check.</summary>
    public static string Title(RunState state, RunSummary summary) => InertText.Plain(Headline(state, summary));

    // Paths of the bot's machine are told on the machine alone.
    private static string Archives(RunFacts run, RunSummary summary)
    {
        List<JsonObject> archives = [.. summary.Archives.OfType<JsonObject>().Take(MostArchives)];
        IEnumerable<string> lines = archives.Select(a =>
            $"- `{RunSummary.Text(a, "format")}`, {RunSummary.Number(a, "size")} bytes, sha256 `{RunSummary.Text(a, "sha256")}`{(run.Forge == "local" ? $": `{RunSummary.Text(a, "path")}`" : "")}\n");
        return archives.Count == 0 ? "" : $"\nArchives, kept with the bot{(run.Forge == "local" ? "" : $" (its operator gets them with `agentworkflow export {run.Repository}`)")}:\n\n{string.Concat(lines)}";
    }

    private static string Headline(RunState state, RunSummary summary) => state.Status switch
    {
        RunStatus.Succeeded when summary.PullRequest is null => "**Done**",
        RunStatus.Succeeded when summary.IsVerified => $"**Done**: {Number(summary)}, verified, {summary.Tests.Passed} tests",
        RunStatus.Succeeded when summary.IsTested => $"**Done**: {Number(summary)}, tested without a sandbox, {summary.Tests.Passed} tests",
        RunStatus.Succeeded => $"**Done{(summary.PullRequest["draft"]?.GetValue<bool>() == true ? ", as a draft" : "")}**: {Number(summary)}, not verified: {Inert(summary.Reason ?? "no commands were run", 300)}",
        RunStatus.Failed => $"**Failed**: {Inert(state.Reason ?? "", 500)}",
        RunStatus.Cancelled => $"**Cancelled**: {Inert(state.Reason ?? "", 500)}",
        RunStatus.Waiting => $"**Waiting**: {Inert(string.Join("; ", state.Steps.Where(s => s.Status == StepStatus.Waiting || s is { Status: StepStatus.Acting, WakeAt: not null }).Select(s => s.Reason)), 800)}",
        _ => "**Generating**",
    };

    private static string Ending(RunState state, RunSummary summary) => state.Status switch
    {
        RunStatus.Succeeded when summary.PullRequest is null => $"{Cost(summary)} `/aw generate` runs it again.",
        RunStatus.Succeeded when summary.IsTested => $"{Stories(summary)}{Cost(summary)} `/aw generate` again updates it while it is open.",
        RunStatus.Succeeded => $"{Stories(summary)}{Cost(summary)} `/aw retry` verifies it again.",
        RunStatus.Failed or RunStatus.Cancelled when summary.PullRequest is not null => $"{Number(summary)} is open. {Cost(summary)}{Retry(state, "goes on from there")}",
        RunStatus.Failed or RunStatus.Cancelled when state.Steps.Exists(s => s.Status == StepStatus.Succeeded) => $"No pull request was opened; what was done before is kept. {Cost(summary)}{Retry(state, "goes on from there")}",
        RunStatus.Failed or RunStatus.Cancelled => $"Nothing was done. {Cost(summary)}{Retry(state, "starts it again")}",
        RunStatus.Waiting => "Nothing is spent while it waits. `/aw cancel` stops it.",
        _ => "`/aw cancel` stops it.",
    };

    // A reason that says itself which command helps would be contradicted by another.
    private static string Retry(RunState state, string what) =>
        state.Reason?.Contains("/aw ", StringComparison.Ordinal) == true ? "" : $" `/aw retry` {what}.";

    private static string Cost(RunSummary summary)
    {
        double seconds = (summary.Verification?["commands"]?.AsArray() ?? []).Sum(c => c?["seconds"] is { } s && double.TryParse(s.ToString(), CultureInfo.InvariantCulture, out double value) ? value : 0);
        return string.Create(CultureInfo.InvariantCulture, $"Cost: no model was used, $0.00, 0 tokens, {seconds:0.0} s of commands.");
    }

    private static string Stories(RunSummary summary)
    {
        List<JsonObject> stories = [.. (summary.PullRequest?["stories"]?.AsArray() ?? []).OfType<JsonObject>()];
        List<string> left = [.. stories.Where(s => RunSummary.Text(s, "outcome") == "needs-model").Select(s => Inert(RunSummary.Text(s, "id") ?? "", 40))];
        int partly = stories.Count(s => RunSummary.Text(s, "outcome") == "partly");
        return stories.Count == 0 ? ""
            : $"{stories.Count - left.Count} of {stories.Count} stories generated{(partly == 0 ? "" : $", {partly} of them partly")}"
                + (left.Count == 0 ? ". " : $"; {string.Join(", ", left.Take(20))}{(left.Count > 20 ? $" and {left.Count - 20} more" : "")} {(left.Count == 1 ? "needs" : "need")} a model. ");
    }

    private static string Number(RunSummary summary) => ItemNumber.Text(RunSummary.Number(summary.PullRequest, "number") ?? 0);

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
        step.StartedAt is { } started && step.FinishedAt is { } finished ? string.Create(CultureInfo.InvariantCulture, $"{(finished - started).TotalSeconds:0.0} s") : "";

    private static string Cell(StepState step) => Inert(step.Reason ?? step.Note ?? "", 300);

    private static string Inert(string text, int most) => InertText.Of(text, most);
}
