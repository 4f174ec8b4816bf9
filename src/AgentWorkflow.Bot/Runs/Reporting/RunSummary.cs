using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Runs.Reporting;

/// <summary>
/// What came out of a run, read from its steps' outputs: the one place that knows which output means what, for the status
/// comment, the command line and the stored project.
/// </summary>
internal sealed record RunSummary
{
    /// <summary>Outputs of the <c>pull_request</c> step; null while there is none.</summary>
    public JsonObject? PullRequest { get; init; }

    /// <summary>
    /// Outputs of the last <c>command</c> step; null while there is none. Where there is a pull request, status and reason are what
    /// its step found true of the commit, which a command step cannot know.
    /// </summary>
    public JsonObject? Verification { get; init; }

    /// <summary>Outputs of the first step that gave stories and entities; null while there is none.</summary>
    public JsonObject? Requirements { get; init; }

    /// <summary>The archives that were written.</summary>
    public JsonArray Archives { get; init; } = [];

    /// <summary>Outputs of the <c>repo_creation</c> steps: the repositories that were made.</summary>
    public IReadOnlyList<JsonObject> Repositories { get; init; } = [];

    /// <summary>True where the workflow has a step that opens a pull request, done or not.</summary>
    public bool WantsPullRequest { get; init; }

    /// <summary>True where the workflow opens no pull request by itself, what it made is there, and no command failed on the way.</summary>
    public bool IsMade => !WantsPullRequest && VerificationStatus != "failed" && (Repositories.Count > 0 || Archives.Count > 0);

    /// <summary>The name of the stack template; null where none was used.</summary>
    public string? Template { get; init; }

    /// <summary><c>passed</c>, <c>failed</c> or <c>skipped</c>; skipped where no command ran.</summary>
    public string VerificationStatus => Text(Verification, "status") ?? Text(PullRequest, "verification") ?? "skipped";

    /// <summary>Why it is not verified; null when it is.</summary>
    public string? Reason => Text(Verification, "reason") ?? Text(PullRequest, "reason");

    /// <summary>True when a pull request is open that is no draft: its commands and tests passed, perhaps without a sandbox.</summary>
    public bool IsTested => PullRequest is not null && VerificationStatus == "passed" && PullRequest["draft"]?.GetValue<bool>() != true;

    /// <summary>True when they passed in a sandbox, on exactly the files of the commit.</summary>
    public bool IsVerified => IsTested && PullRequest?["verified"]?.GetValue<bool>() == true;

    /// <summary>Counts of the tests: passed, failed, skipped.</summary>
    public (int Passed, int Failed, int Skipped) Tests => (Count("passed"), Count("failed"), Count("skipped"));

    /// <summary>Reads a run.</summary>
    public static RunSummary Of(RunMachine machine, RunState state)
    {
        List<(string Kind, JsonObject Outputs)> done =
            [.. state.Steps.Where(s => s.Item is null && s.Outputs is JsonObject).Select(s => (machine.KindOf(s), s.Outputs?.AsObject() ?? []))];
        JsonObject? pull = done.FindLast(d => d.Kind == "pull_request").Outputs;
        return new RunSummary
        {
            PullRequest = pull,
            Verification = AsOfCommit(done.FindLast(d => d.Kind == "command").Outputs, pull),
            Requirements = done.Find(d => d.Outputs.ContainsKey("stories") && d.Outputs.ContainsKey("entities")).Outputs,
            Archives = [.. done.Where(d => d.Kind == "export").SelectMany(d => d.Outputs["archives"]?.AsArray() ?? []).Select(a => a?.DeepClone())],
            Repositories = [.. done.Where(d => d.Kind == "repo_creation").Select(d => d.Outputs)],
            WantsPullRequest = state.Steps.Any(s => machine.KindOf(s) == "pull_request"),
            Template = Text(done.FindLast(d => d.Outputs.ContainsKey("template")).Outputs, "template"),
        };
    }

    /// <summary>A text among outputs, or null.</summary>
    public static string? Text(JsonObject? outputs, string name) => outputs?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>A whole number among outputs, or null.</summary>
    public static long? Number(JsonObject? outputs, string name) => outputs?[name] is JsonValue value
        ? value.TryGetValue(out long number) ? number : value.TryGetValue(out int small) ? small : value.TryGetValue(out string? text) && long.TryParse(text, out number) ? number : null
        : null;

    private static JsonObject? AsOfCommit(JsonObject? verification, JsonObject? pull)
    {
        if (verification is null || Text(pull, "verification") is not { } status)
        {
            return verification;
        }

        JsonObject judged = verification.DeepClone().AsObject();
        judged["status"] = status;
        judged["reason"] = pull?["reason"]?.DeepClone();
        return judged;
    }

    private int Count(string name) => (int)(Number(Verification?["tests"] as JsonObject, name) ?? 0);
}
