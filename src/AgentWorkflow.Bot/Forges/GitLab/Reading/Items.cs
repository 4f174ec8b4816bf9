using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Forges.GitLab.Reading;

/// <summary>Issues, merge requests and notes as facts.</summary>
internal static class Items
{
    // Whose account is gone; no account has this id.
    private static readonly ActorId s_ghost = new(0, "ghost");

    /// <summary>The part of the address that tells issues from merge requests.</summary>
    public static string KindOf(long number) => ItemNumber.IsMergeRequest(number) ? "merge_requests" : "issues";

    /// <summary>A person.</summary>
    public static ActorId Of(UserAnswer? user) => user is null ? s_ghost : new ActorId(user.Id, user.Username, user.Name);

    /// <summary>An issue.</summary>
    public static IssueFacts Of(IssueAnswer issue, ProjectAnswer project) => new(issue.Iid, issue.Title, issue.Description ?? "", issue.WebUrl, Of(issue.Author), IsPullRequest: false)
    {
        Labels = issue.Labels ?? [],
        IsOpen = issue.State == "opened",
        IsHidden = issue.Confidential && IsWiderSeen(project),
    };

    /// <summary>A merge request.</summary>
    public static IssueFacts Of(MergeRequestAnswer merge) =>
        new(ItemNumber.OfMergeRequest(merge.Iid), merge.Title, merge.Description ?? "", merge.WebUrl, Of(merge.Author), IsPullRequest: true)
        {
            Labels = merge.Labels ?? [],
            IsOpen = merge.State == "opened",
            Pull = CommitId.TryParse(merge.Sha, out CommitId? head)
                ? new PullBranches(merge.SourceBranch, head, merge.TargetBranch, merge.SourceProjectId is null || merge.SourceProjectId != merge.TargetProjectId)
                : null,
        };

    /// <summary>A note. An internal one is hidden in every project: guests see what is said on an issue, and not it.</summary>
    public static CommentFacts Of(NoteAnswer note) =>
        new(note.Id, Of(note.Author), IsBot: false, note.Body ?? "", note.CreatedAt, note.UpdatedAt == note.CreatedAt ? null : note.UpdatedAt) { IsHidden = note.IsInternal };

    /// <summary>A merge request as the outcome of a branch.</summary>
    public static PullRequestFacts PullOf(MergeRequestAnswer merge, BranchName branch) => new(
        ItemNumber.OfMergeRequest(merge.Iid), branch, merge.State switch { "opened" => "open", "merged" => "merged", _ => "closed" }, merge.Draft, CommitId.Parse(merge.Sha ?? ""), merge.WebUrl);

    /// <summary>Who may see a project; the fewest where GitLab does not say.</summary>
    public static RepositoryVisibility VisibilityOf(ProjectAnswer project) => project.Visibility switch
    {
        "public" => RepositoryVisibility.Public,
        "internal" => RepositoryVisibility.Internal,
        _ => RepositoryVisibility.Private,
    };

    // In a private project whoever may see the code may see what is confidential too; elsewhere everybody sees branches and merge requests.
    private static bool IsWiderSeen(ProjectAnswer project) => project.Visibility is not "private";
}
