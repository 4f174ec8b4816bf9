using System.Text.Json;
using System.Text.Json.Serialization;

using AgentWorkflow.Bot.Forges.Git;

namespace AgentWorkflow.Bot.Forges.GitLab.Http;

/// <summary>The shapes of the REST API that we use; members that we do not read are not here.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UserAnswer))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(VersionAnswer))]
[JsonSerializable(typeof(List<ProjectAnswer>))]
[JsonSerializable(typeof(MemberAnswer))]
[JsonSerializable(typeof(IssueAnswer))]
[JsonSerializable(typeof(ItemUpdate))]
[JsonSerializable(typeof(List<NoteAnswer>))]
[JsonSerializable(typeof(NoteRequest))]
[JsonSerializable(typeof(List<EmojiAnswer>))]
[JsonSerializable(typeof(EmojiRequest))]
[JsonSerializable(typeof(List<MergeRequestAnswer>))]
[JsonSerializable(typeof(MergeRequestRequest))]
[JsonSerializable(typeof(MergeRequestUpdate))]
[JsonSerializable(typeof(List<BranchAnswer>))]
[JsonSerializable(typeof(BranchRequest))]
[JsonSerializable(typeof(List<CommitAnswer>))]
[JsonSerializable(typeof(CommitRequest))]
[JsonSerializable(typeof(FileAnswer))]
[JsonSerializable(typeof(List<TreeEntryAnswer>))]
[JsonSerializable(typeof(List<StatusAnswer>))]
[JsonSerializable(typeof(StatusRequest))]
[JsonSerializable(typeof(List<HookAnswer>))]
[JsonSerializable(typeof(HookRequest))]
[JsonSerializable(typeof(List<HookEventAnswer>))]
[JsonSerializable(typeof(GroupAnswer))]
[JsonSerializable(typeof(NewProjectRequest))]
[JsonSerializable(typeof(ProjectUpdate))]
[JsonSerializable(typeof(ProtectionRequest))]
[JsonSerializable(typeof(LabelRequest))]
[JsonSerializable(typeof(MilestoneRequest))]
[JsonSerializable(typeof(List<MilestoneAnswer>))]
[JsonSerializable(typeof(IssueRequest))]
[JsonSerializable(typeof(List<IssueAnswer>))]
[JsonSerializable(typeof(List<ChangedAnswer>))]
[JsonSerializable(typeof(List<LabelEventAnswer>))]
[JsonSerializable(typeof(List<ProjectEventAnswer>))]
[JsonSerializable(typeof(List<MergedAnswer>))]
[JsonSerializable(typeof(CompareAnswer))]
internal sealed partial class GitLabJson : JsonSerializerContext;

internal sealed record UserAnswer([property: JsonRequired] long Id, [property: JsonRequired] string Username, string? Name, string? State, bool Bot);

internal sealed record TokenAnswer(long Id, string? Name, List<string>? Scopes, DateOnly? ExpiresAt, bool Active, bool Revoked);

internal sealed record VersionAnswer(string? Version);

internal sealed record ProjectAnswer(
    [property: JsonRequired] long Id,
    [property: JsonRequired] string PathWithNamespace,
    string? DefaultBranch,
    [property: JsonRequired] string WebUrl,
    bool Archived,
    string? Visibility,
    RoleAnswers? Permissions,
    string? Description = null);

internal sealed record RoleAnswers(RoleAnswer? ProjectAccess, RoleAnswer? GroupAccess)
{
    /// <summary>The higher of the two.</summary>
    public int Level => Math.Max(ProjectAccess?.AccessLevel ?? 0, GroupAccess?.AccessLevel ?? 0);
}

internal sealed record RoleAnswer(int AccessLevel);

internal sealed record MemberAnswer([property: JsonRequired] long Id, [property: JsonRequired] string Username, string? State, int AccessLevel, string? MembershipState);

internal sealed record IssueAnswer(
    [property: JsonRequired] long Iid,
    [property: JsonRequired] string Title,
    string? Description,
    [property: JsonRequired] string WebUrl,
    string? State,
    bool Confidential,
    UserAnswer? Author,
    List<string>? Labels);

internal sealed record ItemUpdate(string? RemoveLabels);

