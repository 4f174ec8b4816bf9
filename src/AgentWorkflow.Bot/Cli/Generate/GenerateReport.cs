using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Cli.Generate;

/// <summary>The last words of <c>generate</c>: what came out, where it is, what to type next.</summary>
internal static class GenerateReport
{
    private const int MostFailures = 10;

    /// <summary>Composes the text.</summary>
    public static string Compose(GenerateResult result, StorageOptions storage, bool dryRun)
    {
        StringBuilder text = new();
        text.Append('\n').Append(Outcome(result)).Append('\n');
        AppendFailures(text, result.View.Summary);
        AppendStories(text, result.View.Summary);
        if (dryRun)
        {
            text.Append("\nDry run: nothing was kept. It would have been done:\n");
            result.Effects.ToList().ForEach(e => text.Append("  ").Append(e.Kind).Append("  ").Append(e.Key).Append('\n'));
            return text.ToString();
        }

        AppendPlaces(text, result, storage);
        return text.ToString();
    }

    private static string Outcome(GenerateResult result)
    {
        RunSummary summary = result.View.Summary;
        string number = $"#{RunSummary.Number(summary.PullRequest, "number")}";
        string tree = (RunSummary.Text(summary.PullRequest, "tree") ?? "0000000")[..7];
        return (result.View.State.Status, summary) switch
        {
            (RunStatus.Succeeded, { PullRequest: null }) => "Done; this workflow opens no pull request.",
            (RunStatus.Succeeded, { IsVerified: true }) when RunSummary.Text(summary.Verification, "sandbox") == "none" =>
                $"Pull request {number} is open, tested without a sandbox (none on this machine; built-in template, no model): {summary.Tests.Passed} tests passed on tree {tree}.",
            (RunStatus.Succeeded, { IsVerified: true }) => $"Pull request {number} is open and verified: {summary.Tests.Passed} tests passed on tree {tree}.",
            (RunStatus.Succeeded, { VerificationStatus: "failed" }) => $"Pull request {number} is a draft: {RunSummary.Text(summary.Verification, "reason")} on tree {tree}.",
            (RunStatus.Succeeded, _) => $"Pull request {number} is a draft, not verified: {RunSummary.Text(summary.Verification, "reason") ?? "no commands were run"}",
            (RunStatus.Waiting, _) => $"The run waits: {string.Join("; ", result.View.State.Steps.Where(s => s.Status == StepStatus.Waiting).Select(s => s.Reason))}.",
            (RunStatus.Cancelled, _) => $"The run was cancelled: {result.View.State.Reason}",
            _ => $"The run failed: {result.View.State.Code} {result.View.State.Reason}",
        };
    }

    private static void AppendFailures(StringBuilder text, RunSummary summary)
    {
        List<JsonObject> failed = [.. (summary.Verification?["tests"]?["cases"]?.AsArray() ?? []).OfType<JsonObject>().Where(c => RunSummary.Text(c, "outcome") == "failed")];
        foreach (JsonObject test in failed.Take(MostFailures))
        {
            text.Append("  ").Append(RunSummary.Text(test, "name")).Append("   ").Append((RunSummary.Text(test, "message") ?? "").ReplaceLineEndings(" ").AsSpan().Slice(0, Math.Min(160, (RunSummary.Text(test, "message") ?? "").ReplaceLineEndings(" ").Length))).Append('\n');
        }

        if (failed.Count > MostFailures)
        {
            text.Append("  ... and ").Append(failed.Count - MostFailures).Append(" more\n");
        }
    }

    private static void AppendStories(StringBuilder text, RunSummary summary)
    {
        List<JsonObject> stories = [.. (summary.PullRequest?["stories"]?.AsArray() ?? []).OfType<JsonObject>()];
        if (stories.Count == 0)
        {
            return;
        }

        List<JsonObject> open = stories.FindAll(s => RunSummary.Text(s, "outcome") != "generated");
        text.Append("  ").Append(stories.Count - open.Count).Append(" of ").Append(stories.Count).Append(" stories generated");
        text.Append(string.Concat(open.Take(3).Select(s => $"; {RunSummary.Text(s, "id")} \"{RunSummary.Text(s, "title")}\" {(RunSummary.Text(s, "outcome") == "partly" ? "partly" : "needs a model")}")));
        text.Append(open.Count > 3 ? $"; {open.Count - 3} more\n" : "\n");
    }

    private static void AppendPlaces(StringBuilder text, GenerateResult result, StorageOptions storage)
    {
        string run = result.View.Facts.Id[..8];
        RunSummary summary = result.View.Summary;
        text.Append('\n');
        if (RunSummary.Text(summary.PullRequest, "branch") is { } branch)
        {
            text.Append($"  look     git clone {result.RepositoryPath} -b {branch}\n");
            text.Append($"  read     {Path.Combine(storage.DataDirectory, "pull-requests", result.View.Facts.Repository.ToString(), $"{RunSummary.Number(summary.PullRequest, "number")}.md")}\n");
        }

        foreach (JsonObject archive in summary.Archives.OfType<JsonObject>())
        {
            text.Append($"  archive  {RunSummary.Text(archive, "path")}   (sha256 {RunSummary.Text(archive, "sha256")?[..8]}…)\n");
        }

        if (result.RecordPath is { } record)
        {
            text.Append($"  record   {record}\n");
        }

        if (!result.IsVerified)
        {
            string? step = result.View.State.Steps.Find(s => s.Status == StepStatus.Failed || s.Retryable)?.Key;
            text.Append(step is null ? "" : $"  log      {StepLog.PathOf(storage, result.View.Facts.Id, step)}\n");
            text.Append($"  again    agentworkflow generate --retry {run}\n");
        }
    }
}
