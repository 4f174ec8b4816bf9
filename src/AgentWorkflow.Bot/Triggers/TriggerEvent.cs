using System.Text.Json;

using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>What a webhook says, as far as triggers need it. Hints of rights in the payload are not read: rights are asked for.</summary>
internal sealed record TriggerEvent
{
    // Accounts that were deleted act as this one.
    private const string Ghost = "ghost";

    /// <summary><c>issue_comment</c>, <c>issues</c>, <c>push</c>, ...</summary>
    public required string Name { get; init; }

    /// <summary><c>created</c>, <c>labeled</c>, ...; empty for events without one.</summary>
    public required string Action { get; init; }

    /// <summary>The repository's name; null for events of none.</summary>
    public required RepoRef? Repository { get; init; }

    /// <summary>The repository's numeric id.</summary>
    public required long? RepositoryId { get; init; }

    /// <summary>The repository's default branch, where it is told.</summary>
    public string? DefaultBranch { get; init; }

    /// <summary>Who did it.</summary>
    public required ActorId Sender { get; init; }

    /// <summary>True when a program did it, or somebody through one: not said to be a person, a login that ends like a bot's, or an app in between.</summary>
    public bool SenderIsBot { get; init; }

    /// <summary>The app that acted in the sender's name; null where the sender did it alone.</summary>
    public long? ViaApp { get; init; }

    /// <summary>The issue or pull request; null for events without one.</summary>
    public long? Issue { get; init; }

    /// <summary>The issue's title as delivered; null where none was.</summary>
    public string? IssueTitle { get; init; }

    /// <summary>The issue's text as delivered.</summary>
    public string? IssueBody { get; init; }

    /// <summary>When the issue was changed last, which is when its label was put on.</summary>
    public DateTimeOffset? IssueChangedAt { get; init; }

    /// <summary>The comment's id.</summary>
    public long? CommentId { get; init; }

    /// <summary>Where the comment stands.</summary>
    public CommentPlace CommentPlace { get; init; }

    /// <summary>The comment's text as delivered.</summary>
    public string? CommentBody { get; init; }

    /// <summary>The comment's author; a command counts only from the author.</summary>
    public long? CommentAuthorId { get; init; }

    /// <summary>The label that was put on.</summary>
    public string? Label { get; init; }

    /// <summary>What else the same delivery tells: some forges put several labels into one.</summary>
    public IReadOnlyList<TriggerEvent> Also { get; init; } = [];

    /// <summary>A push; null for other events.</summary>
    public PushEvent? Push { get; init; }

    /// <summary>The head of the pull request that the event is about; null for other events.</summary>
    public PullHead? Pull { get; init; }

    /// <summary>The check that somebody wants again; null for other events.</summary>
    public CheckEvent? Check { get; init; }

    /// <summary>The time of a schedule; null for other events.</summary>
    public ScheduledTime? Schedule { get; init; }

    /// <summary>The repositories that an installation lost; empty for other events.</summary>
    public IReadOnlyList<RepoRef> Lost { get; init; } = [];

    /// <summary>Reads a payload of GitHub's shape. Null when nobody is said to have done it; what else is missing is absent.</summary>
    public static TriggerEvent? TryRead(string name, JsonElement payload)
    {
        Payload told = new(payload);
        if (told.Number("sender", "id") is not { } senderId)
        {
            return null;
        }

        string login = told.Text("sender", "login") ?? "";
        long? viaApp = told.Number("comment", "performed_via_github_app", "id");
        bool isReview = name == "pull_request_review_comment";
        return new TriggerEvent
        {
            Name = name,
            Action = told.Text("action") ?? "",
            Repository = RepoRef.TryParse(told.Text("repository", "full_name"), out RepoRef? repository) ? repository : null,
            RepositoryId = told.Number("repository", "id"),
            DefaultBranch = told.Text("repository", "default_branch"),
            Sender = new ActorId(senderId, login),
            SenderIsBot = told.Text("sender", "type") != "User" || login.EndsWith("[bot]", StringComparison.OrdinalIgnoreCase) || login == Ghost
                || told.Has("comment", "performed_via_github_app"),
            ViaApp = viaApp,
            Issue = told.Number("issue", "number") ?? told.Number("pull_request", "number"),
            IssueTitle = told.Text("issue", "title"),
            IssueBody = told.Text("issue", "body"),
            IssueChangedAt = told.Time("issue", "updated_at"),
            CommentId = told.Number("comment", "id"),
            CommentPlace = isReview ? CommentPlace.Review : CommentPlace.Issue,
            CommentBody = told.Text("comment", "body") ?? told.Text("review", "body"),
            CommentAuthorId = told.Number("comment", "user", "id") ?? told.Number("review", "user", "id"),
            Label = told.Text("label", "name"),
            Push = name == "push" ? PushEvent.TryRead(told) : null,
            Pull = PullHead.TryRead(told),
            Check = CheckEvent.TryRead(told),
            Schedule = name == "schedule" ? ScheduledTime.TryRead(told) : null,
            Lost = [.. told.List("repositories").Concat(told.List("repositories_removed"))
                .Select(r => RepoRef.TryParse(r.Text("full_name"), out RepoRef? lost) ? lost : null).OfType<RepoRef>()],
        };
    }
}

