using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Forges;

/// <summary>One forge: its name and its ports. One folder and one registration line each.</summary>
internal interface IForge
{
    /// <summary><c>local</c>, <c>github</c> or <c>gitlab</c>.</summary>
    string Name { get; }

    /// <summary>Questions.</summary>
    IForgeReader Reader { get; }

    /// <summary>Effects.</summary>
    IForgeWriter Writer { get; }
}

/// <summary>Questions to a forge. Answers are facts of that moment; nothing is guessed: what cannot be known is a <see cref="ForgeException"/>.</summary>
internal interface IForgeReader
{
    /// <summary>The repository, or null where it does not exist or may not be seen.</summary>
    Task<RepositoryFacts?> FindRepositoryAsync(RepoRef repository, CancellationToken cancellationToken);

    /// <summary>The issue or pull request, or null.</summary>
    Task<IssueFacts?> FindIssueAsync(RepoRef repository, long number, CancellationToken cancellationToken);

    /// <summary>The person's permission on the repository, asked now.</summary>
    Task<RepositoryPermission> GetPermissionAsync(RepoRef repository, ActorId actor, CancellationToken cancellationToken);

    /// <summary>All files at a commit, their contents put into the content store.</summary>
    Task<WorkspaceTree> ReadTreeAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken);

    /// <summary>A branch's head, or null where there is no such branch.</summary>
    Task<BranchFacts?> FindBranchAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken);

    /// <summary>The latest pull request from a branch whatever its state, or null.</summary>
    Task<PullRequestFacts?> FindPullRequestAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken);
}

/// <summary>
/// Applies effects. An implementer keeps: a precondition that fails when the thing is there already; no effect is applied
/// twice in one call; nothing is recorded by it. Adoption is decided by the caller, with <see cref="FindAsync"/>.
/// </summary>
internal interface IForgeWriter
{
    /// <summary>Acts once. Throws <see cref="ForgeException"/> with <see cref="ForgeFault.Conflict"/> when the precondition failed, <see cref="ForgeFault.Ambiguous"/> when it may have happened.</summary>
    Task<Receipt> ApplyAsync(RepoRef repository, Effect effect, EffectOwner owner, CancellationToken cancellationToken);

    /// <summary>Looks the effect up by its natural key: a receipt when it is there and ours, null when nothing is there. A thing of that key that is not ours is a refused receipt.</summary>
    Task<Receipt?> FindAsync(RepoRef repository, Effect effect, EffectOwner owner, CancellationToken cancellationToken);
}

/// <summary>Who makes an effect: what is compared before something is adopted as ours.</summary>
/// <param name="RunKey">The run key, in trailers and markers.</param>
/// <param name="Marker">The authenticated marker text of the run.</param>
internal sealed record EffectOwner(string RunKey, string Marker);

/// <summary>A repository as the forge tells it.</summary>
internal sealed record RepositoryFacts(long Id, RepoRef Repository, string DefaultBranch, CommitId? Head, string Url, bool Archived);

/// <summary>A branch as the forge tells it.</summary>
/// <param name="Branch">Its name.</param>
/// <param name="Head">The commit it points to.</param>
/// <param name="Tree">That commit's git tree.</param>
/// <param name="RunKey">The trailer <c>AgentWorkflow-Run</c> of the head commit; null where a person made it.</param>
internal sealed record BranchFacts(BranchName Branch, CommitId Head, CommitId Tree, string? RunKey);

/// <summary>A pull request as the forge tells it.</summary>
internal sealed record PullRequestFacts(long Number, BranchName Branch, string State, bool Draft, CommitId Head, string Url);

/// <summary>Rights on a repository, each including those before it.</summary>
internal enum RepositoryPermission
{
    /// <summary>None.</summary>
    None,

    /// <summary>May read.</summary>
    Read,

    /// <summary>May sort issues.</summary>
    Triage,

    /// <summary>May push.</summary>
    Write,

    /// <summary>May manage without dangerous settings.</summary>
    Maintain,

    /// <summary>May do everything.</summary>
    Admin,
}

/// <summary>What went wrong with a forge.</summary>
internal enum ForgeFault
{
    /// <summary>It is not there, or we may not see it.</summary>
    NotFound,

    /// <summary>A precondition failed: something of that key is there already, or has moved.</summary>
    Conflict,

    /// <summary>Not before <see cref="ForgeException.Until"/>.</summary>
    RateLimited,

    /// <summary>We have no right to.</summary>
    Denied,

    /// <summary>It does not answer; nothing has happened.</summary>
    Unavailable,

    /// <summary>It may have happened.</summary>
    Ambiguous,
}

/// <summary>The one exception of the forge adapters.</summary>
internal sealed class ForgeException(ForgeFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The kind.</summary>
    public ForgeFault Fault { get; } = fault;

    /// <summary>When to come back, for <see cref="ForgeFault.RateLimited"/>.</summary>
    public DateTimeOffset? Until { get; init; }
}
