using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitLab.World;

using LibGit2Sharp;

using Label = AgentWorkflow.Rig.GitLab.World.Label;
using Note = AgentWorkflow.Rig.GitLab.World.Note;

namespace AgentWorkflow.Rig.GitLab;

/// <summary>The JSON of things in the programming interface.</summary>
internal sealed class Shapes(string web)
{
    public string Web => web;

    public JsonObject Basic(Account user) => new()
    {
        ["id"] = user.Id,
        ["username"] = user.Username,
        ["public_email"] = "",
        ["name"] = Name(user),
        ["state"] = user.State,
        ["locked"] = false,
        ["avatar_url"] = null,
        ["web_url"] = $"{web}/{user.Username}",
    };

    public JsonObject User(Account user)
    {
        JsonObject shape = Basic(user);
        shape["created_at"] = Stamp(user.CreatedAt);
        shape["bio"] = "";
        shape["bot"] = user.Bot;
        return shape;
    }

    public JsonObject Member(Account user, int level, DateTimeOffset since)
    {
        JsonObject shape = Basic(user);
        shape["access_level"] = level;
        shape["created_at"] = Stamp(since);
        shape["expires_at"] = null;
        shape["membership_state"] = "active";
        return shape;
    }

    public JsonObject Project(Project project, Account? asks)
    {
        JsonObject shape = new()
        {
            ["id"] = project.Id,
            ["description"] = project.Description,
            ["name"] = project.Path,
            ["name_with_namespace"] = project.FullPath.Replace("/", " / ", StringComparison.Ordinal),
            ["path"] = project.Path,
            ["path_with_namespace"] = project.FullPath,
            ["created_at"] = Stamp(project.CreatedAt),
            ["default_branch"] = project.Git.Refs().Count == 0 ? null : project.DefaultBranch,
            ["topics"] = new JsonArray([.. project.Topics.Select(t => (JsonNode?)t)]),
            ["tag_list"] = new JsonArray([.. project.Topics.Select(t => (JsonNode?)t)]),
            ["ssh_url_to_repo"] = $"git@localhost:{project.FullPath}.git",
            ["http_url_to_repo"] = $"{web}/{project.FullPath}.git",
            ["web_url"] = $"{web}/{project.FullPath}",
            ["readme_url"] = null,
            ["avatar_url"] = null,
            ["forks_count"] = 0,
            ["star_count"] = 0,
            ["last_activity_at"] = Stamp(project.CreatedAt),
            ["visibility"] = project.Visibility,
            ["namespace"] = Namespace(project.Namespace),
            ["empty_repo"] = project.Git.Refs().Count == 0,
            ["archived"] = project.Archived,
            ["issues_enabled"] = true,
            ["merge_requests_enabled"] = true,
            ["lfs_enabled"] = true,
            ["merge_method"] = "merge",
            ["remove_source_branch_after_merge"] = true,
            ["ci_config_path"] = "",
        };
        if (asks is not null)
        {
            shape["permissions"] = new JsonObject
            {
                ["project_access"] = Access(project.Members.GetValueOrDefault(asks.Id)),
                ["group_access"] = Access(project.Namespace.Level(asks)),
            };
        }

        return shape;
    }

    public JsonObject Namespace(Group group) => new()
    {
        ["id"] = group.Id,
        ["name"] = group.Path,
        ["path"] = group.Path,
        ["kind"] = group.Owner is null ? "group" : "user",
        ["full_path"] = group.FullPath,
        ["parent_id"] = group.Parent?.Id,
        ["avatar_url"] = null,
        ["web_url"] = group.Owner is null ? $"{web}/groups/{group.FullPath}" : $"{web}/{group.FullPath}",
    };

    public JsonObject Group(Group group) => new()
    {
        ["id"] = group.Id,
        ["name"] = group.Path,
        ["path"] = group.Path,
        ["full_name"] = group.FullPath.Replace("/", " / ", StringComparison.Ordinal),
        ["full_path"] = group.FullPath,
        ["description"] = "",
        ["visibility"] = group.Visibility,
        ["parent_id"] = group.Parent?.Id,
        ["web_url"] = $"{web}/groups/{group.FullPath}",
        ["project_creation_level"] = group.ProjectCreation,
    };

    public JsonObject Issue(Issue issue)
    {
        JsonObject shape = Noteable(issue);
        shape["confidential"] = issue.Confidential;
        shape["type"] = "ISSUE";
        shape["issue_type"] = "issue";
        shape["due_date"] = null;
        return shape;
    }

