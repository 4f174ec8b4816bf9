using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Reading;

/// <summary>What happened in a repository since a time, told as webhooks would have told it.</summary>
internal sealed class GitHubNews(GitHubHttp http, KnownAnswers known, GitHubGraphQl graphQl)
{
    private const int PageSize = 100;
    private const int MostFiles = 300;

    private const string LabelQuery = """
        query($owner: String!, $name: String!, $number: Int!) {
          repository(owner: $owner, name: $name, followRenames: false) {
            issue(number: $number) { timelineItems(last: 100, itemTypes: [LABELED_EVENT]) { nodes { ... on LabeledEvent { createdAt label { name } actor { __typename login ... on User { databaseId name } ... on Bot { databaseId } } } } } }
          }
        }
        """;

    /// <summary>Commands in comments, and labels that stand on open issues. Where nothing has changed it is one request, which counts against no limit.</summary>
    public async Task<RepositoryNews> ReadAsync(GitHubAccess access, WatchedRepository repository, DateTimeOffset since, IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        string query = $"?since={since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}&sort=updated&direction=asc&per_page={PageSize}";
        List<ChangedIssue> issues = await known.AskAsync(
            access, $"issues/{repository.Id}", $"repos/{repository.Repository}/issues{query}&state=all", WatchJson.Default.ListChangedIssue, $"read what changed in the issues of {repository.Repository}", cancellationToken) ?? [];

        // One page each: the next question begins where this one ended. An issue that did not change holds no new comment.
        List<CommentAnswer> comments = issues.Count == 0 ? [] : await known.AskAsync(
            access, $"comments/{repository.Id}", $"repos/{repository.Repository}/issues/comments{query}", GitHubJson.Default.ListCommentAnswer, $"read the newest comments of {repository.Repository}", cancellationToken) ?? [];
        List<MissedEvent> events = [.. comments.Where(c => c.CreatedAt >= since && c.CreatedAt == c.UpdatedAt && c.Body?.StartsWith('/') is true).Select(c => Comment(repository, c)).OfType<MissedEvent>()];
        foreach (ChangedIssue issue in issues.Where(i => i is { State: "open", PullRequest: null }))
        {
            foreach (string label in labels.Where(l => issue.Labels?.Any(i => i.Name == l) is true))
            {
                events.AddRange(await LabelAsync(access, repository, issue, label, cancellationToken) is { } missed ? [missed] : []);
            }
        }

        return new RepositoryNews(events, Through(since, issues, comments), issues.Count == PageSize || comments.Count == PageSize);
    }

    /// <summary>The push between two heads, with the paths that differ. What GitHub does not tell whole is marked like a push that rewrote history.</summary>
    public async Task<MissedEvent> ReadPushAsync(GitHubAccess access, WatchedRepository repository, PushedHeads push, ActorId? pusher, CancellationToken cancellationToken)
    {
        GitHubRequest request = GitHubRequest.Get($"repos/{repository.Repository}/compare/{push.Before}...{push.After}?per_page=1", $"compare two commits of {repository.Repository}") with { Accepted = [HttpStatusCode.NotFound] };
        GitHubAnswer answer = await http.SendAsync(access, request, cancellationToken);
        CompareAnswer? between = answer.Status is HttpStatusCode.NotFound ? null : answer.Read(WatchJson.Default.CompareAnswer);
        IReadOnlyList<ComparedFile> files = between?.Files ?? [];
        JsonObject payload = Payload(repository, pusher ?? new ActorId(0, "ghost"), "User");
        payload["ref"] = $"refs/heads/{repository.DefaultBranch}";
        payload["before"] = push.Before.Value;
        payload["after"] = push.After.Value;
        payload["forced"] = between?.Status != "ahead" || files.Count >= MostFiles;
        payload["commits"] = new JsonArray(new JsonObject { ["modified"] = new JsonArray([.. files.SelectMany(f => new[] { f.Filename, f.PreviousFilename }).OfType<string>().Select(f => JsonValue.Create(f))]) });
        return Event($"look-push-{repository.Id}-{push.After}", "push", payload);
    }

    private static DateTimeOffset Through(DateTimeOffset since, List<ChangedIssue> issues, List<CommentAnswer> comments)
    {
        DateTimeOffset last = issues.Count == 0 ? since : issues[^1].UpdatedAt;
        return comments.Count == PageSize && comments[^1].UpdatedAt < last ? comments[^1].UpdatedAt : last;
    }

    private static MissedEvent? Comment(WatchedRepository repository, CommentAnswer comment)
    {
        if (!long.TryParse(comment.IssueUrl?.Split('/')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out long issue) || comment.User is not { } author)
        {
            return null;
        }

        JsonObject payload = Payload(repository, People.Of(author), author.Type ?? "");
        payload["action"] = "created";
        payload["issue"] = new JsonObject { ["number"] = issue };
        payload["comment"] = new JsonObject
        {
            ["id"] = comment.Id,
            ["body"] = comment.Body,
            ["user"] = Account(People.Of(author), author.Type ?? ""),
            ["performed_via_github_app"] = comment.PerformedViaGithubApp is { } app ? new JsonObject { ["id"] = app.Id } : null,
        };
        return Event(string.Create(CultureInfo.InvariantCulture, $"look-comment-{repository.Id}-{comment.Id}"), "issue_comment", payload);
    }

    /// <summary>Who put the label on, and when: a run of it is known by that time.</summary>
    private async Task<MissedEvent?> LabelAsync(GitHubAccess access, WatchedRepository repository, ChangedIssue issue, string label, CancellationToken cancellationToken)
    {
        GraphQlQuery query = new(LabelQuery, new GraphQlVariables { Owner = repository.Repository.Owner, Name = repository.Repository.Name, Number = issue.Number });
        LabelData data = await graphQl.SendAsync(access, query, WatchJson.Default.LabelData, isChange: false, $"ask who labeled #{issue.Number} of {repository.Repository}", cancellationToken);
        if (data.Repository?.Issue?.TimelineItems?.Items?.LastOrDefault(e => e.Label?.Name == label) is not { Actor: { } actor } labeled)
        {
            return null;
        }

        JsonObject payload = Payload(repository, new ActorId(actor.DatabaseId ?? 0, actor.Login), actor.Kind);
        payload["action"] = "labeled";
        payload["issue"] = new JsonObject { ["number"] = issue.Number, ["updated_at"] = labeled.CreatedAt };
        payload["label"] = new JsonObject { ["name"] = label };
        string which = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(label)))[..16];
        return Event(string.Create(CultureInfo.InvariantCulture, $"look-label-{repository.Id}-{issue.Number}-{which}-{labeled.CreatedAt.ToUnixTimeSeconds()}"), "issues", payload);
    }

    private static MissedEvent Event(string id, string name, JsonObject payload) => new(id, name, Encoding.UTF8.GetBytes(payload.ToJsonString()));

    private static JsonObject Payload(WatchedRepository repository, ActorId sender, string kind) => new()
    {
        ["repository"] = new JsonObject { ["id"] = repository.Id, ["full_name"] = repository.Repository.ToString(), ["default_branch"] = repository.DefaultBranch },
        ["sender"] = Account(sender, kind),
    };

    private static JsonObject Account(ActorId who, string kind) => new() { ["id"] = who.Id, ["login"] = who.Login, ["type"] = kind };
}
