using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Cli.Generate;

/// <summary>What came out of <c>generate</c>: read from the store, so that it is the same after a retry.</summary>
internal sealed record GenerateResult
{
    public required RunView View { get; init; }

    public required string RepositoryPath { get; init; }

    public required GeneratedProject? Project { get; init; }

    public required IReadOnlyList<RunEffectRow> Effects { get; init; }

    /// <summary>Where the signed record is; null when nothing was verified.</summary>
    public required string? RecordPath { get; init; }

    /// <summary>True for exit code 0.</summary>
    public bool IsDone => View.State.Status == RunStatus.Succeeded && (View.Summary.IsTested || View.Summary.IsMade);

    /// <summary>The object of <c>--json</c>; what is absent is null.</summary>
    public JsonObject ToJson(bool dryRun)
    {
        (RunFacts run, RunState state, RunSummary summary) = (View.Facts, View.State, View.Summary);
        return new JsonObject
        {
            ["run"] = new JsonObject
            {
                ["id"] = run.Id,
                ["workflow"] = run.WorkflowName,
                ["status"] = state.Status.ToString().ToLowerInvariant(),
                ["seconds"] = Math.Round(View.Duration.TotalSeconds, 1),
                ["reason"] = state.Reason,
            },
            ["project"] = Project is null ? null : new JsonObject { ["id"] = Project.Id },
            ["repository"] = new JsonObject { ["forge"] = run.Forge, ["name"] = run.Repository.ToString(), ["path"] = RepositoryPath, ["base"] = run.DefaultBranch },
            ["issue"] = run.Issue is { } issue ? new JsonObject { ["number"] = issue.Number } : null,
            ["pullRequest"] = PullRequest(summary),
            ["verification"] = Verification(summary),
            ["verificationRecord"] = RecordPath,
            ["stories"] = summary.PullRequest?["stories"]?.DeepClone() ?? new JsonArray(),
            ["files"] = Files(),
            ["archives"] = new JsonArray([.. summary.Archives.Select(a => a?.DeepClone())]),
            ["effects"] = new JsonArray([.. Effects.Select(e => new JsonObject { ["kind"] = e.Kind, ["key"] = e.Key, ["outcome"] = dryRun ? "planned" : e.Outcome })]),
        };
    }

    /// <summary>The object of <c>--json</c> where no run came about.</summary>
    /// <param name="reason">Why, in one sentence.</param>
    public static JsonObject Refused(string reason) => new()
    {
        ["run"] = new JsonObject { ["id"] = null, ["workflow"] = null, ["status"] = "failed", ["seconds"] = 0, ["reason"] = reason },
        ["project"] = null,
        ["repository"] = null,
        ["issue"] = null,
        ["pullRequest"] = null,
        ["verification"] = null,
        ["verificationRecord"] = null,
        ["stories"] = new JsonArray(),
        ["files"] = new JsonArray(),
        ["archives"] = new JsonArray(),
        ["effects"] = new JsonArray(),
    };

    private static JsonObject? PullRequest(RunSummary summary) => summary.PullRequest is not { } pull ? null : new JsonObject
    {
        ["number"] = RunSummary.Number(pull, "number"),
        ["title"] = RunSummary.Text(pull, "title"),
        ["state"] = "open",
        ["draft"] = pull["draft"]?.GetValue<bool>() ?? false,
        ["branch"] = RunSummary.Text(pull, "branch"),
        ["commit"] = RunSummary.Text(pull, "commit"),
        ["tree"] = RunSummary.Text(pull, "tree"),
    };

    private static JsonObject Verification(RunSummary summary) => new()
    {
        ["status"] = summary.VerificationStatus,
        ["reason"] = RunSummary.Text(summary.Verification, "reason"),
        ["sandbox"] = RunSummary.Text(summary.Verification, "sandbox"),
        ["commands"] = summary.Verification?["commands"]?.DeepClone() ?? new JsonArray(),
        ["tests"] = new JsonObject { ["passed"] = summary.Tests.Passed, ["failed"] = summary.Tests.Failed, ["skipped"] = summary.Tests.Skipped },
    };

    private JsonArray Files() => new([.. (Project?.Files ?? WorkspaceTree.Empty).Files.Select(f =>
        new JsonObject { ["path"] = f.Key.Value, ["size"] = f.Value.Size, ["sha256"] = f.Value.Sha256 })]);
}

/// <summary>Reads results.</summary>
internal sealed class GenerateResults(RunReader runs, EffectLedger ledger, ProjectStore projects, LocalRepositories repositories, StorageOptions storage)
{
    /// <summary>The result of a run as it stands.</summary>
    public async Task<GenerateResult> ReadAsync(string runId, CancellationToken cancellationToken)
    {
        RunView view = await runs.ReadAsync(runId, cancellationToken) ?? throw new InvalidOperationException($"The run {runId} is not stored.");
        string record = RunRecords.PathOf(storage, runId);
        return new GenerateResult
        {
            View = view,
            RepositoryPath = repositories.PathOf(view.Facts.Repository),
            Project = await projects.FindByRunAsync(runId, cancellationToken),
            Effects = await ledger.ListAsync(runId, cancellationToken),
            RecordPath = File.Exists(record) ? record : null,
        };
    }
}
