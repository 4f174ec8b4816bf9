using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Cli.Generate;

/// <summary>The last words of <c>generate</c>: what came out, where it is, what to type next.</summary>
internal static class GenerateReport
{
    private const int MostFailures = 10;
    private const int LongestMessage = 120;
    private const int LongestStory = 72;

    /// <summary>Composes the text.</summary>
    /// <param name="result">What came out.</param>
    /// <param name="storage">Where the data are.</param>
    /// <param name="outFolder">Where the files were written too; null for nowhere.</param>
    /// <param name="dryRun">True when nothing is kept.</param>
    public static string Compose(GenerateResult result, StorageOptions storage, string? outFolder, bool dryRun)
    {
        RunSummary summary = result.View.Summary;
        string outcome = Outcome(result);
        StringBuilder text = new();
        text.Append('\n').Append(dryRun ? "Dry run, nothing was kept. A real run would have said:\n" : "").Append(outcome).Append('\n');
        AppendFailures(text, summary);
        AppendStories(text, summary);
        text.Append('\n');
        if (dryRun)
        {
            text.Append("Effects it would have had:\n");
            result.Effects.ToList().ForEach(e => text.Append("  ").Append(e.Kind).Append("  ").Append(e.Key).Append('\n'));
            return text.ToString();
        }

        foreach ((string what, string where) in Lines(result, storage, outFolder, outcome))
        {
            text.Append("  ").Append(what.PadRight(9)).Append(where).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One sentence on the end of the run.</summary>
    private static string Outcome(GenerateResult result)
    {
        RunState state = result.View.State;
        string reason = Clean(state.Reason ?? "");
        return state.Status switch
        {
            RunStatus.Succeeded when result.View.Summary.PullRequest is not null => PullRequest(result.View.Summary),
            RunStatus.Succeeded when result.IsDone => Made(result.View.Summary),
            RunStatus.Succeeded => "The run is done. Its workflow opens no pull request, so nothing counts as verified.",
            RunStatus.Failed => $"The run failed: {(state.Code is null ? "" : $"{state.Code} ")}{reason}",
            RunStatus.Cancelled => $"The run was cancelled{(reason.Length == 0 ? "." : $": {reason}")}",
            RunStatus.Waiting => $"The run waits: {string.Join("; ", state.Steps.Where(s => s.Status == StepStatus.Waiting).Select(s => Clean(s.Reason ?? s.StepId).TrimEnd('.')))}.",
            _ => "The run is not over; another process may go on with it.",
        };
    }

    private static string Made(RunSummary summary)
    {
        string[] made =
        [
            .. summary.Repositories.Select(r => $"the repository {Clean(RunSummary.Text(r, "name") ?? "")} on {RunSummary.Text(r, "forge")}{(RunSummary.Number(r, "issues") is > 0 and var issues ? $" with {Count((int)issues, "issue")}" : "")}"),
            .. summary.Archives.Count == 0 ? Array.Empty<string>() : [Count(summary.Archives.Count, "archive")],
        ];
        return $"The run made {string.Join(" and ", made)}{(summary.Tests.Passed == 0 ? "" : $": {Count(summary.Tests.Passed, "test")} passed")}. Its workflow opens no pull request.";
    }

    private static string PullRequest(RunSummary summary)
    {
        string number = $"Pull request #{RunSummary.Number(summary.PullRequest, "number")}";
        string tree = (RunSummary.Text(summary.PullRequest, "tree") ?? "").PadRight(7)[..7].TrimEnd();
        (int passed, int failed, int skipped) = summary.Tests;
        string tests = $"{Count(passed, "test")} passed{(skipped == 0 ? "" : $", {skipped} skipped")} on tree {tree}";
        string reason = Clean(RunSummary.Text(summary.Verification, "reason") ?? "").TrimEnd('.');
        bool isDraft = summary.PullRequest?["draft"]?.GetValue<bool>() is true;
        return summary.VerificationStatus switch
        {
            "passed" when isDraft => $"{number} is a draft, as its workflow wants it: {tests}.",
            "passed" => RunSummary.Text(summary.Verification, "sandbox") switch
            {
                "none" => $"{number} is open, tested without a sandbox (none on this machine; built-in template, no model): {tests}.",
                UnsafeHostSandbox.ProviderName => $"{number} is open, tested without a sandbox (unsafe-host was asked for): {tests}.",
                _ => $"{number} is open and verified: {tests}.",
            },
            "failed" when failed > 0 => $"{number} is {(isDraft ? "a draft" : "open, not verified")}: {failed} of {Count(passed + failed + skipped, "test")} failed on tree {tree}.",
            "failed" => $"{number} is {(isDraft ? "a draft" : "open, not verified")}: {(reason.Length == 0 ? "its commands failed" : reason)}, on tree {tree}.",
            _ => $"{number} is {(isDraft ? "a draft" : "open")}, not verified: {(reason.Length == 0 ? "its workflow runs no commands" : reason)}",
        };
    }

    private static void AppendFailures(StringBuilder text, RunSummary summary)
    {
        List<JsonObject> failed = [.. (summary.Verification?["tests"]?["cases"] as JsonArray ?? []).OfType<JsonObject>().Where(c => RunSummary.Text(c, "outcome") == "failed")];
        foreach (JsonObject test in failed.Take(MostFailures))
        {
            string message = ShortText.Of(Clean(RunSummary.Text(test, "message") ?? ""), LongestMessage);
            string[] parts = [Clean(RunSummary.Text(test, "name") ?? ""), message, Clean(RunSummary.Text(test, "location") ?? "")];
            text.Append("  ").AppendJoin("   ", parts.Where(p => p.Length > 0)).Append('\n');
        }

        int more = Math.Max(summary.Tests.Failed, failed.Count) - Math.Min(failed.Count, MostFailures);
        text.Append(more > 0 ? $"  ... and {more} more\n" : "");
    }

    private static void AppendStories(StringBuilder text, RunSummary summary)
    {
        List<JsonObject> stories = [.. (summary.PullRequest?["stories"] as JsonArray ?? []).OfType<JsonObject>()];
        if (stories.Count == 0)
        {
            return;
        }

        List<JsonObject> open = stories.FindAll(s => RunSummary.Text(s, "outcome") != "generated");
        text.Append("  ").Append(stories.Count - open.Count).Append(" of ").Append(Count(stories.Count, "story", "stories")).Append(" generated");
        text.Append(string.Concat(open.Take(3).Select(s => $"; {RunSummary.Text(s, "id")} \"{Wish(s)}\" {(RunSummary.Text(s, "outcome") == "partly" ? "only partly" : "needs a model")}")));
        text.Append(open.Count > 3 ? $"; {open.Count - 3} more\n" : "\n");
    }

    // Of "As a reader I want to find a book so that ..." the wish is what tells stories apart.
    private static string Wish(JsonObject story)
    {
        const string Want = " I want to ";
        string title = Clean(RunSummary.Text(story, "title") ?? "");
        int at = title.IndexOf(Want, StringComparison.OrdinalIgnoreCase);
        return ShortText.Of(at < 0 ? title : title[(at + Want.Length)..], LongestStory);
    }

    private static IEnumerable<(string What, string Where)> Lines(GenerateResult result, StorageOptions storage, string? outFolder, string outcome)
    {
        RunSummary summary = result.View.Summary;
        RunState state = result.View.State;
        if (RunSummary.Text(summary.PullRequest, "branch") is { } branch)
        {
            yield return ("look", $"git clone {Places.Show(result.RepositoryPath)} -b {branch}");
            string text = Path.Combine(storage.DataDirectory, "pull-requests", result.View.Facts.Repository.ToString(), $"{RunSummary.Number(summary.PullRequest, "number")}.md");
            yield return ("read", Places.Show(text));
        }

        foreach (JsonObject made in summary.Repositories)
        {
            string url = RunSummary.Text(made, "url") ?? "";
            yield return ("made", RunSummary.Text(made, "forge") == "local" ? $"git clone {Places.Show(url)}" : Clean(url));
        }

        if (outFolder is not null && result.Project is not null)
        {
            yield return ("files", Places.Show(outFolder));
        }

        foreach (JsonObject archive in summary.Archives.OfType<JsonObject>())
        {
            yield return ("archive", $"{Places.Show(RunSummary.Text(archive, "path") ?? "")}   (sha256 {RunSummary.Text(archive, "sha256")?[..8]}…)");
        }

        if (result.RecordPath is { } record)
        {
            yield return ("record", Places.Show(record));
        }

        // What went wrong is in a log, and a run can be tried again, unless it did all that its workflow says.
        StepState? guilty = state.Steps.Find(s => s.Status == StepStatus.Failed || s.Retryable);
        if (!result.IsDone && guilty is not null && StepLog.PathOf(storage, result.View.Facts.Id, guilty.Key) is { } log && File.Exists(log))
        {
            yield return ("log", Places.Show(log));
        }

        if (!result.IsDone && (guilty is not null || state.Status != RunStatus.Succeeded) && !outcome.Contains("--retry", StringComparison.Ordinal))
        {
            yield return ("again", $"agentworkflow generate --retry {result.View.Facts.Id[..8]}");
        }
    }

    private static string Count(int count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? $"{one}s")}";

    private static string Clean(string text) => TerminalText.Strip(text.ReplaceLineEndings(" ").Replace('\t', ' ')).Trim();
}
