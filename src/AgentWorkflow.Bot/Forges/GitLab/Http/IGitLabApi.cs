using Refit;

namespace AgentWorkflow.Bot.Forges.GitLab.Http;

/// <summary>
/// The requests that we make of GitLab's REST API, version 4. Everything is addressed by the project's full path; the last
/// words of each say in one sentence what it is for, and are not sent.
/// </summary>
internal partial interface IGitLabApi
{
    [Get("/user")]
    Task<UserAnswer> GetSelfAsync([Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/users/{id}")]
    Task<UserAnswer> GetUserAsync(long id, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/personal_access_tokens/self")]
    Task<TokenAnswer> GetTokenAsync([Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/version")]
    Task<ApiResponse<VersionAnswer>> GetVersionAsync([Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects")]
    Task<List<ProjectAnswer>> ListProjectsAsync(
        [AliasAs("membership")] bool membership, [AliasAs("min_access_level")] int level, [AliasAs("archived")] bool archived, [AliasAs("per_page")] int perPage, [AliasAs("page")] int page,
        [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}")]
    Task<ProjectAnswer> GetProjectAsync(string project, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/members/all/{user}")]
    Task<MemberAnswer> GetMemberAsync(string project, long user, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/issues/{iid}")]
    Task<IssueAnswer> GetIssueAsync(string project, long iid, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Put("/projects/{project}/{kind}/{iid}")]
    Task<IssueAnswer> UpdateItemAsync(string project, string kind, long iid, [Body] ItemUpdate body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/{kind}/{iid}/notes")]
    Task<List<NoteAnswer>> ListNotesAsync(
        string project, string kind, long iid, [AliasAs("sort")] string sort, [AliasAs("order_by")] string by, [AliasAs("per_page")] int perPage, [AliasAs("page")] int page,
        [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/{kind}/{iid}/notes/{note}")]
    Task<NoteAnswer> GetNoteAsync(string project, string kind, long iid, long note, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Post("/projects/{project}/{kind}/{iid}/notes")]
    Task<NoteAnswer> CreateNoteAsync(string project, string kind, long iid, [Body] NoteRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Put("/projects/{project}/{kind}/{iid}/notes/{note}")]
    Task<NoteAnswer> EditNoteAsync(string project, string kind, long iid, long note, [Body] NoteRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Delete("/projects/{project}/{kind}/{iid}/notes/{note}")]
    Task DeleteNoteAsync(string project, string kind, long iid, long note, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/{**place}/award_emoji")]
    Task<List<EmojiAnswer>> ListEmojiAsync(string project, string place, [AliasAs("per_page")] int perPage, [AliasAs("page")] int page, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Post("/projects/{project}/{**place}/award_emoji")]
    Task<EmojiAnswer> AddEmojiAsync(string project, string place, [Body] EmojiRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/merge_requests/{iid}")]
    Task<MergeRequestAnswer> GetMergeRequestAsync(string project, long iid, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/merge_requests")]
    Task<List<MergeRequestAnswer>> ListMergeRequestsAsync(
        string project, [AliasAs("source_branch")] string branch, [AliasAs("state")] string state, [AliasAs("order_by")] string by, [AliasAs("sort")] string sort, [AliasAs("per_page")] int perPage,
        [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Post("/projects/{project}/merge_requests")]
    Task<MergeRequestAnswer> CreateMergeRequestAsync(string project, [Body] MergeRequestRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Put("/projects/{project}/merge_requests/{iid}")]
    Task<MergeRequestAnswer> UpdateMergeRequestAsync(string project, long iid, [Body] MergeRequestUpdate body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/repository/branches/{branch}")]
    Task<BranchAnswer> GetBranchAsync(string project, string branch, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/repository/branches")]
    Task<List<BranchAnswer>> ListBranchesAsync(
        string project, [AliasAs("regex")] string regex, [AliasAs("per_page")] int perPage, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Post("/projects/{project}/repository/branches")]
    Task<BranchAnswer> CreateBranchAsync(string project, [Body] BranchRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/repository/files/{path}")]
    Task<FileAnswer> GetFileAsync(string project, string path, [AliasAs("ref")] string branch, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/repository/commits")]
    Task<List<CommitAnswer>> ListCommitsAsync(string project, [AliasAs("ref_name")] string branch, [AliasAs("per_page")] int perPage, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Post("/projects/{project}/repository/commits")]
    Task<CommitAnswer> CreateCommitAsync(string project, [Body] CommitRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/repository/tree")]
    Task<List<TreeEntryAnswer>> ListTreeAsync(
        string project, [AliasAs("ref")] string commit, [AliasAs("path")] string? path, [AliasAs("per_page")] int perPage, [AliasAs("page")] int page,
        [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/repository/blobs/{sha}/raw")]
    Task<HttpResponseMessage> OpenBlobAsync(string project, string sha, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/repository/archive.tar.gz")]
    Task<HttpResponseMessage> OpenArchiveAsync(
        string project, [AliasAs("sha")] string commit, [Property(GitLabClient.What)] string what, [Property(GitLabClient.OwnLimit)] bool ownLimit, CancellationToken cancellationToken);

    [Post("/projects/{project}/statuses/{sha}")]
    Task<StatusAnswer> SetStatusAsync(string project, string sha, [Body] StatusRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/repository/commits/{sha}/statuses")]
    Task<List<StatusAnswer>> ListStatusesAsync(
        string project, string sha, [AliasAs("name")] string name, [AliasAs("per_page")] int perPage, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/hooks")]
    Task<List<HookAnswer>> ListHooksAsync(string project, [AliasAs("per_page")] int perPage, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Post("/projects/{project}/hooks")]
    Task<HookAnswer> CreateHookAsync(string project, [Body] HookRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Put("/projects/{project}/hooks/{hook}")]
    Task<HookAnswer> UpdateHookAsync(string project, long hook, [Body] HookRequest body, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Post("/projects/{project}/hooks/{hook}/test/{trigger}")]
    Task TestHookAsync(string project, long hook, string trigger, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/hooks/{hook}/events")]
    Task<List<HookEventAnswer>> ListHookEventsAsync(
        string project, long hook, [AliasAs("per_page")] int perPage, [AliasAs("page")] int page, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/{kind}")]
    Task<List<ChangedAnswer>> ListChangedAsync(
        string project, string kind, [AliasAs("updated_after")] string since, [AliasAs("order_by")] string by, [AliasAs("sort")] string sort, [AliasAs("per_page")] int perPage,
        [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/issues/{iid}/resource_label_events")]
    Task<List<LabelEventAnswer>> ListLabelEventsAsync(
        string project, long iid, [AliasAs("per_page")] int perPage, [AliasAs("page")] int page, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/events")]
    Task<List<ProjectEventAnswer>> ListEventsAsync(string project, [AliasAs("action")] string action, [AliasAs("per_page")] int perPage, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/repository/compare")]
    Task<CompareAnswer> CompareAsync(
        string project, [AliasAs("from")] string before, [AliasAs("to")] string after, [AliasAs("straight")] bool straight, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/repository/merge_base")]
    Task<CommitAnswer> GetMergeBaseAsync(string project, [AliasAs("refs[]")][Query(CollectionFormat.Multi)] string[] commits, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/repository/commits")]
    Task<List<CommitAnswer>> ListCommitsOfAsync(
        string project, [AliasAs("ref_name")] string commit, [AliasAs("path")] string path, [AliasAs("per_page")] int perPage, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);

    [Get("/projects/{project}/repository/commits/{sha}/merge_requests")]
    Task<List<MergedAnswer>> ListMergeRequestsOfAsync(string project, string sha, [Property(GitLabClient.What)] string what, CancellationToken cancellationToken);
}
