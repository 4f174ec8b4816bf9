using System.Text.Json.Serialization;

namespace AgentWorkflow.Bot.Forges.GitHub.Http;

/// <summary>The shapes of what is asked by looking: REST's with names in snake case, GraphQL's members named one by one.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(List<InstallationItem>))]
[JsonSerializable(typeof(RepositoryPage))]
[JsonSerializable(typeof(List<ChangedIssue>))]
[JsonSerializable(typeof(CompareAnswer))]
[JsonSerializable(typeof(CommitterData))]
[JsonSerializable(typeof(LabelData))]
internal sealed partial class WatchJson : JsonSerializerContext;

internal sealed record RepositoryPage([property: JsonRequired] IReadOnlyList<ListedRepository> Repositories);

internal sealed record ListedRepository(
    [property: JsonRequired] long Id, [property: JsonRequired] string FullName, string? DefaultBranch, bool Archived, bool Disabled, DateTimeOffset? PushedAt);

internal sealed record ChangedIssue(
    [property: JsonRequired] long Number, [property: JsonRequired] string State, [property: JsonRequired] DateTimeOffset UpdatedAt, IReadOnlyList<LabelAnswer>? Labels, object? PullRequest);

internal sealed record CompareAnswer(string? Status, IReadOnlyList<ComparedFile>? Files);

internal sealed record ComparedFile(string? Filename, string? PreviousFilename);

internal sealed record CommitterData(CommitterRepository? Repository);

internal sealed record CommitterRepository(CommitterObject? Object);

internal sealed record CommitterObject(Nodes<CommitterNode>? History);

internal sealed record CommitterNode(CommitterAccount? Author, CommitterAccount? Committer);

internal sealed record CommitterAccount(AccountNode? User);

internal sealed record AccountNode([property: JsonPropertyName("databaseId")] long? DatabaseId, [property: JsonRequired] string Login, string? Name);

internal sealed record LabelData(LabelRepository? Repository);

internal sealed record LabelRepository(LabelIssue? Issue);

internal sealed record LabelIssue([property: JsonPropertyName("timelineItems")] Nodes<LabeledNode>? TimelineItems);

internal sealed record LabeledNode([property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt, NameNode? Label, LabelActor? Actor);

/// <summary>As <see cref="AuthorNode"/>, whose names follow the other convention.</summary>
internal sealed record LabelActor([property: JsonPropertyName("__typename")] string Kind, string Login, [property: JsonPropertyName("databaseId")] long? DatabaseId, string? Name);
