using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Forges.GitHub.Reading;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Writing;

/// <summary>Branches and commits.</summary>
internal sealed class GitEffects(Installations installations, GitHubHttp http, TreeReader trees, CommitMaker maker, FreshBranches fresh, IContentStore contents)
{
    /// <summary>Creates a branch where there is none of that name: GitHub refuses a second one.</summary>
    public async Task<Receipt> CreateAsync(RepoRef repository, CreateBranch effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Of(owner, ForgeRights.Contents), cancellationToken);
        RefRequest body = new($"refs/heads/{effect.Branch}", effect.At.Value);
        await http.SendAsync(access, GitHubRequest.Post($"repos/{repository}/git/refs", body, GitHubJson.Default.RefRequest, $"create the branch '{effect.Branch}' of {repository}"), cancellationToken);
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

        bool ours = head.Sha == effect.At.Value || history.TakeWhile(c => c.Sha != effect.At.Value).Any(c => RunTrailer.In(c.Commit.Message) == owner.RunKey);
        return ours
            ? Receipts.Adopted(effect, ("branch", effect.Branch.Value), ("commit", head.Sha))
            : Receipts.Refused(effect, $"the branch '{effect.Branch}' is taken by somebody else's commits", ("branch", effect.Branch.Value), ("commit", head.Sha));
    }

    /// <summary>One commit on a branch whose head is the expected one; what came out is held against what was planned.</summary>
    public async Task<Receipt> CommitAsync(RepoRef repository, CommitFiles effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        CommitPlan plan = await PlanAsync(repository, effect, cancellationToken);
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Of(owner, ForgeRights.Contents | (plan.TouchesCi ? ForgeRights.CiFiles : ForgeRights.None)), cancellationToken);
        MadeCommit made = await maker.MakeAsync(access, repository, effect, plan, cancellationToken);
        return made.Tree.Oid == plan.Tree
            ? Receipts.Applied(effect, Values(effect, made.Oid, made.Tree.Oid, made.Signature?.IsValid is true))
            : Receipts.Refused(effect, $"the commit {made.Oid[..7]} on '{effect.Branch}' does not hold the planned files (tree {made.Tree.Oid[..7]} instead of {plan.Tree[..7]})");
    }

    /// <summary>Ours is a commit of this run on the planned parent with the planned tree, at the head or below what others added.</summary>
    public async Task<Receipt?> FindAsync(RepoRef repository, CommitFiles effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        if (await HistoryAsync(repository, effect.Branch, cancellationToken) is not [var head, ..] history)
        {
            return Receipts.Refused(effect, $"the branch '{effect.Branch}' is not there any more");
        }

        if (head.Sha == effect.Parent.Value)
        {
            return null;
        }

        ListedCommit? ours = history.FirstOrDefault(c => RunTrailer.In(c.Commit.Message) == owner.RunKey && c.Parents is [var parent, ..] && parent.Sha == effect.Parent.Value);
        return ours is not null && ours.Commit.Tree.Sha == (await PlanAsync(repository, effect, cancellationToken)).Tree
            ? Receipts.Adopted(effect, Values(effect, ours.Sha, ours.Commit.Tree.Sha, ours.Commit.Verification?.Verified is true))
            : Receipts.Refused(effect, $"the branch '{effect.Branch}' moved to {head.Sha[..7]}, which is not this run's commit", ("branch", effect.Branch.Value), ("commit", head.Sha));
    }

    private async Task<CommitPlan> PlanAsync(RepoRef repository, CommitFiles effect, CancellationToken cancellationToken)
    {
        GitHubAccess reading = await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken);
        return CommitPlan.Of(await trees.ListAsync(reading, repository, effect.Parent, cancellationToken), effect, contents);
    }

    private async Task<List<ListedCommit>> HistoryAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken) =>
        await BranchHistory.ReadAsync(http, await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken), repository, branch.Value, cancellationToken);

    private static IEnumerable<(string Name, string Value)> Values(CommitFiles effect, string commit, string tree, bool verified) =>
        [("branch", effect.Branch.Value), ("commit", commit), ("tree", tree), ("verified", verified ? "true" : "false")];
}
