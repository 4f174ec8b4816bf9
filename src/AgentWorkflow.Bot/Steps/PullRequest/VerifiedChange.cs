using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Steps.PullRequest;

/// <summary>
/// What may be said of the change: the outputs of the command steps, held against exactly the files that are committed. In
/// doubt it is not verified; nothing here ever makes a result better.
/// </summary>
internal static class VerifiedChange
{
    private const string OnlyBase = "onlyBase";

    /// <summary>
    /// Outputs of the last command step, with <c>status</c>, <c>verified</c> and <c>reason</c> as they are true of the change, and
    /// all commands; null when none was run.
    /// </summary>
    public static JsonObject? Judge(StepContext context, TestGuardFindings guard)
    {
        List<(string Step, JsonObject Outputs)> ran = [.. context.Outputs.Where(o => o.Value is JsonObject c && IsOfCommand(c) && !IsOfBase(c))
            .Select(o => (o.Key, o.Value?.AsObject() ?? []))];
        if (ran.Count == 0)
        {
            return null;
        }

        JsonObject last = ran[^1].Outputs.DeepClone().AsObject();
        last["commands"] = new JsonArray([.. ran.SelectMany(r => Commands(r.Outputs)).Select(c => c.DeepClone())]);
        string claimed = Text(last, "status");
        bool excused = claimed == "failed" && last[OnlyBase] is JsonValue flag && flag.TryGetValue(out bool only) && only;
        (string status, string? reason) =
            claimed != "passed" && !excused ? (claimed == "failed" ? "failed" : "skipped", Text(last, "reason") is { Length: > 0 } given ? given : "the commands did not pass")
            : Text(last, "tree") != context.Workspace.Tree.Fingerprint() ? ("skipped", "the files were changed after the commands ran")
            : Fault(last, ran, guard, excused) is { } fault ? ("failed", fault)
            : excused ? ("failed", Text(last, "reason"))
            : ("passed", WithoutSandbox(last) ? "the commands were run without a sandbox" : null);
        last[OnlyBase] = excused && status == "failed" && reason == Text(last, "reason");
        last["status"] = status;
        last["reason"] = reason;
        last["verified"] = status == "passed" && reason is null;
        return last;
    }

    /// <summary>True when commands and tests passed on these files; also where that was without a sandbox, which is not verified.</summary>
    public static bool IsTested(JsonObject? verification) => Text(verification, "status") == "passed";

    /// <summary>True where a draft would be unjust: what fails, fails on the base commit too. It is not verified for all that.</summary>
    public static bool IsOnlyBase(JsonObject? verification) => verification?[OnlyBase] is JsonValue flag && flag.TryGetValue(out bool only) && only;

    /// <summary>Outputs of the command step that ran on the base commit; null where none did.</summary>
    public static JsonObject? OfBase(StepContext context) => context.Outputs.Values.OfType<JsonObject>().LastOrDefault(o => IsOfCommand(o) && IsOfBase(o));

    /// <summary>True for outputs that are about the base commit, and so verify nothing.</summary>
    public static bool IsOfBase(JsonObject outputs) => Text(outputs, "on") == "base";

    /// <summary>True where nothing kept the commands apart.</summary>
    public static bool WithoutSandbox(JsonObject? verification) => Text(verification, "sandbox") is "" or "none" or "unsafe-host";

    private static string? Fault(JsonObject last, List<(string Step, JsonObject Outputs)> ran, TestGuardFindings guard, bool excused)
    {
        JsonObject? tests = last["tests"] as JsonObject;
        (string? step, JsonObject? outputs) = ran.Find(r => Text(r.Outputs, "status") != "passed" && !(excused && r == ran[^1]));
        return outputs is not null ? $"the step '{step}' did not pass: {Text(outputs, "reason")}"
            : Commands(last).Count == 0 ? "no commands were run"
            : !excused && Commands(last).Find(c => Number(c["exitCode"]) != 0) is { } command ? $"a command ended with exit code {command["exitCode"]}"
            : tests is null ? "no tests were found, because no test reports were asked for"
            : !excused && Number(tests["failed"]) > 0 ? $"{tests["failed"]} tests failed"
            : Number(tests["passed"]) is not > 0 ? "no tests were found that passed"
            : guard.Skipped.Count > 0 ? $"tests were newly skipped in {string.Join(", ", guard.Skipped.Take(3))}"
            : Number(tests["skipped"]) > 0 && !guard.SkippedBefore && last["comparison"] is null ? $"{tests["skipped"]} tests were newly skipped"
            : null;
    }

    private static bool IsOfCommand(JsonObject outputs) => outputs.ContainsKey("commands") && outputs.ContainsKey("exitCode");

    private static List<JsonObject> Commands(JsonObject outputs) => [.. (outputs["commands"] as JsonArray ?? []).OfType<JsonObject>()];

    private static string Text(JsonObject? outputs, string name) => outputs?[name]?.ToString() ?? "";

    private static long? Number(JsonNode? node) => long.TryParse(node?.ToString(), System.Globalization.CultureInfo.InvariantCulture, out long number) ? number : null;
}
