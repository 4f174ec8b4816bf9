using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

using AgentWorkflow.Bot.Forges.Git;

namespace AgentWorkflow.Bot.Forges.GitHub.Http;

/// <summary>The shapes of the REST API that we use; members that we do not read are not here.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(InstallationAnswer))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(RepositoryAnswer))]
[JsonSerializable(typeof(List<RuleAnswer>))]
[JsonSerializable(typeof(List<RulesetAnswer>))]
[JsonSerializable(typeof(AppAnswer))]
[JsonSerializable(typeof(PermissionAnswer))]
[JsonSerializable(typeof(RefRequest))]
[JsonSerializable(typeof(RefUpdate))]
[JsonSerializable(typeof(RefAnswer))]
[JsonSerializable(typeof(List<ListedCommit>))]
[JsonSerializable(typeof(TreeAnswer))]
[JsonSerializable(typeof(TreeRequest))]
[JsonSerializable(typeof(BlobRequest))]
[JsonSerializable(typeof(BlobAnswer))]
[JsonSerializable(typeof(CommitRequest))]
[JsonSerializable(typeof(CommitAnswer))]
[JsonSerializable(typeof(PullRequest))]
[JsonSerializable(typeof(PullUpdate))]
[JsonSerializable(typeof(List<PullAnswer>))]
[JsonSerializable(typeof(IssueUpdate))]
[JsonSerializable(typeof(IssueAnswer))]
[JsonSerializable(typeof(CommentRequest))]
[JsonSerializable(typeof(List<CommentAnswer>))]
[JsonSerializable(typeof(ReactionRequest))]
[JsonSerializable(typeof(List<ReactionAnswer>))]
[JsonSerializable(typeof(CheckRequest))]
[JsonSerializable(typeof(CheckList))]
[JsonSerializable(typeof(StatusRequest))]
[JsonSerializable(typeof(HookAnswer))]
[JsonSerializable(typeof(List<DeliveryItem>))]
[JsonSerializable(typeof(DeliveryAnswer))]
[JsonSerializable(typeof(List<InstallationItem>))]
internal sealed partial class GitHubJson : JsonSerializerContext;

internal sealed record ErrorAnswer(string? Message, JsonElement? Errors);

internal sealed record InstallationAnswer(long Id, Dictionary<string, string>? Permissions, DateTimeOffset? SuspendedAt);

internal sealed record TokenRequest(IReadOnlyList<string>? Repositories, Dictionary<string, string> Permissions);

internal sealed record TokenAnswer([property: JsonRequired] string Token, IReadOnlyList<RepositoryAnswer>? Repositories);

internal sealed record RepositoryAnswer(
    [property: JsonRequired] long Id, [property: JsonRequired] string FullName, [property: JsonRequired] bool Private, [property: JsonRequired] bool Archived);

internal sealed record RuleAnswer([property: JsonRequired] string Type, long? RulesetId, RuleParameters? Parameters);

/// <summary>The parameters of all kinds of rules that we read.</summary>
internal sealed record RuleParameters
{
    public string? Name { get; init; }

    public string? Operator { get; init; }

    public string? Pattern { get; init; }

    public bool Negate { get; init; }

    public IReadOnlyList<string>? RestrictedFilePaths { get; init; }

    public IReadOnlyList<string>? RestrictedFileExtensions { get; init; }

    public long? MaxFilePathLength { get; init; }

    public long? MaxFileSize { get; init; }
}

internal sealed record RulesetAnswer([property: JsonRequired] long Id, [property: JsonRequired] string Name, string? CurrentUserCanBypass);

internal sealed record AppAnswer(
    long Id, string? Slug, string? Name, OwnerAnswer? Owner, Dictionary<string, string>? Permissions, IReadOnlyList<string>? Events);

internal sealed record OwnerAnswer(long Id, string? Login, string? Type);

internal sealed record HookAnswer(string? Url, string? ContentType, string? Secret, [property: JsonConverter(typeof(TextOrNumber))] string? InsecureSsl);

internal sealed record DeliveryItem(
    [property: JsonRequired] long Id,
    [property: JsonRequired] string Guid,
    [property: JsonRequired] DateTimeOffset DeliveredAt,
    string? Status,
    int StatusCode,
    [property: JsonRequired] string Event,
    string? Action);

internal sealed record DeliveryAnswer(DeliveryRequest? Request);

internal sealed record DeliveryRequest(JsonElement? Payload);

