using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Forges;

/// <summary>A repository as the forge tells it.</summary>
internal sealed record RepositoryFacts(long Id, RepoRef Repository, string DefaultBranch, CommitId? Head, string Url, bool Archived)
{
    /// <summary>False where the forge would refuse a commit of ours that changes CI files.</summary>
    public bool TakesCiFiles { get; init; } = true;

    /// <summary>Who may see it; the fewest where the forge was not asked.</summary>
    public RepositoryVisibility Visibility { get; init; }
}

/// <summary>What a trigger names.</summary>
/// <param name="Issue">The issue or pull request; null for events without one.</param>
/// <param name="Comment">The comment; null for events without one.</param>
/// <param name="Place">Where the comment stands.</param>
internal sealed record TriggerQuery(long? Issue, long? Comment = null, CommentPlace Place = CommentPlace.Issue);

/// <summary>What a trigger is decided on, as the forge tells it at one moment.</summary>
/// <param name="Repository">The repository and its default branch's head.</param>
/// <param name="Issue">The issue or pull request; null where it is gone or none was asked for.</param>
/// <param name="Comment">The comment as it stands now; null where it is gone or none was asked for.</param>
/// <param name="Discussion">The comments on it before that one, oldest first, at most the last 100.</param>
/// <param name="WorkflowFiles">The workflow files at <see cref="RepositoryFacts.Head"/>.</param>
internal sealed record TriggerFacts(
    RepositoryFacts Repository, IssueFacts? Issue, CommentFacts? Comment, IReadOnlyList<CommentFacts> Discussion, IReadOnlyList<RepositoryFile> WorkflowFiles);

/// <summary>A comment as the forge tells it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="IsBot">True where the forge says that a program wrote it.</param>
/// <param name="Body">Its text now.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="EditedAt">When the text was changed last; null where it stands as it was written.</param>
internal sealed record CommentFacts(long Id, ActorId Author, bool IsBot, string Body, DateTimeOffset CreatedAt, DateTimeOffset? EditedAt)
{
    /// <summary>True where fewer people may see it than the branches and pull requests of its repository (promise P55).</summary>
    public bool IsHidden { get; init; }
}

/// <summary>A file of a repository at a commit.</summary>
internal sealed record RepositoryFile(RepoPath Path, byte[] Content);

/// <summary>What there is on a branch of ours.</summary>
/// <param name="Head">Its head; null where there is no such branch.</param>
/// <param name="PullRequest">The latest pull request from it; null where there was none.</param>
internal sealed record BranchWork(BranchFacts? Head, PullRequestFacts? PullRequest);

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