/// <summary>A note; without an id where GitLab took the text for quick actions alone.</summary>
internal sealed record NoteAnswer(
    long Id, string? Body, UserAnswer? Author, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, bool System, bool? Internal, bool? Confidential)
{
    /// <summary>True where fewer people may see it than the issue.</summary>
    public bool IsInternal => Internal ?? Confidential ?? false;
}

internal sealed record NoteRequest(string Body);

internal sealed record EmojiAnswer(long Id, string Name, UserAnswer? User);

internal sealed record EmojiRequest(string Name);

internal sealed record MergeRequestAnswer(
    [property: JsonRequired] long Iid,
    [property: JsonRequired] string Title,
    string? Description,
    [property: JsonRequired] string State,
    bool Draft,
    string? Sha,
    [property: JsonRequired] string WebUrl,
    [property: JsonRequired] string SourceBranch,
    [property: JsonRequired] string TargetBranch,
    long? SourceProjectId,
    long? TargetProjectId,
    UserAnswer? Author,
    List<string>? Labels,
    List<UserAnswer>? Assignees);

internal sealed record MergeRequestRequest(
    string SourceBranch, string TargetBranch, string Title, string Description, string? Labels, IReadOnlyList<long>? AssigneeIds);

internal sealed record MergeRequestUpdate(string Title, string Description, string TargetBranch, string? AddLabels, IReadOnlyList<long>? AssigneeIds);

internal sealed record BranchAnswer([property: JsonRequired] string Name, CommitAnswer? Commit);

internal sealed record BranchRequest(string Branch, string Ref);

internal sealed record CommitAnswer(
    [property: JsonRequired] string Id,
    List<string>? ParentIds,
    string? Message,
    string? AuthorName,
    string? AuthorEmail,
    DateTimeOffset AuthoredDate,
    string? CommitterName,
    string? CommitterEmail,
    DateTimeOffset CommittedDate)
{
    /// <summary>True where all that is told of it, with that tree, gives its id; a signed commit never does, since the signature is part of it.</summary>
    public bool Holds(string tree) => Id == GitIds.Commit(
        tree, ParentIds ?? [], new CommitSigner(AuthorName ?? "", AuthorEmail ?? "", AuthoredDate), new CommitSigner(CommitterName ?? "", CommitterEmail ?? "", CommittedDate), Message ?? "");
}

/// <summary>A file on a branch: the branch's head, and the last commit that changed the file.</summary>
internal sealed record FileAnswer([property: JsonRequired] string CommitId, [property: JsonRequired] string LastCommitId);

internal sealed record CommitRequest(string Branch, string CommitMessage, IReadOnlyList<CommitAction> Actions);

internal sealed record CommitAction(string Action, string FilePath, string? Content = null, string? Encoding = null, bool? ExecuteFilemode = null, string? LastCommitId = null);

internal sealed record TreeEntryAnswer(
    [property: JsonRequired] string Id, [property: JsonRequired] string Name, [property: JsonRequired] string Type, [property: JsonRequired] string Path, [property: JsonRequired] string Mode);

internal sealed record StatusAnswer(long Id, string? Status, string? Name, string? Description);

internal sealed record StatusRequest(string State, string Name, string Description);

internal sealed record HookAnswer(
    long Id,
    string? Url,
    bool PushEvents,
    bool IssuesEvents,
    bool ConfidentialIssuesEvents,
    bool NoteEvents,
    bool ConfidentialNoteEvents,
    bool MergeRequestsEvents,
    bool EnableSslVerification,
    bool? SigningTokenPresent,
    string? AlertStatus,
    DateTimeOffset? DisabledUntil);

internal sealed record HookRequest(
    string Url,
    string? Token,
    string? SigningToken,
    bool PushEvents,
    bool IssuesEvents,
    bool ConfidentialIssuesEvents,
    bool NoteEvents,
    bool ConfidentialNoteEvents,
    bool MergeRequestsEvents,
    bool EnableSslVerification);

internal sealed record HookEventAnswer(
    long Id, string? Url, string? Trigger, Dictionary<string, string>? RequestHeaders, JsonElement? RequestData, string? ResponseStatus, DateTimeOffset? CreatedAt);