    /// <summary>A merge request in a list.</summary>
    public JsonObject Merge(MergeRequest merge)
    {
        JsonObject shape = Noteable(merge);
        shape["source_branch"] = merge.Source;
        shape["target_branch"] = merge.Target;
        shape["source_project_id"] = merge.Project.Id;
        shape["target_project_id"] = merge.Project.Id;
        shape["draft"] = merge.Draft;
        shape["work_in_progress"] = merge.Draft;
        shape["reviewers"] = new JsonArray();
        shape["merged_at"] = Stamp(merge.MergedAt);
        shape["merge_user"] = merge.MergedBy is { } merger ? Basic(merger) : null;
        shape["merge_status"] = "can_be_merged";
        shape["detailed_merge_status"] = merge.Draft ? "draft_status" : "mergeable";
        shape["sha"] = merge.Sha;
        shape["merge_commit_sha"] = merge.MergeSha;
        shape["force_remove_source_branch"] = merge.RemoveSource;
        shape["squash"] = false;
        shape["has_conflicts"] = false;
        return shape;
    }

    /// <summary>A merge request alone, which says more than one in a list.</summary>
    public JsonObject Whole(MergeRequest merge)
    {
        JsonObject shape = Merge(merge);
        shape["diff_refs"] = Ends(merge) is var (start, head) ? new JsonObject { ["base_sha"] = start, ["head_sha"] = head, ["start_sha"] = start } : null;
        return shape;
    }

    /// <summary>The commits between which a merge request's diff stands.</summary>
    public static (string Start, string Head)? Ends(MergeRequest merge)
    {
        Commit? into = merge.Project.Git.Commit(merge.Project.Git.Head(merge.Target) ?? "");
        return into is not null && merge.Project.Git.Commit(merge.Sha) is { } head && merge.Project.Git.Objects.FindMergeBase(into, head) is { } start ? (start.Sha, head.Sha) : null;
    }

    public JsonObject Note(Note note)
    {
        JsonObject shape = new()
        {
            ["id"] = note.Id,
            ["type"] = note.Line is not null ? "DiffNote" : note.Threaded ? "DiscussionNote" : null,
            ["body"] = note.Body,
            ["author"] = Basic(note.Author),
            ["created_at"] = Stamp(note.CreatedAt),
            ["updated_at"] = Stamp(note.UpdatedAt),
            ["system"] = note.System,
            ["noteable_id"] = note.Noteable.Id,
            ["noteable_type"] = note.Noteable.Kind,
            ["project_id"] = note.Noteable.Project.Id,
            ["resolvable"] = note.Threaded,
            ["confidential"] = note.Internal,
            ["internal"] = note.Internal,
            ["imported"] = false,
            ["imported_from"] = "none",
            ["noteable_iid"] = note.Noteable.Iid,
            ["commands_changes"] = new JsonObject(),
        };
        if (note.Line is { } line)
        {
            shape["commit_id"] = null;
            shape["position"] = Position(line);
        }

        if (note.Threaded)
        {
            shape["resolved"] = note.Resolved;
            shape["resolved_by"] = null;
            shape["resolved_at"] = null;
        }

        return shape;
    }

    public static JsonObject Position(DiffLine line) => new()
    {
        ["base_sha"] = line.Base,
        ["start_sha"] = line.Start,
        ["head_sha"] = line.Head,
        ["old_path"] = line.Path,
        ["new_path"] = line.Path,
        ["position_type"] = "text",
        ["old_line"] = null,
        ["new_line"] = line.Line,
        ["line_range"] = null,
    };

    public JsonObject Award(Award award, Noteable on, Note? note) => new()
    {
        ["id"] = award.Id,
        ["name"] = award.Name,
        ["user"] = Basic(award.User),
        ["created_at"] = Stamp(award.At),
        ["updated_at"] = Stamp(award.At),
        ["awardable_id"] = note?.Id ?? on.Id,
        ["awardable_type"] = note is null ? on.Kind : "Note",
        ["url"] = null,
    };

    public static JsonObject Label(Label label) => new()
    {
        ["id"] = label.Id,
        ["name"] = label.Name,
        ["color"] = label.Color,
        ["text_color"] = "#FFFFFF",
        ["description"] = label.Description,
        ["description_html"] = label.Description ?? "",
        ["subscribed"] = false,
        ["priority"] = null,
        ["is_project_label"] = true,
    };

    public JsonObject Milestone(Milestone milestone, Project project) => new()
    {
        ["id"] = milestone.Id,
        ["iid"] = milestone.Iid,
        ["project_id"] = project.Id,
        ["title"] = milestone.Title,
        ["description"] = milestone.Description ?? "",
        ["state"] = milestone.State,
        ["created_at"] = Stamp(milestone.CreatedAt),
        ["updated_at"] = Stamp(milestone.CreatedAt),
        ["due_date"] = null,
        ["start_date"] = null,
        ["expired"] = false,
        ["web_url"] = $"{web}/{project.FullPath}/-/milestones/{milestone.Iid}",
    };

