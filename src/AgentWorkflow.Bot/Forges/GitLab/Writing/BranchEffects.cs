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
    /// One commit on a branch whose head is the expected one. GitLab compares no heads, so the head is asked for first, and what came out
    /// is held against what was planned: another parent or another tree is told and goes no further. Of the files that were there before,
    /// GitLab itself holds one against its last commit: each more would be a request more.
    /// </summary>
    public async Task<Receipt> CommitAsync(RepoRef repository, CommitFiles effect, CancellationToken cancellationToken)
    {
        CommitPlan plan = await PlanAsync(repository, effect, cancellationToken);
        string? changed = plan.Written.Where(w => w.Before is not null && w.Before != w.Blob).MinBy(w => w.Entry.Size)?.Path.Value;
        (string? head, FileAnswer? file) = await LookAsync(repository, effect.Branch, changed, cancellationToken);
        if (head != effect.Parent.Value)
        {
            throw new ForgeException(ForgeFault.Conflict, $"AW3076: The branch '{effect.Branch}' of {repository} {(head is null ? "is not there any more" : "has moved")}.");
        }

        CommitRequest body = new(effect.Branch.Value, effect.Message, [.. Actions(plan, changed, file?.LastCommitId)]);
        CommitAnswer made = await client.SendAsync(api => api.CreateCommitAsync(repository.ToString(), body, $"commit on '{effect.Branch}' of {repository}", cancellationToken));
        if (made.ParentIds is not [var parent] || parent != effect.Parent.Value)
        {
            return Receipts.Refused(effect, $"the branch '{effect.Branch}' moved in the very moment of the commit {made.Id[..7]}, so that it stands on commits that were not verified");
        }

        CommitId tree = CommitId.Parse(plan.Tree);
        if (!made.Holds(plan.Tree))
        {
            tree = await trees.IdAsync(repository, CommitId.Parse(made.Id), cancellationToken);
        }

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

    // A file that changes tells both the branch's head and the commit that changed it last, which GitLab then compares.
    private async Task<(string? Head, FileAnswer? Changed)> LookAsync(RepoRef repository, BranchName branch, string? changed, CancellationToken cancellationToken)
    {
        string what = $"look at the branch '{branch}' of {repository}";
        return changed is not null && await client.FindAsync(api => api.GetFileAsync(repository.ToString(), changed, branch.Value, what, cancellationToken)) is { } file
            ? (file.CommitId, file)
            : ((await client.FindAsync(api => api.GetBranchAsync(repository.ToString(), branch.Value, what, cancellationToken)))?.Commit?.Id, null);
    }

    // What goes away first: a file may make room for a folder of its name.
    private IEnumerable<CommitAction> Actions(CommitPlan plan, string? compared, string? last)
    {
        foreach (TreeItem gone in plan.Deleted)
        {
            yield return new CommitAction("delete", gone.Path);
        }

        foreach (PlannedFile file in plan.Written)
        {
            if (file.Before != file.Blob)
            {
                string content = Convert.ToBase64String(CommitPlan.ContentOf(file.Entry, contents));
                yield return new CommitAction(file.Before is null ? "create" : "update", file.Path.Value, content, "base64", LastCommitId: file.Path.Value == compared ? last : null);
            }

            if (file.Entry.Executable != file.WasExecutable)
            {
                yield return new CommitAction("chmod", file.Path.Value, ExecuteFilemode: file.Entry.Executable);
            }
        }
    }

    // Newest first; empty where there is no such branch.
    private async Task<List<CommitAnswer>> HistoryAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken) =>
        await client.FindAsync(api => api.ListCommitsAsync(repository.ToString(), branch.Value, GitLabClient.PageSize, $"look at the branch '{branch}' of {repository}", cancellationToken)) ?? [];

    private static IEnumerable<(string Name, string Value)> Values(CommitFiles effect, string commit, string tree) =>
        [("branch", effect.Branch.Value), ("commit", commit), ("tree", tree)];
}
