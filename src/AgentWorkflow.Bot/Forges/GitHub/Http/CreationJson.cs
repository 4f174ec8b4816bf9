using System.Text.Json.Serialization;

namespace AgentWorkflow.Bot.Forges.GitHub.Http;

/// <summary>The shapes for making repositories; members that we do not read are not here.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MembershipAnswer))]
[JsonSerializable(typeof(OrganizationAnswer))]
[JsonSerializable(typeof(NewRepositoryRequest))]
[JsonSerializable(typeof(RepositoryUpdate))]
[JsonSerializable(typeof(MadeRepository))]
[JsonSerializable(typeof(ProtectionRequest))]
[JsonSerializable(typeof(TopicsRequest))]
[JsonSerializable(typeof(LabelRequest))]
[JsonSerializable(typeof(LabelUpdate))]
[JsonSerializable(typeof(MilestoneRequest))]
[JsonSerializable(typeof(MilestoneAnswer))]
[JsonSerializable(typeof(List<MilestoneAnswer>))]
[JsonSerializable(typeof(IssueRequest))]
[JsonSerializable(typeof(List<ListedIssue>))]
internal sealed partial class CreationJson : JsonSerializerContext;

internal sealed record MembershipAnswer([property: JsonRequired] string State, [property: JsonRequired] string Role, UserAnswer? User);

/// <summary>What members may make; null where the App may not know it.</summary>
internal sealed record OrganizationAnswer(bool? MembersCanCreateRepositories, bool? MembersCanCreatePublicRepositories, bool? MembersCanCreatePrivateRepositories);

internal sealed record NewRepositoryRequest(string Name, string Description, bool Private);

internal sealed record RepositoryUpdate(string Description, string DefaultBranch);

internal sealed record MadeRepository([property: JsonRequired] long Id, [property: JsonRequired] string HtmlUrl, string? Description, [property: JsonRequired] bool Private);

/// <summary>GitHub wants to be told also of what is not asked for.</summary>
internal sealed record ProtectionRequest(ProtectionReviews RequiredPullRequestReviews)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? RequiredStatusChecks { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Restrictions { get; init; }

    public bool EnforceAdmins { get; init; } = true;

    public bool AllowForcePushes { get; init; }

    public bool AllowDeletions { get; init; }
}

internal sealed record ProtectionReviews(int RequiredApprovingReviewCount);

internal sealed record TopicsRequest(IReadOnlyList<string> Names);

internal sealed record LabelRequest(string Name, string Color, string Description);

internal sealed record LabelUpdate(string Color, string Description);

internal sealed record MilestoneRequest(string Title);

internal sealed record MilestoneAnswer([property: JsonRequired] long Number, [property: JsonRequired] string Title);

internal sealed record IssueRequest(string Title, string Body, IReadOnlyList<string> Labels, long? Milestone);

internal sealed record ListedIssue([property: JsonRequired] long Number, [property: JsonRequired] string Title, UserAnswer? User);
