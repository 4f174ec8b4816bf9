using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Projects.Detection;
using AgentWorkflow.Bot.Projects.Workspaces;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Intake;

/// <summary>Turns a decision to start into a run: what it stands on is read now and pinned (promise P47).</summary>
internal sealed class RunRequests(RunStarter starter, RunIndex index, IContentStore contents, TriggerPolicy policy)
{
    private const int MostLeftAlone = 100;

    /// <summary>Starts the run, or finds the one of the same cause, or says why there is none.</summary>
    public async Task<RunStart> StartAsync(Situation situation, Decision.Start start, CancellationToken cancellationToken)
    {
        SourcedWorkflow source = situation.Workflows.First(w => w.Workflow.Name == start.Workflow.Name);
        bool isExport = source.IsBuiltIn && start.Workflow.Name == BuiltIn.Export;
        bool isInit = source.IsBuiltIn && start.Workflow.Name == BuiltIn.Init;
        if (isInit && situation.Facts.WorkflowFiles.Count > 0)
        {
            return new RunStart(null, "AW2040", $"`/generate init` was not run: this repository has a workflow already (`{situation.Facts.WorkflowFiles[0].Path}`).");
        }

        if (await FindHeadAsync(situation, isExport, cancellationToken) is not { } head)
        {
            return new RunStart(null, "AW2039", "`/export` was not run: nothing was generated here yet; `/aw generate` does it.");
        }

        TriggerEvent happened = situation.Happened;
        WorkspaceTree tree = await situation.Forge.Reader.ReadTreeAsync(situation.Repository, head, cancellationToken);
        IEnumerable<LeftAlone> leftAlone = (await situation.Forge.Reader.FindLeftAloneAsync(situation.Repository, head, cancellationToken))
            .Concat(await LargeFilePointers.FindAsync(tree, contents, cancellationToken));
        Discussion discussion = start.Command is null ? Discussion.None : await Discussion.ReadAsync(situation, policy, cancellationToken);
        RunRequest request = new()
        {
            Forge = situation.Forge.Name,
            Repository = situation.Facts.Repository with { Head = head },
            BaseTree = tree,
            LeftAlone = [.. leftAlone.Take(MostLeftAlone)],
            Workflow = start.Workflow,
            WorkflowText = Encoding.UTF8.GetString(source.Text),
            IsBuiltIn = source.IsBuiltIn,
            Inputs = isInit ? await FirstInputsAsync(situation, tree, cancellationToken) : start.Inputs,
            Actor = happened.Sender,
            Issue = situation.Facts.Issue,
            Event = EventContexts.Of(happened, situation.Facts.Issue, start.Command, discussion),
            Kind = start.Kind,
            CauseId = start.CauseId,
            CommentId = happened.CommentId,
            CommentPlace = happened.CommentPlace,
            Needs = start.Kind == "schedule" ? null : policy.Minimum,
            Label = start.Kind == "label" ? happened.Label : null,
            BranchStem = isExport || isInit ? start.Workflow.Name : null,
            MayRunUnsandboxed = source.IsBuiltIn && situation.Occurrence.OwnComment is { } own && own == happened.CommentId,
        };
        return await starter.StartAsync(request, cancellationToken);
    }

    /// <summary>The default branch's head; for an archive the head of what was generated here, or null where there is nothing.</summary>
    private async Task<CommitId?> FindHeadAsync(Situation situation, bool isExport, CancellationToken cancellationToken)
    {
        if (!isExport)
        {
            return situation.Facts.Repository.Head;
        }

        RunSight? run = situation.Facts.Issue switch
        {
            { Pull: { IsFork: false } pull } => await index.FindByBranchAsync(situation.Forge.Name, situation.Repository, pull.Head, cancellationToken),
            { Number: var number } => await index.FindByIssueAsync(situation.Forge.Name, situation.Repository, number, $"agentworkflow/{number}-", cancellationToken),
            _ => null,
        };
        BranchWork? work = run is null ? null : await situation.Forge.Reader.FindWorkAsync(situation.Repository, run.Branch, cancellationToken);
        return work?.Head?.Head ?? work?.PullRequest?.Head;
    }

    private async Task<JsonObject> FirstInputsAsync(Situation situation, WorkspaceTree tree, CancellationToken cancellationToken)
    {
        RepositorySurvey survey = RepositorySurvey.Of(tree, await SurveyedFiles.ReadAsync(tree, contents, cancellationToken));
        byte[] builtIn = situation.Workflows.FirstOrDefault(w => w is { IsBuiltIn: true, Workflow.Name: CommandLine.Generate })?.Text ?? [];
        return new JsonObject { ["text"] = FirstWorkflow.Compose(survey, Encoding.UTF8.GetString(builtIn)) };
    }
}
