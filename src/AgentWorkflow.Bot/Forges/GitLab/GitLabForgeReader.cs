using AgentWorkflow.Bot.Forges.GitLab.Access;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Bot.Forges.GitLab.Reading;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Forges.GitLab;

/// <summary>Answers from GitLab, with as few requests as it allows.</summary>
internal sealed class GitLabForgeReader(GitLabClient client, GitLabRights rights, Branches branches, GitLabTrees trees, WorkflowReader workflows, MergeRequests merges) : IForgeReader
{
    /// <inheritdoc/>
    public async Task<TriggerFacts?> ReadTriggerAsync(RepoRef repository, TriggerQuery query, CancellationToken cancellationToken)
    {
        ProjectAnswer? project = await client.FindAsync(api => api.GetProjectAsync(repository.ToString(), $"read {repository}", cancellationToken));
        if (project is null || !RepoRef.TryParse(project.PathWithNamespace, out RepoRef? name))
        {
            return null;
        }

        CommitAnswer? top = project.DefaultBranch is { Length: > 0 } branch ? await branches.FindHeadAsync(name, branch, query.Issue, cancellationToken) : null;
        CommitId? head = top is null ? null : CommitId.Parse(top.Id);
        IssueFacts? issue = query.Issue is { } number ? await FindAsync(name, project, number, cancellationToken) : null;
        List<CommentFacts> said = issue is null ? [] : await SaidAsync(name, issue.Number, cancellationToken);
        CommentFacts? asked = issue is not null && query.Comment is { } id ? said.Find(c => c.Id == id) ?? await FindNoteAsync(name, issue.Number, id, cancellationToken) : null;
        return new TriggerFacts(
            new RepositoryFacts(project.Id, name, project.DefaultBranch ?? "main", head, project.WebUrl, project.Archived) { Visibility = Items.VisibilityOf(project) },
            issue,
            asked,
            [.. said.Where(c => !c.IsHidden && (asked is null || c.CreatedAt < asked.CreatedAt || (c.CreatedAt == asked.CreatedAt && c.Id < asked.Id)))],
            top is null || head is null ? []
                : query.Issue is null ? await workflows.ReadAsync(name, head, cancellationToken)
                : await workflows.ReadWithAllAsync(name, top, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<RepositoryPermission> GetPermissionAsync(RepoRef repository, ActorId actor, CancellationToken cancellationToken) => rights.GetAsync(repository, actor, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> IsProgramAsync(ActorId actor, CancellationToken cancellationToken) => rights.IsProgramAsync(actor, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RepositoryFile>> ReadWorkflowFilesAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) =>
        workflows.ReadAsync(repository, commit, cancellationToken);

    /// <inheritdoc/>
    public Task<WorkspaceTree> ReadTreeAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) => trees.ReadAsync(repository, commit, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LeftAlone>> FindLeftAloneAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) =>
        (await trees.ListAsync(repository, commit, cancellationToken)).LeftAlone;

    /// <summary>Nothing: GitLab shows protected branches and push rules to maintainers alone, which the bot need not be. What they forbid it says when we write.</summary>
    public Task<BranchRules> ReadRulesAsync(RepoRef repository, BranchName branch, bool isThere, CancellationToken cancellationToken) => Task.FromResult(BranchRules.None);

    /// <inheritdoc/>
    public async Task<BranchWork> FindWorkAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken)
    {
        MergeRequestAnswer? latest = await merges.LatestAsync(repository, branch, cancellationToken);
        BranchFacts? head = await branches.FindOfRunAsync(repository, branch, cancellationToken) is { } found && CommitId.TryParse(found.Id, out CommitId? at)
            ? new BranchFacts(branch, at, await trees.IdAsync(repository, at, cancellationToken), RunTrailer.In(found.Message ?? ""))
            : null;
        return new BranchWork(head, latest is null ? null : Items.PullOf(latest, branch));
    }

    private async Task<IssueFacts?> FindAsync(RepoRef repository, ProjectAnswer project, long number, CancellationToken cancellationToken)
    {
        string what = $"read {ItemNumber.Text(number)} of {repository}";
        if (ItemNumber.IsMergeRequest(number))
        {
            MergeRequestAnswer? merge = await client.FindAsync(api => api.GetMergeRequestAsync(repository.ToString(), ItemNumber.Counted(number), what, cancellationToken));
            return merge is null ? null : Items.Of(merge);
        }

        IssueAnswer? issue = await client.FindAsync(api => api.GetIssueAsync(repository.ToString(), number, what, cancellationToken));
        return issue is null ? null : Items.Of(issue, project);
    }

    // The last hundred, oldest first; what GitLab itself notes down is no comment.
    private async Task<List<CommentFacts>> SaidAsync(RepoRef repository, long number, CancellationToken cancellationToken)
    {
        List<NoteAnswer> notes = await client.SendAsync(api => api.ListNotesAsync(
            repository.ToString(), Items.KindOf(number), ItemNumber.Counted(number), "desc", "created_at", GitLabClient.PageSize, page: 1, $"read the notes on {ItemNumber.Text(number)} of {repository}", cancellationToken));
        return [.. notes.Where(n => !n.System).Select(n => Items.Of(n)).OrderBy(c => c.CreatedAt).ThenBy(c => c.Id)];
    }

    private async Task<CommentFacts?> FindNoteAsync(RepoRef repository, long number, long id, CancellationToken cancellationToken)
    {
        NoteAnswer? note = await client.FindAsync(api => api.GetNoteAsync(
            repository.ToString(), Items.KindOf(number), ItemNumber.Counted(number), id, $"read a note on {ItemNumber.Text(number)} of {repository}", cancellationToken));
        return note is null or { System: true } ? null : Items.Of(note);
    }
}
