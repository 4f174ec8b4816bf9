using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitLab.World;

using Commit = LibGit2Sharp.Commit;

namespace AgentWorkflow.Rig.GitLab.Webhooks;

/// <summary>Makes the payloads of events and hands them to the project's hooks that want them.</summary>
internal sealed class PayloadShapes(GitLabWorld world, string web, HookOutbox outbox)
{
    private static readonly string Nothing = new('0', 40);
    private readonly PayloadParts _parts = new(web);

    /// <summary>An issue or merge request was opened or changed.</summary>
    /// <param name="on">The issue or merge request.</param>
    /// <param name="by">Who did it.</param>
    /// <param name="action"><c>open</c>, <c>update</c>, <c>close</c>, <c>reopen</c>, <c>merge</c>.</param>
    /// <param name="before">The source's commit before, where it moved.</param>
    /// <param name="changes">What changed, with what it was and is.</param>
    public void Changed(Noteable on, Account by, string action, string? before = null, params Change[] changes)
    {
        JsonObject attributes = _parts.Attributes(on);
        attributes["action"] = action;
        if (before is not null)
        {
            attributes["oldrev"] = before;
        }

        bool confidential = on is Issue { Confidential: true };
        string kind = on is Issue ? "issue" : "merge_request";
        JsonObject payload = new()
        {
            ["object_kind"] = kind,
            ["event_type"] = confidential ? "confidential_issue" : kind,
            ["user"] = PayloadParts.User(by),
            ["project"] = _parts.Project(on.Project),
            ["object_attributes"] = attributes,
            ["labels"] = PayloadParts.Labels(on),
            ["changes"] = Changes(on, by, changes),
            ["repository"] = _parts.Repository(on.Project),
        };
        if (on.Assignees.Count > 0)
        {
            payload["assignees"] = new JsonArray([.. on.Assignees.Select(PayloadParts.User)]);
        }

        string trigger = confidential ? "confidential_issue_hooks" : kind + "_hooks";
        Send(on.Project, confidential ? "confidential_issues_events" : kind + "s_events", trigger, payload);
    }

    /// <summary>A note was written (<c>create</c>) or edited (<c>update</c>).</summary>
    public void Note(string action, Note note, Account by)
    {
        bool confidential = note.Internal || note.Noteable is Issue { Confidential: true };
        Send(note.Noteable.Project, confidential ? "confidential_note_events" : "note_events", confidential ? "confidential_note_hooks" : "note_hooks", Note(action, note, by, confidential));
    }

    /// <summary>A ref moved.</summary>
    public void Push(Project project, string name, string? before, string? after, Account by)
    {
        bool tag = name.StartsWith("refs/tags/", StringComparison.Ordinal);
        Send(project, tag ? "tag_push_events" : "push_events", tag ? "tag_push_hooks" : "push_hooks", Pushed(project, name, before, after, by));
    }

    /// <summary>A pipeline changed its status.</summary>
    public void Pipeline(Project project, long id, string branch, string sha, string status, Account by)
    {
        MergeRequest? merge = project.Merges.Find(m => m.Source == branch && m.State == "opened");
        Send(project, "pipeline_events", "pipeline_hooks", new JsonObject
        {
            ["object_kind"] = "pipeline",
            ["object_attributes"] = new JsonObject
            {
                ["id"] = id,
                ["iid"] = id,
                ["name"] = null,
                ["ref"] = branch,
                ["tag"] = false,
                ["sha"] = sha,
                ["before_sha"] = Nothing,
                ["source"] = "push",
                ["status"] = status,
                ["detailed_status"] = status,
                ["stages"] = new JsonArray("test"),
                ["created_at"] = PayloadParts.Stamp(world.Now),
                ["finished_at"] = status is "success" or "failed" or "canceled" ? PayloadParts.Stamp(world.Now) : null,
                ["duration"] = 1,
                ["variables"] = new JsonArray(),
                ["url"] = $"{web}/{project.FullPath}/-/pipelines/{id}",
            },
            ["merge_request"] = merge is null ? null : new JsonObject { ["id"] = merge.Id, ["iid"] = merge.Iid, ["title"] = merge.Title, ["source_branch"] = merge.Source, ["source_project_id"] = project.Id, ["target_branch"] = merge.Target, ["target_project_id"] = project.Id, ["state"] = merge.State, ["merge_status"] = "can_be_merged", ["detailed_merge_status"] = "mergeable", ["url"] = $"{web}/{project.FullPath}/-/merge_requests/{merge.Iid}" },
            ["user"] = PayloadParts.User(by),
            ["project"] = _parts.Project(project),
            ["commit"] = project.Git.Commit(sha) is { } commit ? _parts.Commit(project, commit) : null,
            ["builds"] = new JsonArray(),
        });
    }