/// <summary>A push as far as triggers need it.</summary>
/// <param name="Branch">The branch; null for tags and what else has a reference.</param>
/// <param name="Ref">The whole reference.</param>
/// <param name="Before">The head before; null for a new branch.</param>
/// <param name="After">The head now; null where the branch was deleted.</param>
/// <param name="Paths">The paths that its commits touched, each once.</param>
/// <param name="IsWhole">False where the forge tells of a part of the commits: history was rewritten, or there are too many.</param>
internal sealed record PushEvent(string? Branch, string Ref, CommitId? Before, CommitId? After, IReadOnlyList<string> Paths, bool IsWhole)
{
    // GitHub lists no more commits than this in one push.
    private const int MostCommits = 2_048;
    private const string Heads = "refs/heads/";

    /// <summary>Reads it; null where there is no reference.</summary>
    public static PushEvent? TryRead(Payload told)
    {
        if (told.Text("ref") is not { } reference)
        {
            return null;
        }

        List<Payload> commits = [.. told.List("commits")];
        string[] paths = [.. commits.SelectMany(c => c.List("added").Concat(c.List("modified")).Concat(c.List("removed"))).Select(p => p.Text()).OfType<string>().Distinct(StringComparer.Ordinal)];
        return new PushEvent(
            reference.StartsWith(Heads, StringComparison.Ordinal) ? reference[Heads.Length..] : null,
            reference,
            Commit(told.Text("before")),
            told.Flag("deleted") ? null : Commit(told.Text("after")),
            paths,
            !told.Flag("forced") && commits.Count < MostCommits);
    }

    /// <summary>A commit; forty zeros stand for "nothing".</summary>
    public static CommitId? Commit(string? text) => text?.Trim('0').Length > 0 && CommitId.TryParse(text, out CommitId? commit) ? commit : null;
}

/// <summary>The head of a pull request.</summary>
/// <param name="Commit">Its commit.</param>
/// <param name="IsFork">True unless the head is said to be in this very repository.</param>
internal sealed record PullHead(CommitId Commit, bool IsFork)
{
    /// <summary>Reads it; null where there is no pull request.</summary>
    public static PullHead? TryRead(Payload told) =>
        CommitId.TryParse(told.Text("pull_request", "head", "sha"), out CommitId? commit)
            ? new PullHead(commit, told.Number("pull_request", "head", "repo", "id") is not { } id || id != told.Number("repository", "id"))
            : null;
}

/// <summary>A check or suite of checks.</summary>
/// <param name="Commit">The commit that was checked.</param>
/// <param name="Branch">The branch, where the forge knows one.</param>
/// <param name="AppId">Whose it is.</param>
/// <param name="Owner">What its maker wrote on it: the run's key on ours.</param>
internal sealed record CheckEvent(CommitId Commit, string? Branch, long? AppId, string? Owner)
{
    /// <summary>Reads it; null where there is no check.</summary>
    public static CheckEvent? TryRead(Payload told)
    {
        string what = told.Has("check_run") ? "check_run" : "check_suite";
        return CommitId.TryParse(told.Text(what, "head_sha"), out CommitId? commit)
            ? new CheckEvent(
                commit,
                told.Text(what, "head_branch") ?? told.Text(what, "check_suite", "head_branch"),
                told.Number(what, "app", "id"),
                told.Text(what, "external_id") is { Length: > 0 } owner ? owner : null)
            : null;
    }
}

/// <summary>A time of a schedule.</summary>
/// <param name="Path">The workflow's file.</param>
/// <param name="Cron">The schedule.</param>
/// <param name="At">The time.</param>
internal sealed record ScheduledTime(RepoPath Path, string Cron, DateTimeOffset At)
{
    /// <summary>Reads it; null where something of it is missing.</summary>
    public static ScheduledTime? TryRead(Payload told) =>
        RepoPath.TryParse(told.Text("schedule", "path"), out RepoPath? path, out _) && told.Text("schedule", "cron") is { } cron && told.Time("schedule", "at") is { } at
            ? new ScheduledTime(path, cron, at)
            : null;
}