internal sealed record InstallationItem([property: JsonRequired] long Id, OwnerAnswer? Account, string? RepositorySelection, DateTimeOffset? SuspendedAt);

internal sealed record UserAnswer([property: JsonRequired] long Id, [property: JsonRequired] string Login, string? Type, string? Name);

internal sealed record PermissionAnswer([property: JsonRequired] string Permission, string? RoleName, UserAnswer? User);

internal sealed record RefRequest(string Ref, string Sha);

internal sealed record RefUpdate(string Sha, bool Force);

internal sealed record RefAnswer([property: JsonRequired] ShaAnswer Object);

internal sealed record ShaAnswer([property: JsonRequired] string Sha);

internal sealed record ListedCommit([property: JsonRequired] string Sha, [property: JsonRequired] CommitDetails Commit, IReadOnlyList<ShaAnswer>? Parents);

internal sealed record CommitDetails([property: JsonRequired] string Message, [property: JsonRequired] ShaAnswer Tree, VerificationAnswer? Verification);

internal sealed record VerificationAnswer(bool Verified);

internal sealed record TreeAnswer([property: JsonRequired] string Sha, [property: JsonRequired] IReadOnlyList<TreeItem> Tree, bool Truncated);
/// <summary>The changes are nodes, since a null id that takes a file away must be written and one beside a content must not.</summary>
internal sealed record TreeRequest(string BaseTree, JsonArray Tree);

internal sealed record BlobRequest(string Content, string Encoding);

internal sealed record BlobAnswer([property: JsonRequired] string Sha, string? Content, string? Encoding);

internal sealed record CommitRequest(string Message, string Tree, IReadOnlyList<string> Parents);

internal sealed record CommitAnswer([property: JsonRequired] string Sha, [property: JsonRequired] ShaAnswer Tree, VerificationAnswer? Verification);

internal sealed record PullRequest(string Title, string Head, string Base, string Body, bool Draft);

internal sealed record PullUpdate(string Title, string Body, string Base);

internal sealed record PullAnswer(
    [property: JsonRequired] long Number,
    string? NodeId,
    [property: JsonRequired] string HtmlUrl,
    [property: JsonRequired] string State,
    [property: JsonRequired] string Title,
    string? Body,
    bool Draft,
    DateTimeOffset? MergedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    [property: JsonRequired] PullEnd Head,
    [property: JsonRequired] PullEnd Base,
    UserAnswer? User,
    IReadOnlyList<LabelAnswer>? Labels,
    IReadOnlyList<UserAnswer>? Assignees);

internal sealed record PullEnd([property: JsonRequired] string Ref, [property: JsonRequired] string Sha, IdAnswer? Repo);

internal sealed record IdAnswer(long Id);

internal sealed record LabelAnswer(string? Name);

internal sealed record IssueUpdate(IReadOnlyList<string>? Labels, IReadOnlyList<string>? Assignees);

internal sealed record IssueAnswer(long Number, IReadOnlyList<LabelAnswer>? Labels);

internal sealed record CommentRequest(string Body);

internal sealed record CommentAnswer(
    [property: JsonRequired] long Id,
    string? Body,
    [property: JsonRequired] string HtmlUrl,
    UserAnswer? User,
    IdAnswer? PerformedViaGithubApp,
    string? IssueUrl,
    string? PullRequestUrl,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

internal sealed record ReactionRequest(string Content);

internal sealed record ReactionAnswer(long Id, UserAnswer? User, string? Content);

internal sealed record CheckRequest(string Name, string? HeadSha, string ExternalId, string Status, string Conclusion, CheckOutput Output);

internal sealed record CheckOutput(string Title, string Summary, IReadOnlyList<CheckRemark>? Annotations);

internal sealed record CheckRemark(string Path, int StartLine, int EndLine, string AnnotationLevel, string? Title, string Message);

internal sealed record CheckList([property: JsonRequired] IReadOnlyList<CheckAnswer> CheckRuns);

internal sealed record CheckAnswer([property: JsonRequired] long Id, string? Name, string? ExternalId, string? HeadSha, string? Conclusion, CheckSaid? Output, IdAnswer? App);

internal sealed record CheckSaid(string? Title, string? Summary, int AnnotationsCount);

internal sealed record StatusRequest(string State, string Description, string Context);

/// <summary>GitHub documents some members as a text or a number.</summary>
internal sealed class TextOrNumber : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.Number ? reader.GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture) : reader.GetString();

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