    /// <summary>Sends an example of an event to one hook, whatever its state; false where the project has none.</summary>
    public bool Test(Project project, Hook hook, string trigger, Account by)
    {
        (string Hooks, JsonObject? Payload) example = trigger switch
        {
            "push_events" when project.Git.Head(project.DefaultBranch) is { } head => ("push_hooks", Pushed(project, "refs/heads/" + project.DefaultBranch, head, head, by)),
            "note_events" when project.Issues.SelectMany(i => i.Notes).FirstOrDefault(n => !n.Internal) is { } note => ("note_hooks", Note("create", note, by, confidential: false)),
            "issues_events" when project.Issues.Find(i => !i.Confidential) is { } issue => ("issue_hooks", Issue(issue, by)),
            _ => ("", null),
        };
        if (example.Payload is null)
        {
            return false;
        }

        outbox.Send(project, hook, example.Hooks, example.Payload, force: true);
        return true;
    }

    /// <summary>Sends something again, with its idempotency key.</summary>
    public void Resend(HookEvent sent) =>
        outbox.Send(sent.Project, sent.Hook, sent.Trigger, JsonNode.Parse(sent.Body)!.AsObject(), force: true, key: sent.Headers["Idempotency-Key"], uuid: sent.Headers["X-Gitlab-Event-UUID"]);

    private static JsonObject Changes(Noteable on, Account by, Change[] changes)
    {
        static JsonObject Pair(JsonNode? previous, JsonNode? current) => new() { ["previous"] = previous, ["current"] = current };
        JsonObject shape = new() { ["updated_at"] = Pair(PayloadParts.Stamp(on.CreatedAt), PayloadParts.Stamp(on.UpdatedAt)) };
        foreach (Change change in changes)
        {
            shape[change.Member] = change.Member switch
            {
                "labels" => Pair(PayloadParts.Labels(on, change.Previous?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? []), PayloadParts.Labels(on)),
                "assignees" => Pair(new JsonArray(), new JsonArray([.. on.Assignees.Select(PayloadParts.User)])),
                _ => Pair(change.Previous, change.Current),
            };
        }

        if (changes.Any(c => c.Member is "title" or "description"))
        {
            shape["last_edited_at"] = Pair(null, PayloadParts.Stamp(on.UpdatedAt));
            shape["last_edited_by_id"] = Pair(null, by.Id);
            shape["updated_by_id"] = Pair(null, by.Id);
        }

        return shape;
    }

    private JsonObject Issue(Issue issue, Account by) => new()
    {
        ["object_kind"] = "issue",
        ["event_type"] = "issue",
        ["user"] = PayloadParts.User(by),
        ["project"] = _parts.Project(issue.Project),
        ["object_attributes"] = _parts.Attributes(issue),
        ["labels"] = PayloadParts.Labels(issue),
        ["changes"] = new JsonObject(),
        ["repository"] = _parts.Repository(issue.Project),
    };

    private JsonObject Note(string action, Note note, Account by, bool confidential) => new()
    {
        ["object_kind"] = "note",
        ["event_type"] = confidential ? "confidential_note" : "note",
        ["user"] = PayloadParts.User(by),
        ["project_id"] = note.Noteable.Project.Id,
        ["project"] = _parts.Project(note.Noteable.Project),
        ["object_attributes"] = _parts.Note(note, action),
        ["repository"] = _parts.Repository(note.Noteable.Project),
        [note.Noteable is Issue ? "issue" : "merge_request"] = _parts.Attributes(note.Noteable),
    };

    private JsonObject Pushed(Project project, string name, string? before, string? after, Account by)
    {
        // Of a new branch GitLab tells what the default branch does not hold.
        List<Commit> commits = after is null || project.Git.Commit(after) is null ? [] : [.. project.Git.Between(after, before ?? (name == "refs/heads/" + project.DefaultBranch ? null : project.Git.Head(project.DefaultBranch))).Reverse()];
        return new JsonObject
        {
            ["object_kind"] = name.StartsWith("refs/tags/", StringComparison.Ordinal) ? "tag_push" : "push",
            ["event_name"] = name.StartsWith("refs/tags/", StringComparison.Ordinal) ? "tag_push" : "push",
            ["before"] = before ?? Nothing,
            ["after"] = after ?? Nothing,
            ["ref"] = name,
            ["ref_protected"] = project.Protects(name.Split('/', 3)[^1]) is not null,
            ["checkout_sha"] = after,
            ["message"] = null,
            ["user_id"] = by.Id,
            ["user_name"] = Shapes.Name(by),
            ["user_username"] = by.Username,
            ["user_email"] = "",
            ["user_avatar"] = null,
            ["project_id"] = project.Id,
            ["project"] = _parts.Project(project),
            ["commits"] = new JsonArray([.. commits.TakeLast(20).Select(c => _parts.Pushed(project, c))]),
            ["total_commits_count"] = commits.Count,
            ["push_options"] = new JsonObject(),
            ["repository"] = _parts.Pushable(project),
        };
    }

    private void Send(Project project, string wanted, string trigger, JsonObject payload)
    {
        string uuid = GitLabWorld.NewUuid();
        foreach (Hook hook in project.Hooks.Where(h => h.Events.Contains(wanted)).ToList())
        {
            outbox.Send(project, hook, trigger, (JsonObject)payload.DeepClone(), uuid: uuid);
        }
    }
}

/// <summary>A member that changed; lists are told as they are now.</summary>
internal sealed record Change(string Member, string? Previous = null, string? Current = null);
