using System.Text.Json.Nodes;

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

    private const int MostCommands = 12;
    private const int MostLockFiles = 8;
    private const int MostArguments = 200;

    private static readonly string[] LockFileNames = ["packages.lock.json", "package-lock.json", "poetry.lock", "uv.lock", "requirements.txt", "go.sum", "Cargo.lock"];

    /// <summary>Composes the statement.</summary>
    /// <param name="run">The run.</param>
    /// <param name="commit">The commit as read back from the forge.</param>
    /// <param name="tree">Its git tree.</param>
    /// <param name="files">The files that were verified.</param>
    /// <param name="verification">Outputs of the <c>command</c> step.</param>
    public static JsonObject Compose(RunFacts run, string commit, string tree, WorkspaceTree files, JsonObject verification) => new()
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
            ["reason"] = verification["reason"]?.DeepClone(),
            ["run"] = run.Id,
            ["workflow"] = new JsonObject { ["name"] = run.WorkflowName, ["source"] = run.WorkflowSource },
            ["baseCommit"] = run.BaseCommit.Value,
            ["observed"] = new JsonObject
            {
                ["commands"] = Commands(verification),
                ["sandbox"] = verification["sandbox"]?.DeepClone(),
                ["toolchain"] = verification["toolchain"]?.DeepClone(),
                ["lockFiles"] = new JsonObject(files.Files.Where(f => LockFileNames.Contains(Path.GetFileName(f.Key.Value))).Take(MostLockFiles)
                    .Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key.Value, f.Value.Sha256))),
            },
            ["claimed"] = new JsonObject
            {
                ["by"] = "the test runner's report",
                ["reportSha256"] = verification["reportDigest"]?.DeepClone(),
                ["tests"] = Counts(verification),
            },
        },
    };

    private static JsonArray Commands(JsonObject verification)
    {
        List<JsonObject> commands = [.. (verification["commands"]?.AsArray() ?? []).OfType<JsonObject>()];
        JsonArray kept = [.. commands.Take(MostCommands).Select(Shorten)];
        if (commands.Count > MostCommands)
        {
            kept.Add(new JsonObject { ["omitted"] = commands.Count - MostCommands });
        }

        return kept;
    }

    private static JsonObject Shorten(JsonObject command)
    {
        JsonObject copy = command.DeepClone().AsObject();
        copy["run"] = new JsonArray([.. (command["run"]?.AsArray() ?? []).Select(a => a?.ToString() ?? "").Select(a => JsonValue.Create(a.Length > MostArguments ? $"{a[..MostArguments]}…" : a))]);
        return copy;
    }

    private static JsonObject Counts(JsonObject verification) => new()
    {
        ["passed"] = verification["tests"]?["passed"]?.DeepClone(),
        ["failed"] = verification["tests"]?["failed"]?.DeepClone(),
        ["skipped"] = verification["tests"]?["skipped"]?.DeepClone(),
    };
}
