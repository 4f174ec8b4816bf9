using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Steps.PullRequest.Records;

/// <summary>
/// What the bot itself ran on the exact tree, as an in-toto statement (https://in-toto.io/Statement/v1) with a predicate type
/// of ours, which <c>docs/verification-record.md</c> describes. At most 8 kB with its envelope.
/// </summary>
internal static class VerificationRecord
{
    /// <summary>Our predicate type.</summary>
    public const string PredicateType = "https://agentworkflow.bot/verification/v1";

    /// <summary>What a payload may be, so that its envelope stays below 8 kB.</summary>
    public const int MostBytes = 5_600;

    private const int MostReason = 200;

    // Tried in turn until the statement is small enough; what is left out is counted.
    private static readonly Detail[] Details = [new(12, 20, 200, 8, 8), new(8, 10, 80, 8, 8), new(4, 6, 40, 4, 8), new(2, 3, 20, 0, 4), new(0, 0, 0, 0, 0)];


    private static readonly string[] LockFileNames = ["packages.lock.json", "package-lock.json", "poetry.lock", "uv.lock", "requirements.txt", "go.sum", "Cargo.lock"];

    /// <summary>Composes the statement.</summary>
    /// <param name="run">The run.</param>
    /// <param name="commit">The commit as read back from the forge.</param>
    /// <param name="tree">Its git tree.</param>
    /// <param name="files">The files that were verified.</param>
    /// <param name="verification">Outputs of the <c>command</c> step.</param>
    /// <param name="ofBase">Outputs of the step that ran on the base commit; null where none did.</param>
    public static JsonObject Compose(RunFacts run, string commit, string tree, WorkspaceTree files, JsonObject verification, JsonObject? ofBase = null)
    {
        IEnumerable<JsonObject> statements = Details.Select(detail => Compose(run, commit, tree, files, verification, ofBase, detail));
        return statements.First(s => Encoding.UTF8.GetByteCount(s.ToJsonString()) <= MostBytes);
    }

    private static JsonObject Compose(RunFacts run, string commit, string tree, WorkspaceTree files, JsonObject verification, JsonObject? ofBase, Detail detail) => new()
    {
        ["_type"] = "https://in-toto.io/Statement/v1",
        ["subject"] = new JsonArray(new JsonObject
        {
            ["name"] = run.Repository.ToString(),
            ["digest"] = new JsonObject { ["gitCommit"] = commit, ["gitTree"] = tree },
        }),
        ["predicateType"] = PredicateType,
        ["predicate"] = new JsonObject
        {
            ["result"] = verification["status"]?.DeepClone(),
            ["reason"] = verification["reason"]?.ToString() is { } reason ? ShortText.Of(reason, MostReason) : null,
            ["run"] = run.Id,
            ["workflow"] = new JsonObject { ["name"] = ShortText.Of(run.WorkflowName, 80), ["source"] = ShortText.Of(run.WorkflowSource, MostReason) },
            ["baseCommit"] = run.BaseCommit.Value,
            ["observed"] = new JsonObject
            {
                ["commands"] = Commands(verification, detail),
                ["sandbox"] = verification["sandbox"]?.DeepClone(),
                ["toolchain"] = new JsonObject((verification["toolchain"] as JsonObject ?? []).Take(detail.Tools).Select(t => KeyValuePair.Create<string, JsonNode?>(ShortText.Of(t.Key, 20), ShortText.Of(t.Value?.ToString() ?? "", 40)))),
                ["lockFiles"] = new JsonObject(files.Files.Where(f => LockFileNames.Contains(Path.GetFileName(f.Key.Value))).Take(detail.LockFiles)
                    .Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key.Value, f.Value.Sha256))),
            },
            ["base"] = ofBase?["commands"] is not JsonArray { Count: > 0 } ? null : new JsonObject
            {
                ["result"] = ofBase["status"]?.DeepClone(),
                ["reason"] = ofBase["reason"]?.ToString() is { } why ? ShortText.Of(why, MostReason) : null,
                ["tests"] = Counts(ofBase),
            },
            ["claimed"] = new JsonObject
            {
                ["by"] = "the test runner's report",
                ["reportSha256"] = verification["reportDigest"]?.DeepClone(),
                ["tests"] = Counts(verification),
            },
        },
    };

    private static JsonArray Commands(JsonObject verification, Detail detail)
    {
        List<JsonObject> commands = [.. (verification["commands"]?.AsArray() ?? []).OfType<JsonObject>()];
        JsonArray kept = [.. commands.Take(detail.Commands).Select(c => Shorten(c, detail))];
        if (commands.Count > detail.Commands)
        {
            kept.Add(new JsonObject { ["omitted"] = commands.Count - detail.Commands });
        }

        return kept;
    }

    private static JsonObject Shorten(JsonObject command, Detail detail)
    {
        JsonObject copy = command.DeepClone().AsObject();
        List<string> arguments = [.. (command["run"]?.AsArray() ?? []).Select(a => ShortText.Of(a?.ToString() ?? "", detail.Length))];
        IEnumerable<string> shown = arguments.Count > detail.Arguments ? [.. arguments.Take(detail.Arguments), $"… {arguments.Count - detail.Arguments} more"] : arguments;
        copy["run"] = new JsonArray([.. shown.Select(a => JsonValue.Create(a))]);
        return copy;
    }

    private static JsonObject Counts(JsonObject verification) => new()
    {
        ["passed"] = verification["tests"]?["passed"]?.DeepClone(),
        ["failed"] = verification["tests"]?["failed"]?.DeepClone(),
        ["skipped"] = verification["tests"]?["skipped"]?.DeepClone(),
    };

    private sealed record Detail(int Commands, int Arguments, int Length, int LockFiles, int Tools);
}
