using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentWorkflow.Bot.Forges.GitHub.Http;

/// <summary>The shapes of the GraphQL API that we use. Its 64-bit numbers come as texts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(GraphQlQuery))]
[JsonSerializable(typeof(GraphQlAnswer))]
[JsonSerializable(typeof(TriggerData))]
[JsonSerializable(typeof(WorkData))]
[JsonSerializable(typeof(BotsData))]
[JsonSerializable(typeof(CommitData))]
[JsonSerializable(typeof(DraftData))]
internal sealed partial class GraphQlJson : JsonSerializerContext;

internal sealed record GraphQlQuery(string Query, GraphQlVariables Variables);

/// <summary>All variables of our queries; those that a query does not have are not sent.</summary>
internal sealed record GraphQlVariables
{
    public string? Owner { get; init; }

    public string? Name { get; init; }

    public long? Number { get; init; }

    public bool? Issue { get; init; }

    public string? Ref { get; init; }

    public string? Branch { get; init; }

    public CommitInput? Input { get; init; }

    public string? Id { get; init; }

    public string? Path { get; init; }
}

internal sealed record GraphQlAnswer(JsonElement? Data, IReadOnlyList<GraphQlError>? Errors);

internal sealed record GraphQlError(string? Type, string? Message);

internal sealed record Nodes<T>([property: JsonPropertyName("nodes")] IReadOnlyList<T>? Items);

internal sealed record TriggerData(TriggerRepository? Repository);

internal sealed record TriggerRepository(
    [property: JsonRequired] long DatabaseId,
    [property: JsonRequired] string NameWithOwner,
    [property: JsonRequired] string Url,
    bool IsArchived,
    bool IsDisabled,
    bool IsPrivate,
    RefNode? DefaultBranchRef,
    IssueNode? Issue,
    FolderNode? Own,
    FolderNode? Github,
    FolderNode? Gitlab);

internal sealed record RefNode([property: JsonRequired] string Name, TargetNode? Target);

internal sealed record TargetNode([property: JsonRequired] string Oid, OidNode? Tree, string? Message);

internal sealed record OidNode([property: JsonRequired] string Oid);

internal sealed record IssueNode(
    [property: JsonPropertyName("__typename")] string Kind,
    [property: JsonRequired] long Number,
    [property: JsonRequired] string Title,
    string? Body,
    [property: JsonRequired] string Url,
    string? State,
    string? PullState,
    AuthorNode? Author,
    Nodes<NameNode>? Labels,
    Nodes<CommentNode>? Comments,
    string? HeadRefName,
    string? HeadRefOid,
    string? BaseRefName,
    bool IsCrossRepository);

internal sealed record NameNode(string Name);

internal sealed record AuthorNode([property: JsonPropertyName("__typename")] string Kind, string Login, long? DatabaseId, string? Name);

internal sealed record CommentNode(
    [property: JsonRequired] long FullDatabaseId, AuthorNode? Author, string? Body, DateTimeOffset CreatedAt, DateTimeOffset? LastEditedAt);

internal sealed record FolderNode(IReadOnlyList<EntryNode>? Entries);

internal sealed record EntryNode(string Name, int Mode, string Type, BlobNode? Object);

internal sealed record BlobNode(string? Oid, string? Text, bool? IsBinary, bool IsTruncated, long ByteSize);

internal sealed record BotsData(BotsRepository? Repository);

internal sealed record BotsRepository(FolderNode? Workflows, OidNode? Owners);

internal sealed record WorkData(WorkRepository? Repository);

internal sealed record WorkRepository(RefNode? Ref, Nodes<PullNode>? PullRequests);

internal sealed record PullNode(
    [property: JsonRequired] long Number,
    [property: JsonRequired] string State,
    bool IsDraft,
    [property: JsonRequired] string HeadRefOid,
    [property: JsonRequired] string Url,
    bool IsCrossRepository);

internal sealed record CommitInput(CommitBranch Branch, string ExpectedHeadOid, CommitText Message, CommitChanges FileChanges);

internal sealed record CommitBranch(string RepositoryNameWithOwner, string BranchName);

internal sealed record CommitText(string Headline, string Body);

internal sealed record CommitChanges(IReadOnlyList<CommitAddition> Additions, IReadOnlyList<CommitDeletion> Deletions);

internal sealed record CommitAddition(string Path, byte[] Contents);

internal sealed record CommitDeletion(string Path);

internal sealed record CommitData(CommitPayload? CreateCommitOnBranch);

internal sealed record CommitPayload(MadeCommit? Commit);

internal sealed record MadeCommit([property: JsonRequired] string Oid, [property: JsonRequired] OidNode Tree, SignatureNode? Signature);

internal sealed record SignatureNode(bool IsValid);

internal sealed record DraftData(JsonElement? Change);
