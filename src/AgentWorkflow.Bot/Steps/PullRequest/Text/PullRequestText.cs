using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Steps.PullRequest.Text;

/// <summary>What a pull request's text is composed of.</summary>
internal sealed record PullRequestFacts
{
    public required RunFacts Run { get; init; }

    public required WorkspaceTree Files { get; init; }

    public required string Commit { get; init; }

    public required string Tree { get; init; }

    public required JsonObject? Verification { get; init; }

    /// <summary>What the step that ran on the base commit found and saw; null where there was none.</summary>
    public JsonObject? Base { get; init; }

    public required IReadOnlyList<StoryOutcome> Stories { get; init; }

    public required TestGuardFindings Guard { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<string> Left { get; init; }

    public required IReadOnlyList<string> HowToRun { get; init; }

    public required string? Record { get; init; }

    public required string? OwnTemplate { get; init; }
}

/// <summary>Composes the text of a pull request: asked, verified, stories, what to look at, how to run, provenance.</summary>
internal static class PullRequestText
{
    /// <summary>GitHub's limit in characters; the smallest of the forges we know.</summary>
    public const int MaxLength = 65_536;

    private const int MostStories = 100;
    private const int MostFiles = 300;
    private const int Room = 2_000;
    private const int UnfoldedStories = 30;
    private const int MostLines = 20;
    private const int MostCode = 200;
    private const int MostOwn = 10_000;

    /// <summary>The whole text, within the forge's limit: long lists are folded, then cut with what is left out.</summary>
    public static string Compose(PullRequestFacts facts)
    {
        int files = MostFiles;
        int stories = MostStories;
        string text = Compose(facts, stories, files);
        while (text.Length > MaxLength - Room && (files > 0 || stories > 0))
        {
            // Files first: they can be seen in the change itself.
            files /= 2;
            stories = files > 20 ? stories : stories / 2;
            text = Compose(facts, stories, files);
        }

        return text;
    }

    private static string Compose(PullRequestFacts facts, int stories, int files)
    {
        StringBuilder text = new();
        AppendAsked(text, facts);
        BaseText.Append(text, facts);
        AppendVerification(text, facts);
        AppendStories(text, facts.Stories, stories);
        AppendLookAt(text, facts);
        if (facts.HowToRun.Count > 0)
        {
            text.Append("**Run it**: ").AppendJoin(", ", facts.HowToRun.Take(5).Select(Code)).Append("; the README says how to call it.\n\n");
        }

        AppendFiles(text, facts, files);
        AppendRecord(text, facts);
        AppendProvenance(text, facts);
        text.Append("`/aw generate` on the issue updates this while it is open. `/aw export zip` gives an archive.");
        text.Append(facts.Run.Issue is { IsPullRequest: false } issue ? $" Closes #{issue.Number}\n" : "\n");
        if (facts.OwnTemplate is { Length: > 0 } own)
        {
            text.Append("\n---\n\n").Append(ShortText.Of(own, MostOwn)).Append('\n');
        }

        return text.ToString();
    }

    private static void AppendAsked(StringBuilder text, PullRequestFacts facts)
    {
        RunFacts run = facts.Run;
        string from = run.Issue is { } issue ? $"from {ItemNumber.Text(issue.Number)} " : "";
        text.Append($"Generated {from}for @{run.Actor.Login} by the workflow {Code(run.WorkflowName)} ({Code(run.WorkflowSource)}) on {Code(run.BaseCommit.Short)}. No model was used.\n\n");
    }

