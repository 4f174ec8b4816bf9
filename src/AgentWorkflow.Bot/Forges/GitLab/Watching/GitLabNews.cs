using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Bot.Forges.GitLab.Reading;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitLab.Watching;

/// <summary>What happened in a project since a time, told as its hook would have told it.</summary>
internal sealed class GitLabNews(GitLabClient client)
{
    /// <summary>Commands in notes, and labels that stand on open issues.</summary>
    public async Task<RepositoryNews> ReadAsync(WatchedRepository repository, DateTimeOffset since, IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        List<ChangedAnswer> issues = await ChangedAsync(repository, "issues", since, cancellationToken);
        List<ChangedAnswer> merges = await ChangedAsync(repository, "merge_requests", since, cancellationToken);
        List<MissedEvent> events = [];
        foreach ((ChangedAnswer changed, bool isMerge) in issues.Select(i => (i, false)).Concat(merges.Select(m => (m, true))))
        {
            events.AddRange(await NotesAsync(repository, changed.Iid, isMerge, since, cancellationToken));
        }

        foreach (ChangedAnswer issue in issues.Where(i => i.State == "opened" && i.Labels?.Any(labels.Contains) is true))
        {
            events.AddRange(await LabelsAsync(repository, issue, labels, cancellationToken));
        }

        // What did not fit into one answer is asked for from where that ended.
        List<DateTimeOffset> full = [.. new[] { issues, merges }.Where(l => l.Count == GitLabClient.PageSize).Select(l => l[^1].UpdatedAt)];
        DateTimeOffset through = full.Count > 0 ? full.Min() : issues.Concat(merges).Select(c => c.UpdatedAt).Append(since).Max();
        return new RepositoryNews(events, through, full.Count > 0);
    }

    /// <summary>The push between two heads, with the paths that differ. Rewritten history is marked as a push of which not all is told.</summary>
    public async Task<MissedEvent> ReadPushAsync(WatchedRepository repository, PushedHeads push, ActorId? pusher, CancellationToken cancellationToken)
    {
        string project = repository.Repository.ToString();
        string what = $"compare two commits of {repository.Repository}";
        CommitAnswer? common = await client.FindAsync(api => api.GetMergeBaseAsync(project, [push.Before.Value, push.After.Value], what, cancellationToken));
        CompareAnswer? between = common is null ? null : await client.FindAsync(api => api.CompareAsync(project, push.Before.Value, push.After.Value, straight: true, what, cancellationToken));
        string[] paths = [.. (between?.Diffs ?? []).SelectMany(d => new[] { d.NewPath, d.OldPath }).OfType<string>().Distinct(StringComparer.Ordinal)];
        bool isWhole = common?.Id == push.Before.Value && between is { CompareTimeout: false };
        JsonObject payload = Payload(repository, pusher ?? new ActorId(0, "ghost"));
        payload["user_id"] = pusher?.Id ?? 0;
        payload["user_username"] = pusher?.Login ?? "ghost";
        payload["ref"] = $"refs/heads/{repository.DefaultBranch}";
        payload["before"] = push.Before.Value;
        payload["after"] = push.After.Value;
        payload["commits"] = new JsonArray(new JsonObject { ["modified"] = new JsonArray([.. paths.Select(p => JsonValue.Create(p))]) });
        payload["total_commits_count"] = isWhole ? 1 : int.MaxValue;
        return Event($"look-push-{repository.Id}-{push.After}", "push_hook", payload);
    }

    private Task<List<ChangedAnswer>> ChangedAsync(WatchedRepository repository, string kind, DateTimeOffset since, CancellationToken cancellationToken) => client.SendAsync(api => api.ListChangedAsync(
        repository.Repository.ToString(), kind, since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), "updated_at", "asc", GitLabClient.PageSize,
        $"read what changed in {repository.Repository}", cancellationToken));

    // An internal note is no command anywhere, so it is not even looked at.
    private async Task<IEnumerable<MissedEvent>> NotesAsync(WatchedRepository repository, long iid, bool isMerge, DateTimeOffset since, CancellationToken cancellationToken)
    {
        List<NoteAnswer> notes = await client.SendAsync(api => api.ListNotesAsync(
            repository.Repository.ToString(), isMerge ? "merge_requests" : "issues", iid, "desc", "created_at", GitLabClient.PageSize, page: 1, $"read the newest notes of {repository.Repository}", cancellationToken));
        return notes.Where(n => n.CreatedAt >= since && n.CreatedAt == n.UpdatedAt && n is { System: false, IsInternal: false, Author: not null } && n.Body?.StartsWith('/') is true)
            .Reverse().Select(n => Note(repository, iid, isMerge, n));
    }

    private static MissedEvent Note(WatchedRepository repository, long iid, bool isMerge, NoteAnswer note)
    {
        JsonObject payload = Payload(repository, Items.Of(note.Author));
        payload["object_attributes"] = new JsonObject
        {
            ["id"] = note.Id,
            ["note"] = note.Body,
            ["author_id"] = note.Author?.Id,
            ["action"] = "create",
            ["noteable_type"] = isMerge ? "MergeRequest" : "Issue",
        };
        payload[isMerge ? "merge_request" : "issue"] = new JsonObject { ["iid"] = iid };
        return Event(string.Create(CultureInfo.InvariantCulture, $"look-note-{repository.Id}-{note.Id}"), "note_hook", payload);
    }

    /// <summary>Who put each label on last, and when: a run of it is known by that time.</summary>
    private async Task<List<MissedEvent>> LabelsAsync(WatchedRepository repository, ChangedAnswer issue, IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        List<LabelEventAnswer> events = await client.ListAsync((api, page) =>
            api.ListLabelEventsAsync(repository.Repository.ToString(), issue.Iid, GitLabClient.PageSize, page, $"ask who labeled #{issue.Iid} of {repository.Repository}", cancellationToken));
        return [.. labels.Where(l => issue.Labels?.Contains(l) is true)
            .Select(l => events.FindLast(e => e.Action == "add" && e.Label?.Name == l)).OfType<LabelEventAnswer>()
            .Where(e => e.User is not null).Select(e => Label(repository, issue, e))];
    }

    private static MissedEvent Label(WatchedRepository repository, ChangedAnswer issue, LabelEventAnswer labeled)
    {
        string label = labeled.Label?.Name ?? "";
        JsonObject payload = Payload(repository, Items.Of(labeled.User));
        payload["object_attributes"] = new JsonObject { ["iid"] = issue.Iid, ["action"] = "update", ["updated_at"] = labeled.CreatedAt };
        payload["changes"] = new JsonObject { ["labels"] = new JsonObject { ["previous"] = new JsonArray(), ["current"] = new JsonArray(new JsonObject { ["title"] = label }) } };
        string which = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(label)))[..16];
        return Event(string.Create(CultureInfo.InvariantCulture, $"look-label-{repository.Id}-{issue.Iid}-{which}-{labeled.CreatedAt.ToUnixTimeSeconds()}"), "issue_hook", payload);
    }

    private static MissedEvent Event(string id, string name, JsonObject payload) => new(id, name, Encoding.UTF8.GetBytes(payload.ToJsonString()));

    private static JsonObject Payload(WatchedRepository repository, ActorId sender) => new()
    {
        ["user"] = new JsonObject { ["id"] = sender.Id, ["username"] = sender.Login, ["name"] = sender.Name },
        ["project"] = new JsonObject { ["id"] = repository.Id, ["path_with_namespace"] = repository.Repository.ToString(), ["default_branch"] = repository.DefaultBranch },
    };
}
