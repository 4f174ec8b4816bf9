using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>Branches and commits.</summary>
internal sealed class LocalGitEffects(LocalRepositories repositories)
{
    /// <summary>Creates a branch where there is none of that name.</summary>
    public async Task<Receipt> CreateAsync(RepoRef repository, CreateBranch effect, CancellationToken cancellationToken)
    {
        string path = repositories.PathOf(repository);
        using (BareRepository git = repositories.Open(repository))
        {
            git.TreeOf(effect.At); // A branch to nowhere would break every reader; NotFound says so before.
        }

        return await repositories.TryMoveAsync(path, effect.Branch.Value, expected: null, effect.At, cancellationToken)
            ? Receipts.Applied(effect, ("branch", effect.Branch.Value), ("commit", effect.At.Value))
            : throw new ForgeException(ForgeFault.Conflict, $"The branch '{effect.Branch}' of {repository} is there already, or its name excludes another's.");
    }

    /// <summary>Ours is a branch that is still at the planned commit, or that went on from there with a commit of this run.</summary>
    public Task<Receipt?> FindAsync(RepoRef repository, CreateBranch effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using BareRepository git = repositories.Open(repository);
        if (git.Head(effect.Branch.Value) is not { } head)
        {
            return Task.FromResult<Receipt?>(git.IsBlocked("refs/heads/" + effect.Branch)
                ? Receipts.Refused(effect, $"the branch name '{effect.Branch}' cannot stand beside a branch that is there")
                : null);
        }

        bool ours = head == effect.At || git.History(head).TakeWhile(c => c.Id != effect.At).Any(c => c.RunKey == owner.RunKey);
        return Task.FromResult<Receipt?>(ours
            ? Receipts.Adopted(effect, ("branch", effect.Branch.Value), ("commit", head.Value))
            : Receipts.Refused(effect, $"the branch '{effect.Branch}' is taken by somebody else's commits", ("branch", effect.Branch.Value), ("commit", head.Value)));
    }

    /// <summary>Commits on a branch whose head is the expected one.</summary>
    public async Task<Receipt> CommitAsync(RepoRef repository, CommitFiles effect, CancellationToken cancellationToken)
    {
        string path = repositories.PathOf(repository);
        using (BareRepository git = repositories.Open(repository))
        {
            if (git.Head(effect.Branch.Value) != effect.Parent)
            {
                throw Moved(repository, effect);
            }
        }

        (CommitId commit, CommitId tree) = repositories.WriteCommit(path, effect.Tree, effect.Parent, LocalForge.Committer, effect.At, effect.Message);
        CrashPoint.Here("written:commit");
        return await repositories.TryMoveAsync(path, effect.Branch.Value, effect.Parent, commit, cancellationToken)
            ? Receipts.Applied(effect, Values(effect, commit, tree))
            : throw Moved(repository, effect);
    }

    /// <summary>Ours is a commit of this run on the planned parent with the planned tree, at the head or below what others added.</summary>
    public Task<Receipt?> FindAsync(RepoRef repository, CommitFiles effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using BareRepository git = repositories.Open(repository);
        if (git.Head(effect.Branch.Value) is not { } head)
        {
            return Task.FromResult<Receipt?>(Receipts.Refused(effect, $"the branch '{effect.Branch}' is not there any more"));
        }

        if (head == effect.Parent)
        {
            return Task.FromResult<Receipt?>(null);
        }

        CommitFacts? ours = git.History(head).FirstOrDefault(c => c.RunKey == owner.RunKey && c.Parent == effect.Parent);
        return Task.FromResult<Receipt?>(ours is not null && ours.Tree == repositories.TreeId(effect.Tree)
            ? Receipts.Adopted(effect, Values(effect, ours.Id, ours.Tree))
            : Receipts.Refused(effect, $"the branch '{effect.Branch}' moved to {head.Short}, which is not this run's commit", ("branch", effect.Branch.Value), ("commit", head.Value)));
    }

    private static ForgeException Moved(RepoRef repository, CommitFiles effect) =>
        new(ForgeFault.Conflict, $"The branch '{effect.Branch}' of {repository} is not at {effect.Parent.Short} any more.");

    private static IEnumerable<(string Name, string Value)> Values(CommitFiles effect, CommitId commit, CommitId tree) =>
        [("branch", effect.Branch.Value), ("commit", commit.Value), ("tree", tree.Value)];
}