    private static void AppendVerification(StringBuilder text, PullRequestFacts facts)
    {
        JsonObject? checks = facts.Verification;
        string tree = Code(facts.Tree[..7]);
        List<string> ran = [.. Commands(checks).Where(c => Text(c, "phase") == "run").Select(c => Code(string.Join(' ', (c["run"]?.AsArray() ?? []).Select(a => a?.ToString()))) + (Text(c, "directory") is { Length: > 0 } folder ? $" in {Code(folder)}" : ""))];
        string commands = string.Join(", ", ran.Take(8)) + (ran.Count > 8 ? $" and {ran.Count - 8} more" : "");
        string counts = $"**{Count(checks, "passed")} passed, {Count(checks, "failed")} failed, {Count(checks, "skipped")} skipped**";
        string seconds = Seconds(checks);
        bool bare = VerifiedChange.WithoutSandbox(checks);
        string where = bare ? "without a sandbox" : $"in a sandbox ({InertText.Of(Text(checks, "sandbox"), 40)}) without network";
        text.Append(Text(checks, "status") switch
        {
            "passed" when bare => $"**Tested without a sandbox** (there is none on the bot's machine) on tree {tree}: {commands}: {counts} ({seconds} s).\n\n",
            "passed" => $"**Verified** on tree {tree}: {commands} {where}: {counts} ({seconds} s).\n\n",
            "failed" => $"**Not verified** on tree {tree}: {InertText.Of(Text(checks, "reason"), 600)}. {commands} {where}: {counts} ({seconds} s).\n\n",
            _ => $"**Not verified**: {InertText.Of(checks is null ? "the workflow ran no commands." : Text(checks, "reason"), 600)}\n\n",
        });
        foreach (JsonObject test in Failures(checks).Take(10))
        {
            text.Append($"- {Code(Text(test, "name"))} {InertText.Of(Text(test, "message"), 300)}\n");
        }

        int more = Failures(checks).Count() - 10;
        text.Append(more > 0 ? $"- … and {more} more\n\n" : more > -10 ? "\n" : "");
    }

    private static void AppendStories(StringBuilder text, IReadOnlyList<StoryOutcome> stories, int most)
    {
        if (stories.Count == 0)
        {
            return;
        }

        bool folded = stories.Count > UnfoldedStories;
        int missing = stories.Count(s => s.Outcome == "needs-model");
        text.Append(folded ? $"<details><summary>Stories ({stories.Count}; {missing} of them need a model)</summary>\n\n" : "");
        text.Append("| story | | how |\n|---|---|---|\n");
        foreach (StoryOutcome story in stories.Take(most))
        {
            string outcome = story.Outcome switch { "needs-model" => "needs a model", var other => other };
            text.Append($"| {InertText.Of(story.Id, 40)} {InertText.Of(story.Title, 400)} | {outcome} | {How(story)} |\n");
        }

        text.Append(stories.Count > most ? $"\n… and {stories.Count - most} more stories; `docs/requirements.md` has them all.\n\n" : "\n");
        text.Append(folded ? "</details>\n\n" : "");
    }

    private static string How(StoryOutcome story)
    {
        if (story.Operations.Count == 0)
        {
            return "nothing was generated for it";
        }

        // Two of each: what it does, and what shows that it does.
        List<string> shown = [.. story.Operations.Take(2), .. story.Tests.Take(2)];
        int more = story.Operations.Count + story.Tests.Count - shown.Count;
        string open = story.Uncovered.Count == 0 ? ""
            : $"; no test for: {string.Join("; ", story.Uncovered.Take(3).Select(c => InertText.Of(c, 160)))}{(story.Uncovered.Count > 3 ? $" and {story.Uncovered.Count - 3} more" : "")}";
        string failed = story.NotPassed == 0 ? "" : $"; {story.NotPassed} of its tests did not pass";
        return $"{string.Join(" · ", shown.Select(Code))}{(more > 0 ? $" and {more} more" : "")}{open}{failed}";
    }

    private static void AppendLookAt(StringBuilder text, PullRequestFacts facts)
    {
        TestGuardFindings guard = facts.Guard;
        text.Append($"**Look at**: existing tests changed: {guard.Changed.Count}{Names(guard.Changed)}, deleted: {guard.Deleted.Count}{Names(guard.Deleted)}");
        text.Append(guard.Weakened.Count == 0 ? "" : $"; with fewer assertions{Names(guard.Weakened)}");
        text.Append(guard.Skipped.Count == 0 ? "" : $"; newly skipped{Names(guard.Skipped)}");
        text.Append(guard.Gone.Count == 0 ? "" : $"; tests that do not run any more: {guard.Gone.Count}{Names(guard.Gone)}");
        text.Append(guard.NowSkipped.Count == 0 ? "" : $"; tests skipped now that ran before: {guard.NowSkipped.Count}{Names(guard.NowSkipped)}");
        text.Append(guard.CiFiles.Count == 0 ? ". CI files touched: none.\n" : $". CI files:{Names(guard.CiFiles)}.\n");
        text.Append(guard.Unread.Count == 0 ? "" : $"Not looked into, because they are large or no text:{Names(guard.Unread)}.\n");
        AppendList(text, facts.Left, path => $"{Code(path)} was there already and is left as it was.");
        AppendList(text, facts.Run.LeftAlone, kept => $"{Code(kept.Path)} is {kept.What}, and is left as it was.");
        AppendList(text, facts.Notes, note => InertText.Of(note, 400));
        text.Append('\n');
    }

