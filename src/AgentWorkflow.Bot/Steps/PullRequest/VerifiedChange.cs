using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Steps.PullRequest;

/// <summary>
/// What may be said of the change: the outputs of the command steps, held against exactly the files that are committed. In
/// doubt it is not verified; nothing here ever makes a result better.
/// </summary>
internal static class VerifiedChange
{
    /// <summary>
    /// Outputs of the last command step, with <c>status</c>, <c>verified</c> and <c>reason</c> as they are true of the change, and
    /// all commands; null when none was run.
    /// </summary>
    public static JsonObject? Judge(StepContext context, TestGuardFindings guard)
    {
        List<(string Step, JsonObject Outputs)> ran = [.. context.Outputs.Where(o => o.Value is JsonObject c && c.ContainsKey("commands") && c.ContainsKey("exitCode"))
            .Select(o => (o.Key, o.Value?.AsObject() ?? []))];
        if (ran.Count == 0)
        {
            return null;
        }

        JsonObject last = ran[^1].Outputs.DeepClone().AsObject();
        last["commands"] = new JsonArray([.. ran.SelectMany(r => Commands(r.Outputs)).Select(c => c.DeepClone())]);
        string claimed = Text(last, "status");
        (string status, string? reason) =
            claimed != "passed" ? (claimed == "failed" ? "failed" : "skipped", Text(last, "reason") is { Length: > 0 } given ? given : "the commands did not pass")
            : Text(last, "tree") != context.Workspace.Tree.Fingerprint() ? ("skipped", "the files were changed after the commands ran")
            : Fault(last, ran, guard) is { } fault ? ("failed", fault)
            : ("passed", WithoutSandbox(last) ? "the commands were run without a sandbox" : null);
        last["status"] = status;
        last["reason"] = reason;
        last["verified"] = status == "passed" && reason is null;
        return last;
    }

    /// <summary>True when commands and tests passed on these files; also where that was without a sandbox, which is not verified.</summary>
    public static bool IsTested(JsonObject? verification) => Text(verification, "status") == "passed";

    /// <summary>True where nothing kept the commands apart.</summary>
    public static bool WithoutSandbox(JsonObject? verification) => Text(verification, "sandbox") is "" or "none" or "unsafe-host";

    private static string? Fault(JsonObject last, List<(string Step, JsonObject Outputs)> ran, TestGuardFindings guard)
    {
        JsonObject? tests = last["tests"] as JsonObject;
        (string? step, JsonObject? outputs) = ran.Find(r => Text(r.Outputs, "status") != "passed");
        return outputs is not null ? $"the step '{step}' did not pass: {Text(outputs, "reason")}"
            : Commands(last).Count == 0 ? "no commands were run"
            : Commands(last).Find(c => Number(c["exitCode"]) != 0) is { } command ? $"a command ended with exit code {command["exitCode"]}"
            : tests is null ? "no tests were found, because no test reports were asked for"
            : Number(tests["failed"]) > 0 ? $"{tests["failed"]} tests failed"
            : Number(tests["passed"]) is not > 0 ? "no tests were found that passed"
            : guard.Skipped.Count > 0 ? $"tests were newly skipped in {string.Join(", ", guard.Skipped.Take(3))}"
            : Number(tests["skipped"]) > 0 && !guard.SkippedBefore ? $"{tests["skipped"]} tests were newly skipped"
            : null;
    }

    private static List<JsonObject> Commands(JsonObject outputs) => [.. (outputs["commands"] as JsonArray ?? []).OfType<JsonObject>()];

    private static string Text(JsonObject? outputs, string name) => outputs?[name]?.ToString() ?? "";

    private static long? Number(JsonNode? node) => long.TryParse(node?.ToString(), System.Globalization.CultureInfo.InvariantCulture, out long number) ? number : null;
}
