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
    private const int MostRemark = 500;

    /// <summary>Composes the effect.</summary>
    public static SetCheck Compose(CommitId commit, CommitId baseCommit, JsonObject? verification, JsonObject? ofBase, string? record)
    {
        JsonNode? tests = verification?["tests"];
        string status = verification?["status"]?.ToString() ?? "skipped";
        bool verified = verification?["verified"]?.GetValue<bool>() ?? false;
        bool passed = VerifiedChange.IsTested(verification);
        string title = verified ? $"{tests?["passed"]} tests passed" : passed ? $"{tests?["passed"]} tests passed, without a sandbox" : InertText.Plain(verification?["reason"]?.ToString() ?? "no commands were run");
        string why = verification?["reason"]?.ToString() is { Length: > 0 } reason ? $" ({InertText.Of(reason, 500)})" : "";
        string summary = $"Result: {(verified ? "verified" : $"not verified, {status}")}{why}. Tested on base commit {baseCommit.Short}. Tests: {tests?["passed"] ?? 0} passed, {tests?["failed"] ?? 0} failed, {tests?["skipped"] ?? 0} skipped, as the runner's report says.{Base(ofBase)}\n\n"
            + (record is null ? "" : $"```json\n{record}\n```\n");
        CheckConclusion conclusion = verified ? CheckConclusion.Success : status == "failed" && !VerifiedChange.IsOnlyBase(verification) ? CheckConclusion.Failure : CheckConclusion.Neutral;
        return new SetCheck(new EffectKey($"check/{commit.Short}/{Name}"), commit, Name, conclusion, title, summary, [.. Annotations(tests)]);
    }

    private static string Base(JsonObject? ofBase) => ofBase?["status"]?.ToString() switch
    {
        "failed" => $" The base commit is red itself: {InertText.Of(ofBase["reason"]?.ToString() ?? "", 500)}.",
        "passed" => " The base commit's own commands pass.",
        _ => "",
    };

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
        return new CheckAnnotation(path, line, line, "failure", ShortText.Of(InertText.Plain(test["name"]?.ToString() ?? ""), MostRemark), ShortText.Of(InertText.Plain(test["message"]?.ToString() ?? ""), MostRemark));
    }
}