    public JsonObject Status(CommitStatus status) => new()
    {
        ["id"] = status.Id,
        ["sha"] = status.Sha,
        ["ref"] = status.Ref,
        ["status"] = status.State,
        ["name"] = status.Name,
        ["target_url"] = status.TargetUrl,
        ["description"] = status.Description,
        ["created_at"] = Stamp(status.At),
        ["started_at"] = null,
        ["finished_at"] = status.State is "pending" or "running" ? null : Stamp(status.At),
        ["allow_failure"] = false,
        ["coverage"] = null,
        ["pipeline_id"] = status.Pipeline,
        ["author"] = Basic(status.Author),
    };

    public JsonObject Commit(Project project, Commit commit) => new()
    {
        ["id"] = commit.Sha,
        ["short_id"] = commit.Sha[..8],
        ["created_at"] = Stamp(commit.Committer.When),
        ["parent_ids"] = new JsonArray([.. commit.Parents.Select(p => (JsonNode?)p.Sha)]),
        ["title"] = commit.MessageShort,
        ["message"] = commit.Message,
        ["author_name"] = commit.Author.Name,
        ["author_email"] = commit.Author.Email,
        ["authored_date"] = Stamp(commit.Author.When),
        ["committer_name"] = commit.Committer.Name,
        ["committer_email"] = commit.Committer.Email,
        ["committed_date"] = Stamp(commit.Committer.When),
        ["trailers"] = new JsonObject(),
        ["extended_trailers"] = new JsonObject(),
        ["web_url"] = $"{web}/{project.FullPath}/-/commit/{commit.Sha}",
    };

    public JsonObject Branch(Project project, string name, Commit commit, Account? asks)
    {
        ProtectedBranch? rule = project.Protects(name);
        int level = asks is null ? 0 : project.Level(asks);
        return new JsonObject
        {
            ["name"] = name,
            ["commit"] = Commit(project, commit),
            ["merged"] = false,
            ["protected"] = rule is not null,
            ["developers_can_push"] = rule is { Push: > 0 and <= 30 },
            ["developers_can_merge"] = rule is { Merge: > 0 and <= 30 },
            ["can_push"] = level >= 30 && (rule is null || (rule.Push > 0 && level >= rule.Push)),
            ["default"] = name == project.DefaultBranch,
            ["web_url"] = $"{web}/{project.FullPath}/-/tree/{name}",
        };
    }

    public static string Name(Account user) => char.ToUpperInvariant(user.Username[0]) + user.Username[1..];

    public static string Stamp(DateTimeOffset time) => GitLabWorld.Stamp(time);

    public static string? Stamp(DateTimeOffset? time) => time is { } there ? GitLabWorld.Stamp(there) : null;

    public string Page(Noteable on) => $"{web}/{on.Project.FullPath}/-/{(on is Issue ? "issues" : "merge_requests")}/{on.Iid}";

    private static JsonObject? Access(int level) => level == 0 ? null : new JsonObject { ["access_level"] = level, ["notification_level"] = 3 };

    private JsonObject Noteable(Noteable on) => new()
    {
        ["id"] = on.Id,
        ["iid"] = on.Iid,
        ["project_id"] = on.Project.Id,
        ["title"] = on.Title,
        ["description"] = on.Description,
        ["state"] = on.State,
        ["created_at"] = Stamp(on.CreatedAt),
        ["updated_at"] = Stamp(on.UpdatedAt),
        ["closed_at"] = Stamp(on.ClosedAt),
        ["closed_by"] = null,
        ["labels"] = new JsonArray([.. on.Labels.Order(StringComparer.Ordinal).Select(l => (JsonNode?)l)]),
        ["milestone"] = on.Milestone is null ? null : Milestone(on.Milestone, on.Project),
        ["assignees"] = new JsonArray([.. on.Assignees.Select(Basic)]),
        ["assignee"] = on.Assignees.Count > 0 ? Basic(on.Assignees[0]) : null,
        ["author"] = Basic(on.Author),
        ["user_notes_count"] = on.Notes.Count(n => !n.System),
        ["upvotes"] = on.Awards.Count(a => a.Name == "thumbsup"),
        ["downvotes"] = on.Awards.Count(a => a.Name == "thumbsdown"),
        ["discussion_locked"] = on.Locked ? true : null,
        ["imported"] = false,
        ["imported_from"] = "none",
        ["web_url"] = Page(on),
        ["references"] = new JsonObject { ["short"] = on.Reference, ["relative"] = on.Reference, ["full"] = on.Project.FullPath + on.Reference },
    };
}
