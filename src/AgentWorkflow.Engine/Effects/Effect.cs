using System.Text.Json.Serialization;

using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Engine.Effects;

/// <summary>
/// One thing done outside. The set is closed: a forge handles every kind through <see cref="IEffectVisitor{T}"/>, so a new
/// one breaks the build of each forge until it is handled. Effects are data: they are stored before the first one is
/// applied, printed by a dry run and listed by the audit log.
/// </summary>
/// <param name="Key">The natural key: unique within the run, derived from what the effect is, never from chance.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(CreateBranch), "branch")]
[JsonDerivedType(typeof(CommitFiles), "commit")]
[JsonDerivedType(typeof(OpenPullRequest), "pull_request")]
[JsonDerivedType(typeof(PutComment), "comment")]
[JsonDerivedType(typeof(AddReaction), "reaction")]
[JsonDerivedType(typeof(RemoveLabel), "label")]
[JsonDerivedType(typeof(SetCheck), "check")]
[JsonDerivedType(typeof(PublishArchive), "archive")]
[JsonDerivedType(typeof(CreateRepository), "repository")]
public abstract record Effect(EffectKey Key)
{
    /// <summary>The kind's stored name.</summary>
    [JsonIgnore]
    public abstract string Kind { get; }

    /// <summary>Calls the visitor's method for this kind.</summary>
    public abstract T Accept<T>(IEffectVisitor<T> visitor);
}

/// <summary>One method a kind of effect; implementers are complete or do not compile.</summary>
public interface IEffectVisitor<out T>
{
    /// <summary>A branch at a commit.</summary>
    T Visit(CreateBranch effect);

    /// <summary>One commit on a branch.</summary>
    T Visit(CommitFiles effect);

    /// <summary>A pull or merge request.</summary>
    T Visit(OpenPullRequest effect);

    /// <summary>A comment that is created once and edited in place.</summary>
    T Visit(PutComment effect);

    /// <summary>A reaction to an issue, pull request or comment.</summary>
    T Visit(AddReaction effect);

    /// <summary>A label that is taken off.</summary>
    T Visit(RemoveLabel effect);

    /// <summary>A check (or commit status) on a commit.</summary>
    T Visit(SetCheck effect);

    /// <summary>An archive of the result, kept by us.</summary>
    T Visit(PublishArchive effect);

    /// <summary>A repository with its configuration, first commit and issues.</summary>
    T Visit(CreateRepository effect);
}

/// <summary>Creates <paramref name="Branch"/> at <paramref name="At"/>; the precondition is that the name is free.</summary>
public sealed record CreateBranch(EffectKey Key, BranchName Branch, CommitId At) : Effect(Key)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Kind => "branch";

    /// <inheritdoc/>
    public override T Accept<T>(IEffectVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>
/// Commits the whole tree <paramref name="Tree"/> on <paramref name="Branch"/>; the precondition is that the branch's head is
/// <paramref name="Parent"/>. Message trailers name the run, so that a repeat can recognise its own commit.
/// </summary>
public sealed record CommitFiles(EffectKey Key, BranchName Branch, CommitId Parent, WorkspaceTree Tree, string Message, DateTimeOffset At) : Effect(Key)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Kind => "commit";

    /// <inheritdoc/>
    public override T Accept<T>(IEffectVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Opens or, when ours is open already, updates the pull request of <paramref name="Branch"/>.</summary>
public sealed record OpenPullRequest(
    EffectKey Key, BranchName Branch, string Base, string Title, string Body, bool Draft, IReadOnlyList<string> Labels, IReadOnlyList<ActorId> Assignees) : Effect(Key)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Kind => "pull_request";

    /// <inheritdoc/>
    public override T Accept<T>(IEffectVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Creates or edits the comment with <paramref name="Marker"/> on issue or pull request <paramref name="Number"/>.</summary>
/// <param name="Key">Contains the revision, so that each edit is an effect of its own.</param>
/// <param name="Number">The issue's or pull request's number.</param>
/// <param name="Marker">The hidden, authenticated marker that makes the comment ours.</param>
/// <param name="Body">The whole text without the marker.</param>
public sealed record PutComment(EffectKey Key, long Number, string Marker, string Body) : Effect(Key)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Kind => "comment";

    /// <inheritdoc/>
    public override T Accept<T>(IEffectVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Adds <paramref name="Content"/> (<c>eyes</c>, <c>+1</c>, <c>-1</c>) to a comment, or to the issue itself; repeating it changes nothing.</summary>
/// <param name="Key">Names the place, the id and the content.</param>
/// <param name="CommentId">The comment's id; the issue's number for <see cref="CommentPlace.IssueItself"/>.</param>
/// <param name="Content">The reaction in GitHub's words.</param>
/// <param name="Place">What kind of thing the id is of.</param>
/// <param name="Number">The issue or pull request that the comment stands on; some forges reach a comment only through it.</param>
public sealed record AddReaction(EffectKey Key, long CommentId, string Content, CommentPlace Place = CommentPlace.Issue, long? Number = null) : Effect(Key)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Kind => "reaction";

    /// <inheritdoc/>
    public override T Accept<T>(IEffectVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Takes <paramref name="Label"/> off an issue or pull request; where it is off already, nothing happens.</summary>
public sealed record RemoveLabel(EffectKey Key, long Number, string Label) : Effect(Key)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Kind => "label";

    /// <inheritdoc/>
    public override T Accept<T>(IEffectVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Sets the check <paramref name="Name"/> on a commit; a repeat is an update.</summary>
public sealed record SetCheck(
    EffectKey Key, CommitId Commit, string Name, CheckConclusion Conclusion, string Title, string Summary, IReadOnlyList<CheckAnnotation> Annotations) : Effect(Key)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Kind => "check";

    /// <inheritdoc/>
    public override T Accept<T>(IEffectVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Writes an archive of <paramref name="Tree"/> under a content-addressed name; repeating it writes the same bytes.</summary>
public sealed record PublishArchive(EffectKey Key, WorkspaceTree Tree, string Format, string RootFolder, string FileName) : Effect(Key)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Kind => "archive";

    /// <inheritdoc/>
    public override T Accept<T>(IEffectVisitor<T> visitor) => visitor.Visit(this);
}

/// <summary>Where a comment stands: forges keep the kinds apart, also in their ids.</summary>
public enum CommentPlace
{
    /// <summary>In the conversation of an issue or pull request.</summary>
    Issue,

    /// <summary>On lines of a pull request.</summary>
    Review,

    /// <summary>No comment: the issue or pull request itself.</summary>
    IssueItself,
}

/// <summary>How a check ended.</summary>
public enum CheckConclusion
{
    /// <summary>What was checked holds.</summary>
    Success,

    /// <summary>What was checked does not hold.</summary>
    Failure,

    /// <summary>Nothing could be checked.</summary>
    Neutral,
}

/// <summary>One remark on lines of a file.</summary>
public sealed record CheckAnnotation(RepoPath Path, int StartLine, int EndLine, string Level, string Title, string Message);
