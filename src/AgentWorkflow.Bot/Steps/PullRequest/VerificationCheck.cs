using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Steps.PullRequest;

/// <summary>The check on the commit: summary, failing tests as annotations, the signed record.</summary>
internal static class VerificationCheck
{
    private const string Name = "agentworkflow";
    private const int MostAnnotations = 50;

    /// <summary>Composes the effect.</summary>
    public static SetCheck Compose(CommitId commit, JsonObject? verification, bool passed, string? record)
    {
        JsonNode? tests = verification?["tests"];
        string status = verification?["status"]?.ToString() ?? "skipped";
        string title = passed ? $"{tests?["passed"]} tests passed" : InertText.Plain(verification?["reason"]?.ToString() ?? "no commands were run");
        string summary = $"Result: {status}. Tests: {tests?["passed"] ?? 0} passed, {tests?["failed"] ?? 0} failed, {tests?["skipped"] ?? 0} skipped, as the runner's report says.\n\n"
            + (record is null ? "" : $"```json\n{record}\n```\n");
        CheckConclusion conclusion = status switch { "passed" => CheckConclusion.Success, "failed" => CheckConclusion.Failure, _ => CheckConclusion.Neutral };
        return new SetCheck(new EffectKey($"check/{commit.Short}/{Name}"), commit, Name, conclusion, title, summary, [.. Annotations(tests)]);
    }

    private static IEnumerable<CheckAnnotation> Annotations(JsonNode? tests) => (tests?["cases"]?.AsArray() ?? []).OfType<JsonObject>()
        .Where(c => c["outcome"]?.ToString() == "failed")
        .Select(Annotation).OfType<CheckAnnotation>().Take(MostAnnotations);

    private static CheckAnnotation? Annotation(JsonObject test)
    {
        string[] location = (test["location"]?.ToString() ?? "").Split(':');
        if (!RepoPath.TryParse(location[0], out RepoPath? path, out _))
        {
            return null;
        }

        int line = location.Length > 1 && int.TryParse(location[1], CultureInfo.InvariantCulture, out int number) ? number : 1;
        return new CheckAnnotation(path, line, line, "failure", InertText.Plain(test["name"]?.ToString() ?? ""), InertText.Plain(test["message"]?.ToString() ?? ""));
    }
}
