using System.Text.Json.Serialization;

using Refit;

namespace AgentWorkflow.Bot.Forges.GitLab.Http;

/// <content>The requests that make projects.</content>
internal partial interface IGitLabApi
{
    [Get("/groups/{group}")]
    Task<GroupAnswer> GetGroupAsync(string group, [AliasAs("with_projects")] bool withProjects, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/groups/{group}/members/all/{user}")]
    Task<MemberAnswer> GetGroupMemberAsync(string group, long user, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Post("/projects")]
    Task<ProjectAnswer> CreateProjectAsync([Body] NewProjectRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Put("/projects/{project}")]
    Task<ProjectAnswer> UpdateProjectAsync(string project, [Body] ProjectUpdate body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Delete("/projects/{project}")]
    Task DeleteProjectAsync(string project, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Delete("/projects/{project}/protected_branches/{branch}")]
    Task UnprotectAsync(string project, string branch, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Post("/projects/{project}/protected_branches")]
    Task ProtectAsync(string project, [Body] ProtectionRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Post("/projects/{project}/labels")]
    Task CreateLabelAsync(string project, [Body] LabelRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/milestones")]
    Task<List<MilestoneAnswer>> ListMilestonesAsync(string project, [AliasAs("title")] string title, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Post("/projects/{project}/milestones")]
    Task<MilestoneAnswer> CreateMilestoneAsync(string project, [Body] MilestoneRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/issues")]
    Task<List<IssueAnswer>> ListIssuesAsync(
        string project, [AliasAs("author_id")] long author, [AliasAs("scope")] string scope, [AliasAs("order_by")] string by, [AliasAs("sort")] string sort, [AliasAs("per_page")] int perPage,
        [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Post("/projects/{project}/issues")]
    Task<IssueAnswer> CreateIssueAsync(string project, [Body] IssueRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);
}

/// <summary>A group, and who in it may make projects.</summary>
internal sealed record GroupAnswer([property: JsonRequired] long Id, [property: JsonRequired] string FullPath, string? ProjectCreationLevel);

internal sealed record NewProjectRequest(
    string Name, string Path, long NamespaceId, string Description, string Visibility, string DefaultBranch, IReadOnlyList<string> Topics, bool InitializeWithReadme);

internal sealed record ProjectUpdate(string Description, string DefaultBranch);

internal sealed record ProtectionRequest(string Name, int PushAccessLevel, int MergeAccessLevel, bool AllowForcePush);

internal sealed record LabelRequest(string Name, string Color, string Description);

internal sealed record MilestoneRequest(string Title);

internal sealed record MilestoneAnswer([property: JsonRequired] long Id, string? Title);

internal sealed record IssueRequest(string Title, string Description, IReadOnlyList<string> Labels, long? MilestoneId);
