using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Bot.Forges.GitLab.Reading;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitLab.Writing;

/// <summary>Branches and commits.</summary>
internal sealed class BranchEffects(GitLabClient client, GitLabTrees trees, FreshBranches fresh, IContentStore contents)
{
    /// <summary>Creates the branch; GitLab refuses a name that is taken.</summary>
    public async Task<Receipt> CreateAsync(RepoRef repository, CreateBranch effect, CancellationToken cancellationToken)
    {
        BranchRequest body = new(effect.Branch.Value, effect.At.Value);
        await client.SendAsync(api => api.CreateBranchAsync(repository.ToString(), body, $"create the branch '{effect.Branch}' of {repository}", cancellationToken));
        fresh.Add(repository, effect.Branch);
        return Receipts.Applied(effect, ("branch", effect.Branch.Value), ("commit", effect.At.Value));
    }

    /// <summary>Ours is a branch that is still at the planned commit, or that went on from there with a commit of this run.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, CreateBranch effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        if (await HistoryAsync(repository, effect.Branch, cancellationToken) is not [var head, ..] history)
        {
            return null;
        }

        bool ours = head.Id == effect.At.Value || history.TakeWhile(c => c.Id != effect.At.Value).Any(c => RunTrailer.In(c.Message ?? "") == owner.RunKey);
        return ours
            ? Receipts.Adopted(effect, ("branch", effect.Branch.Value), ("commit", head.Id))
            : Receipts.Refused(effect, $"the branch '{effect.Branch}' is taken by somebody else's commits", ("branch", effect.Branch.Value), ("commit", head.Id));
    }

    /// <summary>
    /// One commit on a branch whose head is the expected one. GitLab compares no heads, so the head is asked for first, each file that
    /// changes is held against the parent by GitLab, and what came out is held against what was planned.
    /// </summary>
    public async Task<Receipt> CommitAsync(RepoRef repository, CommitFiles effect, CancellationToken cancellationToken)
    {
        CommitPlan plan = await PlanAsync(repository, effect, cancellationToken);
        BranchAnswer? branch = await client.FindAsync(api => api.GetBranchAsync(repository.ToString(), effect.Branch.Value, $"look at the branch '{effect.Branch}' of {repository}", cancellationToken));
        if (branch?.Commit?.Id != effect.Parent.Value)
        {
            throw new ForgeException(ForgeFault.Conflict, $"AW3076: The branch '{effect.Branch}' of {repository} {(branch is null ? "is not there any more" : "has moved")}.");
        }

        CommitRequest body = new(effect.Branch.Value, effect.Message, [.. Actions(plan, effect.Parent)]);
        CommitAnswer made = await client.SendAsync(api => api.CreateCommitAsync(repository.ToString(), body, $"commit on '{effect.Branch}' of {repository}", cancellationToken));
        if (made.ParentIds is not [var parent] || parent != effect.Parent.Value)
        {
            return Receipts.Refused(effect, $"the branch '{effect.Branch}' moved in the very moment of the commit {made.Id[..7]}, so that it stands on commits that were not verified");
        }

        CommitId tree = await trees.IdAsync(repository, CommitId.Parse(made.Id), cancellationToken);
        return tree.Value == plan.Tree
            ? Receipts.Applied(effect, Values(effect, made.Id, tree.Value))
            : Receipts.Refused(effect, $"the commit {made.Id[..7]} on '{effect.Branch}' does not hold the planned files (tree {tree.Short} instead of {plan.Tree[..7]})");
    }

    /// <summary>Ours is a commit of this run on the planned parent with the planned tree, at the head or below what others added.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, CommitFiles effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        if (await HistoryAsync(repository, effect.Branch, cancellationToken) is not [var head, ..] history)
        {
            return Receipts.Refused(effect, $"the branch '{effect.Branch}' is not there any more");
        }

        if (head.Id == effect.Parent.Value)
        {
            return null;
        }

        CommitAnswer? ours = history.FirstOrDefault(c => RunTrailer.In(c.Message ?? "") == owner.RunKey && c.ParentIds is [var parent] && parent == effect.Parent.Value);
        CommitId? tree = ours is null ? null : await trees.IdAsync(repository, CommitId.Parse(ours.Id), cancellationToken);
        return ours is not null && tree is not null && tree.Value == (await PlanAsync(repository, effect, cancellationToken)).Tree
            ? Receipts.Adopted(effect, Values(effect, ours.Id, tree.Value))
            : Receipts.Refused(effect, $"the branch '{effect.Branch}' moved to {head.Id[..7]}, which is not this run's commit", ("branch", effect.Branch.Value), ("commit", head.Id));
    }

    private async Task<CommitPlan> PlanAsync(RepoRef repository, CommitFiles effect, CancellationToken cancellationToken) =>
        CommitPlan.Of(await trees.ListAsync(repository, effect.Parent, cancellationToken), effect, contents);

    // What goes away first: a file may make room for a folder of its name.
    private IEnumerable<CommitAction> Actions(CommitPlan plan, CommitId parent)
    {
        foreach (TreeItem gone in plan.Deleted)
        {
            yield return new CommitAction("delete", gone.Path, LastCommitId: parent.Value);
        }

        foreach (PlannedFile file in plan.Written)
        {
            string? last = file.Before is null ? null : parent.Value;
            if (file.Before != file.Blob)
            {
                string content = Convert.ToBase64String(CommitPlan.ContentOf(file.Entry, contents));
                yield return new CommitAction(file.Before is null ? "create" : "update", file.Path.Value, content, "base64", LastCommitId: last);
            }

            if (file.Entry.Executable != file.WasExecutable)
            {
                yield return new CommitAction("chmod", file.Path.Value, ExecuteFilemode: file.Entry.Executable, LastCommitId: last);
            }
        }
    }

    // Newest first; empty where there is no such branch.
    private async Task<List<CommitAnswer>> HistoryAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken) =>
        await client.FindAsync(api => api.ListCommitsAsync(repository.ToString(), branch.Value, GitLabClient.PageSize, $"look at the branch '{branch}' of {repository}", cancellationToken)) ?? [];

    private static IEnumerable<(string Name, string Value)> Values(CommitFiles effect, string commit, string tree) =>
        [("branch", effect.Branch.Value), ("commit", commit), ("tree", tree)];
}
