using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using AgentWorkflow.Rig.Git;
using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Serving;

using LibGit2Sharp;

namespace AgentWorkflow.Rig.GitLab.Rest;

/// <summary>Commits and their statuses.</summary>
internal static class CommitRoutes
{
    private const string Base = "/projects/{id}/repository/commits";

    public static void Add(Action<string, Need, Func<RestCall, Answer>> add)
    {
        add($"GET {Base}", Need.ReadCode, List);
        add($"POST {Base}", Need.Develop, Create);
        add($"GET {Base}/{{sha}}", Need.ReadCode, c => With(c, commit => Answer.Ok(Detail(c, commit))));
        add($"GET {Base}/{{sha}}/refs", Need.ReadCode, c => With(c, commit => c.Page(Holding(c.Project, commit), r => new JsonObject { ["type"] = "branch", ["name"] = r })));
        add($"GET {Base}/{{sha}}/diff", Need.ReadCode, c => With(c, commit => Diffs(c, commit)));
        add($"GET {Base}/{{sha}}/merge_requests", Need.Read, c => With(c, commit => c.Page(c.Project.Merges.Where(m => m.Sha == commit.Sha), c.Shapes.Merge)));
        add($"GET {Base}/{{sha}}/statuses", Need.Read, c => With(c, commit => Statuses(c, commit)));
        add("POST /projects/{id}/statuses/{sha}", Need.Develop, c => With(c, commit => SetStatus(c, commit)));
    }

    /// <summary>Why the caller may not push to a branch; null where it may.</summary>
    public static Answer? Forbids(RestCall call, string branch)
    {
        ProtectedBranch? rule = call.Project.Protects(branch);
        if (rule is not null && (rule.Push == 0 || call.Project.Level(call.Actor) < rule.Push))
        {
            return Refusal.Forbidden("You are not allowed to push into this branch");
        }

        return call.Project.PushRule is { Branch: { Length: > 0 } pattern } && !Regex.IsMatch(branch, pattern, RegexOptions.None, TimeSpan.FromSeconds(1))
            ? Refusal.Error(400, $"Branch name '{branch}' does not follow the pattern '{pattern}'")
            : null;
    }

    /// <summary>A changed file.</summary>
    public static JsonObject Diff(TreeEntryChanges change) => new()
    {
        ["diff"] = "",
        ["collapsed"] = false,
        ["too_large"] = false,
        ["new_path"] = change.Path,
        ["old_path"] = change.OldPath,
        ["a_mode"] = Convert.ToString((int)change.OldMode, 8),
        ["b_mode"] = Convert.ToString((int)change.Mode, 8),
        ["new_file"] = change.Status == ChangeKind.Added,
        ["renamed_file"] = change.Status == ChangeKind.Renamed,
        ["deleted_file"] = change.Status == ChangeKind.Deleted,
    };

    private static Answer With(RestCall call, Func<Commit, Answer> serve) => RepositoryRoutes.Resolve(call.Project, call["sha"]) is { } commit ? serve(commit) : Refusal.NotFound("Commit");

    private static JsonObject Detail(RestCall call, Commit commit)
    {
        JsonObject shape = call.Shapes.Commit(call.Project, commit);
        shape["status"] = null;
        shape["project_id"] = call.Project.Id;
        shape["last_pipeline"] = null;
        return shape;
    }

    private static Answer List(RestCall call)
    {
        string name = call.Asked("ref_name") ?? call.Project.DefaultBranch;
        if (RepositoryRoutes.Resolve(call.Project, name) is not { } head)
        {
            return Refusal.NotFound("Repository Reference");
        }

        string? path = call.Asked("path");
        return call.Page(call.Project.Git.Between(head.Sha, null).Where(c => path is null || GitStore.Touches(c, path)), c => call.Shapes.Commit(call.Project, c));
    }

    private static IEnumerable<string> Holding(Project project, Commit commit) => project.Git.Refs()
        .Where(r => r.Key.StartsWith("refs/heads/", StringComparison.Ordinal) && (r.Value == commit.Sha || project.Git.IsAncestor(commit.Sha, r.Value))).Select(r => r.Key["refs/heads/".Length..]);

    private static Answer Diffs(RestCall call, Commit commit)
    {
        using TreeChanges changes = call.Project.Git.Changes(commit.Parents.FirstOrDefault()?.Tree, commit.Tree);
        return call.Page(changes.ToList(), Diff);
    }

