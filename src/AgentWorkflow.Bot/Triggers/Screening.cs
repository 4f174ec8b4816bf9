using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Local;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>
/// The first look at an event, before anything is asked of anybody: most of what a forge sends is nobody's business here. Pure.
/// </summary>
internal static class Screening
{
    // Every text of ours ends with one, on a line of its own; a quote of it does not begin a line.
    private const string MarkerStart = "<!-- aw:";

    private const string OurBranches = "agentworkflow/";

    private static readonly string[] Lost = ["deleted", "archived", "transferred"];

    /// <summary>Why nothing comes of the event; null where it is worth asking.</summary>
    public static Decision.Ignore? Of(TriggerEvent happened, TriggerPolicy policy) =>
        Reason(happened, policy) is { } reason ? new Decision.Ignore(reason) : null;

    private static string? Reason(TriggerEvent happened, TriggerPolicy policy) => happened switch
    {
        { Name: "installation", Action: "deleted" or "suspend" } or { Name: "installation_repositories", Action: "removed" } => happened.Lost.Count == 0 ? "no repository is named" : null,
        { Repository: null } or { RepositoryId: null } => "it is about no repository",
        _ when !policy.Serves(happened.Repository) => $"{happened.Repository} is not served (Forges__Owners, Forges__Repositories)",
        _ when IsOwn(happened, policy) => "it is our own echo",
        { Name: "repository", Action: var action } when Lost.Contains(action) => null,
        { Name: "push" } => Push(happened),
        { Name: "schedule" } => happened.Schedule is null ? "no time of a schedule" : null,
        { Name: "pull_request", Action: "opened" or "synchronize" or "reopened" } => happened.Pull is { IsFork: true } ? null : "its branch is checked when it is pushed",
        _ when happened.SenderIsBot && !policy.AllowedBots.Contains(happened.Sender.Id) => "a program did it, and it is not listed in Triggers__AllowedBots",
        { Name: "issue_comment" or "pull_request_review_comment", Action: "created" } or { Name: "pull_request_review", Action: "submitted" } => Comment(happened, policy),
        { Name: "issue_comment" or "pull_request_review_comment" or "pull_request_review", Action: "edited" } => "an edited comment is no trigger",
        { Name: "issues", Action: "labeled", Label: not null, Issue: not null } => null,
        { Name: "check_run" or "check_suite", Action: "rerequested" } => Check(happened, policy),
        _ => "no trigger",
    };

    private static string? Push(TriggerEvent happened) => happened.Push switch
    {
        null or { Branch: null } => "no branch was pushed",
        { After: null } => "a branch was deleted",

        // What runs commit has been checked, and a branch of theirs starts nothing: most likely it is our own echo.
        { Branch: { } branch } when happened.SenderIsBot && branch.StartsWith(OurBranches, StringComparison.Ordinal) => "a program pushed to a branch of ours",
        { IsWhole: true } push when push.Paths.Count == 0 => "it touches no file",
        { IsWhole: true } push when happened.DefaultBranch is { } branch && branch != push.Branch && !push.Paths.Any(WorkflowFolders.Hold) =>
            "it touches no workflow file, and is on another branch than the default one",
        _ => null,
    };

    private static string? Comment(TriggerEvent happened, TriggerPolicy policy) =>
        happened.CommentBody is not { } body || CommandLine.TryRead(body, policy.Prefix) is null ? "no command"
        : happened.CommentAuthorId != happened.Sender.Id ? "the sender is not the comment's author"
        : happened.Issue is null ? "it is about no issue"
        : null;

    // Checks of other apps are theirs to run again.
    private static string? Check(TriggerEvent happened, TriggerPolicy policy) =>
        happened.Check is not { } check || policy.OwnApp is null || check.AppId != policy.OwnApp ? "the check is not ours" : null;

    /// <summary>By the App's id and the account's, never by a name; and by the marker, for another instance of this bot.</summary>
    private static bool IsOwn(TriggerEvent happened, TriggerPolicy policy) =>
        (happened.ViaApp is { } app && app == policy.OwnApp)
        || (happened is { SenderIsBot: true, Sender.Id: var id } && id == LocalForge.Bot.Id)
        || (happened.CommentBody is { } body && body.Split('\n').Any(line => line.StartsWith(MarkerStart, StringComparison.Ordinal)));
}
