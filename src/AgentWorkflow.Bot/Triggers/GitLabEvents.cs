using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>GitLab's hooks as the events that triggers know: its words become those of GitHub, of which each means the same.</summary>
internal static partial class GitLabEvents
{
    private const string Ghost = "ghost";
    private const string Heads = "refs/heads/";

    /// <summary>Reads a hook's payload; null where nobody is said to have done it. What else is missing is absent.</summary>
    public static TriggerEvent? TryRead(string name, JsonElement payload)
    {
        Payload told = new(payload);
        return name switch
        {
            "note_hook" or "confidential_note_hook" => Note(told),
            "issue_hook" or "confidential_issue_hook" or "work_item_hook" or "confidential_work_item_hook" => Issue(told),
            "push_hook" => Push(told),
            "merge_request_hook" => MergeRequest(told),
            _ => Begin(told, name, ""),
        };
    }

    private static TriggerEvent? Begin(Payload told, string name, string action, long? user = null, string? username = null)
    {
        if ((user ?? told.Number("user", "id")) is not { } id)
        {
            return null;
        }

        string login = username ?? told.Text("user", "username") ?? "";
        return new TriggerEvent
        {
            Name = name,
            Action = action,
            Repository = RepoRef.TryParse(told.Text("project", "path_with_namespace"), out RepoRef? repository) ? repository : null,
            RepositoryId = told.Number("project", "id") ?? told.Number("project_id"),
            DefaultBranch = told.Text("project", "default_branch"),
            Sender = new ActorId(id, login, told.Text("user", "name")),

            // A hook does not say what kind an account is: these are names that only GitLab gives. Whether others are programs is asked for with their right.
            SenderIsBot = login == Ghost || BotName().IsMatch(login),
        };
    }

    // Notes on commits and snippets are nobody's business here, nor is what GitLab itself notes down.
    private static TriggerEvent? Note(Payload told)
    {
        (long? number, bool isMerge) = told.Text("object_attributes", "noteable_type") switch
        {
            "Issue" or "WorkItem" => (told.Number("issue", "iid") ?? told.Number("work_item", "iid"), false),
            "MergeRequest" => (told.Number("merge_request", "iid"), true),
            _ => ((long?)null, false),
        };
        if (number is not { } iid || told.Flag("object_attributes", "system"))
        {
            return Begin(told, "note", "");
        }

        // Older versions say no action; a note that was changed since it was written is an edited one then.
        bool isNew = told.Text("object_attributes", "action") is { } action
            ? action == "create"
            : told.Text("object_attributes", "created_at") == told.Text("object_attributes", "updated_at");
        bool isRemark = told.Text("object_attributes", "type") == "DiffNote";

        // Older versions do not number the sender; of a new note it is the author.
        long? sender = told.Number("user", "id") ?? (isNew ? told.Number("object_attributes", "author_id") : null);
        TriggerEvent? begun = Begin(told, isRemark ? "pull_request_review_comment" : "issue_comment", isNew ? "created" : "edited", sender);
        return begun is null ? null : begun with
        {
            Issue = isMerge ? ItemNumber.OfMergeRequest(iid) : iid,
            CommentId = told.Number("object_attributes", "id"),
            CommentPlace = isRemark ? CommentPlace.Review : CommentPlace.Issue,
            CommentBody = told.Text("object_attributes", "note"),
            CommentAuthorId = told.Number("object_attributes", "author_id"),
        };
    }

    // One hook tells of all labels that were put on together; each is an event of its own.
    private static TriggerEvent? Issue(Payload told)
    {
        string action = told.Text("object_attributes", "action") ?? "";
        if (Begin(told, "issues", action switch { "open" => "opened", "close" => "closed", "reopen" => "reopened", _ => "edited" }) is not { } begun)
        {
            return null;
        }

        TriggerEvent about = begun with { Issue = told.Number("object_attributes", "iid"), IssueChangedAt = Time(told.Text("object_attributes", "updated_at")) };
        List<TriggerEvent> labels = [.. (action == "open" ? Titles(told.List("labels")) : Titles(told.List("changes", "labels", "current")).Except(Titles(told.List("changes", "labels", "previous")), StringComparer.Ordinal)).Select(l => about with { Action = "labeled", Label = l })];
        return labels is [var first, .. var rest] ? first with { Also = rest } : about;
    }

    private static TriggerEvent? Push(Payload told)
    {
        List<Payload> commits = [.. told.List("commits")];
        string reference = told.Text("ref") ?? "";
        string[] paths = [.. commits.SelectMany(c => c.List("added").Concat(c.List("modified")).Concat(c.List("removed"))).Select(p => p.Text()).OfType<string>().Distinct(StringComparer.Ordinal)];
        TriggerEvent? begun = Begin(told, "push", "", told.Number("user_id"), told.Text("user_username"));
        return begun is null ? null : begun with
        {
            Push = new PushEvent(
                reference.StartsWith(Heads, StringComparison.Ordinal) ? reference[Heads.Length..] : null,
                reference,
                PushEvent.Commit(told.Text("before")),
                PushEvent.Commit(told.Text("after")),
                paths,

                // GitLab lists twenty commits at most, and says how many there are.
                told.Number("total_commits_count") is not { } all || all <= commits.Count),
        };
    }

    private static TriggerEvent? MergeRequest(Payload told)
    {
        string action = told.Text("object_attributes", "action") switch
        {
            "open" => "opened",
            "reopen" => "reopened",
            "update" when told.Text("object_attributes", "oldrev") is not null => "synchronize",
            "close" or "merge" => "closed",
            _ => "edited",
        };
        TriggerEvent? begun = Begin(told, "pull_request", action);
        return begun is null ? null : begun with
        {
            Issue = told.Number("object_attributes", "iid") is { } iid ? ItemNumber.OfMergeRequest(iid) : null,
            Pull = CommitId.TryParse(told.Text("object_attributes", "last_commit", "id"), out CommitId? head)
                ? new PullHead(head, told.Number("object_attributes", "source_project_id") is not { } source || source != told.Number("object_attributes", "target_project_id"))
                : null,
        };
    }

    private static IEnumerable<string> Titles(IEnumerable<Payload> labels) => labels.Select(l => l.Text("title")).OfType<string>();

    // "2026-11-23 12:00:00 UTC" in older versions and some hooks.
    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text?.Replace(" UTC", "Z", StringComparison.Ordinal), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    [GeneratedRegex(@"\A(?:project|group)_[0-9]+_bot(?:_|[0-9]*\z)|\Aservice_account_", RegexOptions.CultureInvariant, 200)]
    private static partial Regex BotName();
}