    private static Answer Create(RestCall call)
    {
        GitStore git = call.Project.Git;
        string branch = call.Text("branch") ?? "";
        string? head = git.Head(branch);
        if (!GitStore.Valid("refs/heads/" + branch))
        {
            return Refusal.Error(400, $"You can only create or edit files when you are on a branch");
        }

        if (Forbids(call, branch) is { } why)
        {
            return why;
        }

        string? start = call.Text("start_sha") ?? call.Text("start_branch");
        if (start is not null && head is not null && !call.Flag("force"))
        {
            return Refusal.Error(400, $"A branch called '{branch}' already exists. Switch to that branch in order to make changes");
        }

        Commit? parent = start is not null ? RepositoryRoutes.Resolve(call.Project, start) : git.Commit(head ?? "");
        if (parent is null && (start is not null || git.Refs().Count > 0))
        {
            return Refusal.Error(400, start is null ? "You can only create or edit files when you are on a branch" : $"Cannot find start_branch or start_sha '{start}'");
        }

        string message = call.Text("commit_message") ?? "";
        if (call.Project.PushRule is { CommitMessage: { Length: > 0 } pattern } && !Regex.IsMatch(message, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
        {
            return Refusal.Error(400, $"Commit message does not follow the pattern '{pattern}'");
        }

        TreeDefinition tree = parent is null ? new TreeDefinition() : TreeDefinition.From(parent.Tree);
        foreach (JsonObject action in call.Body["actions"]!.AsArray().OfType<JsonObject>())
        {
            if (Act(call.Project, tree, parent, action) is { } wrong)
            {
                return Refusal.Error(400, wrong);
            }
        }

        string email = $"{call.Actor.Id}-{call.Actor.Username}@users.noreply.gitlab.localhost";
        Signature committer = new(Shapes.Name(call.Actor), email, call.World.Now);
        Signature author = new(call.Text("author_name") ?? committer.Name, call.Text("author_email") ?? email, call.World.Now);
        Commit commit = git.Objects.CreateCommit(author, committer, message, git.Objects.CreateTree(tree), parent is null ? [] : [parent], prettifyMessage: false);
        call.World.SetRef(call.Project, "refs/heads/" + branch, commit.Sha, call.Actor);
        return Answer.Created(Detail(call, commit));
    }

    /// <summary>Does one action; what is wrong with it, or null.</summary>
    private static string? Act(Project project, TreeDefinition tree, Commit? parent, JsonObject action)
    {
        string kind = action["action"]!.ToString();
        string path = action["file_path"]!.ToString();
        if (path.Length == 0 || path.StartsWith('/') || path.Split('/').Any(p => p is "" or "." or ".." || p.Equals(".git", StringComparison.OrdinalIgnoreCase)))
        {
            return "Path cannot include directory traversal";
        }

        if (project.PushRule is { File: { Length: > 0 } pattern } && Regex.IsMatch(path, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
        {
            return $"File name {path} was prohibited by the pattern \"{pattern}\".";
        }

        string from = kind == "move" ? action["previous_path"]?.ToString() ?? "" : path;
        TreeEntryDefinition? there = tree[from];
        if (kind == "create" ? tree[path] is not null : there is null)
        {
            return kind == "create" ? "A file with this name already exists" : "A file with this name doesn't exist";
        }

        if (kind != "create" && parent is not null && action["last_commit_id"]?.ToString() is { Length: > 0 } last && project.Git.LastCommit(parent.Sha, from) != last)
        {
            return $"The file has changed since you started editing it: {path}";
        }

        Mode mode = action["execute_filemode"]?.GetValue<bool>() is { } executable ? (executable ? Mode.ExecutableFile : Mode.NonExecutableFile) : there?.Mode ?? Mode.NonExecutableFile;
        if (kind is "delete" or "move")
        {
            tree.Remove(from);
        }

        if (action["content"] is { } content && kind is "create" or "update" or "move")
        {
            byte[] bytes;
            try
            {
                bytes = action["encoding"]?.ToString() == "base64" ? Convert.FromBase64String(action["content"]!.ToString()) : Encoding.UTF8.GetBytes(action["content"]?.ToString() ?? "");
            }
            catch (FormatException)
            {
                return $"invalid base64: {path}";
            }

            using MemoryStream stream = new(bytes);
            tree.Add(path, project.Git.Objects.CreateBlob(stream), mode);
        }
        else if (kind is "chmod" or "move" or "create")
        {
            using MemoryStream nothing = new();
            tree.Add(path, kind == "create" ? project.Git.Objects.CreateBlob(nothing) : project.Git.Object(there!.TargetId.Sha) as Blob, mode);
        }

        return null;
    }

    private static Answer Statuses(RestCall call, Commit commit) => call.Page(
        call.Project.Statuses.Where(s => s.Sha == commit.Sha && (call.Asked("name") is not { } name || s.Name == name) && (call.Asked("ref") is not { } branch || s.Ref == branch)),
        call.Shapes.Status);

    private static Answer SetStatus(RestCall call, Commit commit)
    {
        string name = call.Text("name") ?? call.Text("context") ?? "default";
        string state = call.Text("state") ?? "";
        string branch = call.Text("ref") ?? Holding(call.Project, commit).FirstOrDefault() ?? "";
        if (branch.Length == 0)
        {
            return Refusal.NotFound("References for commit");
        }

        if (name.Length > 255 || call.Text("description") is { Length: > 255 })
        {
            return Refusal.Invalid(name.Length > 255 ? "name" : "description", "is too long (maximum is 255 characters)");
        }

        CommitStatus? there = call.Project.Statuses.Find(s => s.Sha == commit.Sha && s.Ref == branch && s.Name == name);
        if (there is not null && there.State == state && state is "running" or "pending")
        {
            return Refusal.Error(400, $"Cannot transition status via :{(state == "running" ? "run" : "enqueue")} from :{state} (Reason(s): Status cannot transition via \"{(state == "running" ? "run" : "enqueue")}\")");
        }

        return Answer.Created(call.Shapes.Status(call.World.SetStatus(call.Project, commit.Sha, branch, name, state, call.Text("description"), call.Text("target_url"), call.Actor)));
    }
}
