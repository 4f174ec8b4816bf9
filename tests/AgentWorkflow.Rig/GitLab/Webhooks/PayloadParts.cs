using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitLab.World;

using Commit = LibGit2Sharp.Commit;

namespace AgentWorkflow.Rig.GitLab.Webhooks;

/// <summary>The parts of payloads: they have other members than the programming interface's answers.</summary>
internal sealed class PayloadParts(string web)
{
    public static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static JsonObject User(Account user) => new() { ["id"] = user.Id, ["name"] = Shapes.Name(user), ["username"] = user.Username, ["avatar_url"] = null, ["email"] = "[REDACTED]" };

    public JsonObject Project(Project project) => new()
    {
        ["id"] = project.Id,
        ["name"] = project.Path,
        ["description"] = project.Description,
        ["web_url"] = $"{web}/{project.FullPath}",
        ["avatar_url"] = null,
        ["git_ssh_url"] = $"git@localhost:{project.FullPath}.git",
        ["git_http_url"] = $"{web}/{project.FullPath}.git",
        ["namespace"] = project.Namespace.Path,
        ["visibility_level"] = Level(project),
        ["path_with_namespace"] = project.FullPath,
        ["default_branch"] = project.DefaultBranch,
        ["ci_config_path"] = "",
        ["homepage"] = $"{web}/{project.FullPath}",
        ["url"] = $"git@localhost:{project.FullPath}.git",
        ["ssh_url"] = $"git@localhost:{project.FullPath}.git",
        ["http_url"] = $"{web}/{project.FullPath}.git",
    };

    public JsonObject Repository(Project project) => new() { ["name"] = project.Path, ["url"] = $"git@localhost:{project.FullPath}.git", ["description"] = project.Description, ["homepage"] = $"{web}/{project.FullPath}" };

    /// <summary>The repository as pushes have it.</summary>
    public JsonObject Pushable(Project project)
    {
        JsonObject shape = Repository(project);
        shape["git_http_url"] = $"{web}/{project.FullPath}.git";
        shape["git_ssh_url"] = $"git@localhost:{project.FullPath}.git";
        shape["visibility_level"] = Level(project);
        return shape;
    }

    public static JsonArray Labels(Noteable on) => Labels(on, on.Labels);

    public static JsonArray Labels(Noteable on, IEnumerable<string> names) => new([.. names.Select(l => on.Project.Labels[l]).Select(l => new JsonObject
    {
        ["id"] = l.Id,
        ["title"] = l.Name,
        ["color"] = l.Color,
        ["project_id"] = on.Project.Id,
        ["created_at"] = Stamp(on.Project.CreatedAt),
        ["updated_at"] = Stamp(on.Project.CreatedAt),
        ["template"] = false,
        ["description"] = l.Description,
        ["type"] = "ProjectLabel",
        ["group_id"] = null,
    })]);

    /// <summary>An issue or a merge request.</summary>
    public JsonObject Attributes(Noteable on)
    {
        JsonObject shape = Common(on);
        return on is MergeRequest merge ? Merge(shape, merge) : Issue(shape, (Issue)on);
    }

    public JsonObject Note(Note note, string action) => new()
    {
        ["attachment"] = null,
        ["author_id"] = note.Author.Id,
        ["change_position"] = null,
        ["commit_id"] = null,
        ["created_at"] = Stamp(note.CreatedAt),
        ["discussion_id"] = note.Discussion,
        ["id"] = note.Id,
        ["internal"] = note.Internal,
        ["line_code"] = note.Line is { } line ? $"{line.Head}_0_{line.Line}" : null,
        ["note"] = note.Body,
        ["noteable_id"] = note.Noteable.Id,
        ["noteable_type"] = note.Noteable.Kind,
        ["original_position"] = note.Line is null ? null : Shapes.Position(note.Line),
        ["position"] = note.Line is null ? null : Shapes.Position(note.Line),
        ["project_id"] = note.Noteable.Project.Id,
        ["resolved_at"] = null,
        ["resolved_by_id"] = null,
        ["resolved_by_push"] = null,
        ["st_diff"] = null,
        ["system"] = note.System,
        ["type"] = note.Line is not null ? "DiffNote" : note.Threaded ? "DiscussionNote" : null,
        ["updated_at"] = Stamp(note.UpdatedAt),
        ["updated_by_id"] = null,
        ["description"] = note.Body,
        ["url"] = $"{Page(note.Noteable)}#note_{note.Id}",
        ["action"] = action,
    };

