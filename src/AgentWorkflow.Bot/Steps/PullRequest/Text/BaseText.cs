using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards;

namespace AgentWorkflow.Bot.Steps.PullRequest.Text;

/// <summary>The part of a pull request's text that is about the repository as it was: what was found in it, and whether it passed its own tests.</summary>
internal static class BaseText
{
    private const int MostProjects = 8;
    private const int MostNames = 5;
    private const int MostReason = 1_000;

    /// <summary>Appends it; nothing for a repository that held nothing.</summary>
    public static void Append(StringBuilder text, PullRequestFacts facts)
    {
        List<JsonObject> found = [.. (facts.Base?["found"] as JsonArray ?? []).OfType<JsonObject>()];
        bool ran = facts.Base?["commands"] is JsonArray { Count: > 0 };
        if (facts.Base is not { } known || (found.Count == 0 && !ran))
        {
            return;
        }

        string commit = PullRequestText.Code(facts.Run.BaseCommit.Short);
        text.Append($"**Before this change** ({commit})");
        text.Append(found.Count == 0 ? "" : $" the repository holds {string.Join("; ", found.Take(MostProjects).Select(p => $"{InertText.Of(Text(p, "name"), 120)} ({InertText.Of(Text(p, "why"), 200)})"))}");
        text.Append(found.Count == 0 ? " " : ". ").Append(State(known, found)).Append("\n\n");
    }

    private static string State(JsonObject known, List<JsonObject> found)
    {
        string commands = string.Join(", ", (known["commands"] as JsonArray ?? []).OfType<JsonObject>().Where(c => Text(c, "phase") == "run").Take(4)
            .Select(c => PullRequestText.Code(string.Join(' ', (c["run"] as JsonArray ?? []).Select(a => $"{a}"))) + (Text(c, "directory") is { Length: > 0 } folder ? $" in {PullRequestText.Code(folder)}" : "")));
        string counts = known["tests"] is JsonObject ? $": {PullRequestText.Count(known, "passed")} passed, {PullRequestText.Count(known, "failed")} failed, {PullRequestText.Count(known, "skipped")} skipped" : "";
        List<string> failed = [.. PullRequestText.Failures(known).Select(c => PullRequestText.Code(Text(c, "name")))];
        string names = failed.Count == 0 ? "" : $" ({string.Join(", ", failed.Take(MostNames))}{(failed.Count > MostNames ? $" and {failed.Count - MostNames} more" : "")})";
        List<string> reasons = [.. (known["groups"] as JsonArray ?? []).OfType<JsonObject>().Where(g => g["reason"] is not null)
            .Select(g => g["name"] is { } name ? $"{name}: {g["reason"]}" : Text(g, "reason"))];
        string reason = InertText.Of(reasons.Count == 0 ? Text(known, "reason") : string.Join("; ", reasons), MostReason);
        return Text(known, "status") switch
        {
            "passed" => $"It passes its own commands{counts} ({commands}).",
            "failed" => $"**It is red itself**: {reason}{names}; that is not from this change ({commands}).",
            _ when found.Count == 0 => "",
            _ => $"Nothing of it was tested before: {InertText.Of(Text(known, "reason"), 400)}.",
        };
    }

    private static string Text(JsonObject item, string name) => PullRequestText.Text(item, name);
}