    private static void AppendList<T>(StringBuilder text, IReadOnlyList<T> items, Func<T, string> line)
    {
        foreach (T item in items.Take(MostLines))
        {
            text.Append("- ").Append(line(item)).Append('\n');
        }

        text.Append(items.Count > MostLines ? $"- … and {items.Count - MostLines} more\n" : "");
    }

    private static void AppendFiles(StringBuilder text, PullRequestFacts facts, int most)
    {
        List<string> paths = [.. facts.Files.Files.Where(f => facts.Run.BaseTree.Files.GetValueOrDefault(f.Key) != f.Value).Select(f => f.Key.Value)];
        string tree = OutsideText.Clean(FileTree.Draw(paths.Take(most))).Text;
        string fence = new('`', Math.Max(3, LongestRun(tree) + 1));
        text.Append($"<details><summary>Files ({paths.Count})</summary>\n\n{fence}text\n").Append(tree);
        text.Append(paths.Count > most ? $"… and {paths.Count - most} more\n" : "").Append(fence).Append("\n\n</details>\n\n");
    }

    private static void AppendRecord(StringBuilder text, PullRequestFacts facts)
    {
        if (facts.Record is { } record)
        {
            text.Append("<details><summary>Verification record (in-toto, signed)</summary>\n\n");
            text.Append("Save it as a file and check it against a clone: `agentworkflow verify-record FILE --repo CLONE`\n\n```json\n").Append(record).Append("\n```\n\n</details>\n\n");
        }
    }

    private static void AppendProvenance(StringBuilder text, PullRequestFacts facts)
    {
        RunFacts run = facts.Run;
        text.Append("<details><summary>Provenance and cost</summary>\n\n| | |\n|---|---|\n");
        text.Append($"| run | {Code(run.Id)} |\n| workflow | {Code(run.WorkflowName)}, {Code(run.WorkflowSource)} |\n| agent | offline, no model |\n");
        text.Append($"| inputs | {Code(run.Inputs.ToJsonString())} |\n| base commit | {Code(run.BaseCommit.Value)} |\n| commit | {Code(facts.Commit)} |\n| tree | {Code(facts.Tree)} |\n");
        text.Append($"| files | {facts.Files.Files.Count}, {facts.Files.TotalSize} bytes |\n| asked by | {Code($"{run.Actor.Login} ({run.Actor.Id})")} |\n| cost | no model, $0.00, 0 tokens, {Seconds(facts.Verification)} s of commands |\n\n</details>\n\n");
    }

    // A file's name may hold backticks, and must not end the block it stands in.
    private static int LongestRun(string text)
    {
        int longest = 0, run = 0;
        foreach (char c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    private static string Names(IReadOnlyList<string> paths) =>
        paths.Count == 0 ? "" : $" {string.Join(", ", paths.Take(5).Select(Code))}{(paths.Count > 5 ? $" and {paths.Count - 5} more" : "")}";

    internal static string Code(string text)
    {
        string clean = OutsideText.Clean(text).Text.ReplaceLineEndings(" ").Replace("`", "'", StringComparison.Ordinal).Replace("|", "¦", StringComparison.Ordinal);
        return clean.Length == 0 ? "" : $"`{(ShortText.Of(clean, MostCode))}`";
    }

    private static IEnumerable<JsonObject> Commands(JsonObject? verification) => (verification?["commands"]?.AsArray() ?? []).OfType<JsonObject>();

    internal static IEnumerable<JsonObject> Failures(JsonObject? verification) =>
        (verification?["tests"]?["cases"]?.AsArray() ?? []).OfType<JsonObject>().Where(c => Text(c, "outcome") == "failed");

    private static string Seconds(JsonObject? verification) => Commands(verification)
        .Sum(c => double.TryParse(Text(c, "seconds"), CultureInfo.InvariantCulture, out double seconds) ? seconds : 0).ToString("0.0", CultureInfo.InvariantCulture);

    internal static string Count(JsonObject? verification, string name) => verification?["tests"]?[name]?.ToString() ?? "0";

    internal static string Text(JsonObject? item, string name) => item?[name]?.ToString() ?? "";
}
