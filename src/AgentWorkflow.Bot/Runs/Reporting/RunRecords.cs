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

    /// <summary>
    /// Stores the files of the pull request; where there is none, what a run that succeeded had written when it ended. A repeat
    /// changes nothing.
    /// </summary>
    public async Task KeepAsync(RunSession session, CancellationToken cancellationToken)
    {
        RunSummary summary = RunSummary.Of(session.Machine, session.State);
        if (ResultOf(session, summary) is not ({ } files, var tree))
        {
            return;
        }

        RunFacts run = session.Lease.Pin.Facts;
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

    private static (WorkspaceTree? Files, CommitId? Tree) ResultOf(RunSession session, RunSummary summary)
    {
        (RunState state, WorkspaceTree before) = (session.State, session.Lease.Pin.Facts.BaseTree);
        StepState? publish = state.Steps.FindLast(s => s is { Item: null, Status: StepStatus.Succeeded } && session.Machine.KindOf(s) == "pull_request");
        if (publish is not null && CommitId.TryParse(RunSummary.Text(summary.PullRequest, "tree"), out CommitId? tree))
        {
            return (session.Machine.TreeFor(state, publish.Key, before), tree);
        }

        WorkspaceTree after = state.Steps.Where(s => !s.Changes.IsEmpty).Aggregate(before, (files, step) => files.Apply(step.Changes));
        return state.Status is RunStatus.Succeeded && !after.Equals(before) ? (after, null) : (null, null);
    }
}
