using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Runs.Reporting;

/// <summary>Keeps what a run made as a project, so that it can be exported later.</summary>
internal sealed class RunRecords(ProjectStore projects, StorageOptions storage)
{
    /// <summary>Where the signed verification record of a run is kept.</summary>
    public static string PathOf(StorageOptions storage, string runId) => Path.Combine(storage.DataDirectory, "records", $"{runId}.intoto.json");

    /// <summary>Stores the run's files when a pull request came out of it; a repeat changes nothing.</summary>
    public async Task KeepAsync(RunSession session, CancellationToken cancellationToken)
    {
        RunSummary summary = RunSummary.Of(session.Machine, session.State);
        StepState? publish = session.State.Steps.FindLast(s => s is { Item: null, Status: StepStatus.Succeeded } && session.Machine.KindOf(s) == "pull_request");
        if (publish is null || !CommitId.TryParse(RunSummary.Text(summary.PullRequest, "tree"), out CommitId? tree))
        {
            return;
        }

        RunFacts run = session.Lease.Pin.Facts;
        WorkspaceTree files = session.Machine.TreeFor(session.State, publish.Key, run.BaseTree);
        await projects.SaveAsync(run.Id, run.Forge, run.Repository, run.Issue?.Title ?? run.WorkflowName, tree, files, cancellationToken);
        CrashPoint.Here("kept:project");
        if (RunSummary.Text(summary.PullRequest, "record") is { } record)
        {
            string path = PathOf(storage, run.Id);
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? storage.DataDirectory);
            await File.WriteAllTextAsync(path, record, cancellationToken);
            CrashPoint.Here("kept:record");
        }
    }
}