    public JsonObject Commit(Project project, Commit commit) => new()
    {
        ["id"] = commit.Sha,
        ["message"] = commit.Message,
        ["title"] = commit.MessageShort,
        ["timestamp"] = commit.Author.When.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        ["url"] = $"{web}/{project.FullPath}/-/commit/{commit.Sha}",
        ["author"] = new JsonObject { ["name"] = commit.Author.Name, ["email"] = "[REDACTED]" },
    };

    /// <summary>A commit as pushes have it, with its files.</summary>
    public JsonObject Pushed(Project project, Commit commit)
    {
        using LibGit2Sharp.TreeChanges changes = project.Git.Changes(commit.Parents.FirstOrDefault()?.Tree, commit.Tree);
        JsonObject shape = Commit(project, commit);
        shape["added"] = new JsonArray([.. changes.Added.Select(c => (JsonNode?)c.Path)]);
        shape["modified"] = new JsonArray([.. changes.Modified.Select(c => (JsonNode?)c.Path)]);
        shape["removed"] = new JsonArray([.. changes.Deleted.Select(c => (JsonNode?)c.Path)]);
        return shape;
    }

    private static int Level(Project project) => project.Visibility switch { "public" => 20, "internal" => 10, _ => 0 };

    private static JsonObject Common(Noteable on) => new()
    {
        ["assignee_id"] = on.Assignees.Count > 0 ? on.Assignees[0].Id : null,
        ["assignee_ids"] = new JsonArray([.. on.Assignees.Select(a => (JsonNode?)a.Id)]),
        ["author_id"] = on.Author.Id,
        ["created_at"] = Stamp(on.CreatedAt),
        ["description"] = on.Description,
        ["human_time_change"] = null,
        ["human_time_estimate"] = null,
        ["human_total_time_spent"] = null,
        ["id"] = on.Id,
        ["iid"] = on.Iid,
        ["labels"] = Labels(on),
        ["last_edited_at"] = on.EditedAt is { } edited ? Stamp(edited) : null,
        ["last_edited_by_id"] = on.EditedAt is null ? null : on.Author.Id,
        ["milestone_id"] = on.Milestone?.Id,
        ["state"] = on.State,
        ["state_id"] = on.State switch { "opened" => 1, "closed" => 2, _ => 3 },
        ["time_change"] = 0,
        ["time_estimate"] = 0,
        ["title"] = on.Title,
        ["total_time_spent"] = 0,
        ["updated_at"] = Stamp(on.UpdatedAt),
        ["updated_by_id"] = null,
    };

    private JsonObject Issue(JsonObject shape, Issue issue)
    {
        shape["project_id"] = issue.Project.Id;
        shape["closed_at"] = issue.ClosedAt is { } closed ? Stamp(closed) : null;
        shape["confidential"] = issue.Confidential;
        shape["discussion_locked"] = issue.Locked ? true : null;
        shape["due_date"] = null;
        shape["moved_to_id"] = null;
        shape["duplicated_to_id"] = null;
        shape["relative_position"] = 0;
        shape["weight"] = null;
        shape["health_status"] = null;
        shape["type"] = "Issue";
        shape["severity"] = "unknown";
        shape["customer_relations_contacts"] = new JsonArray();
        shape["url"] = Page(issue);
        return shape;
    }

    private JsonObject Merge(JsonObject shape, MergeRequest merge)
    {
        shape["draft"] = merge.Draft;
        shape["work_in_progress"] = merge.Draft;
        shape["head_pipeline_id"] = null;
        shape["merge_commit_sha"] = merge.MergeSha;
        shape["merge_error"] = null;
        shape["merge_params"] = new JsonObject { ["force_remove_source_branch"] = merge.RemoveSource ? "1" : "0" };
        shape["merge_status"] = "can_be_merged";
        shape["detailed_merge_status"] = "mergeable";
        shape["merge_user_id"] = null;
        shape["merge_when_pipeline_succeeds"] = false;
        shape["prepared_at"] = Stamp(merge.CreatedAt);
        shape["blocking_discussions_resolved"] = true;
        shape["first_contribution"] = false;
        shape["source_branch"] = merge.Source;
        shape["source_project_id"] = merge.Project.Id;
        shape["target_branch"] = merge.Target;
        shape["target_project_id"] = merge.Project.Id;
        shape["source"] = Project(merge.Project);
        shape["target"] = Project(merge.Project);
        shape["last_commit"] = merge.Project.Git.Commit(merge.Sha) is { } commit ? Commit(merge.Project, commit) : null;
        shape["reviewer_ids"] = new JsonArray();
        shape["approval_rules"] = new JsonArray();
        shape["url"] = Page(merge);
        return shape;
    }

    private string Page(Noteable on) => $"{web}/{on.Project.FullPath}/-/{(on is Issue ? "issues" : "merge_requests")}/{on.Iid}";
}
