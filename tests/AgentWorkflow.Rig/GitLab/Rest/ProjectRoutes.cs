using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Serving;

using Group = AgentWorkflow.Rig.GitLab.World.Group;

namespace AgentWorkflow.Rig.GitLab.Rest;

/// <summary>Projects and their members.</summary>
internal static partial class ProjectRoutes
{
    public static void Add(Action<string, Need, Func<RestCall, Answer>> add)
    {
        add("GET /projects", new Need(0, "api", "read_api"), List);
        add("POST /projects", new Need(0, "api"), Create);
        add("GET /projects/{id}", Need.Read, c => Answer.Ok(c.Shapes.Project(c.Project, c.Caller.Token?.User)));
        add("PUT /projects/{id}", Need.Maintain with { Archived = true }, Edit);
        add("DELETE /projects/{id}", new Need(50, "api") { Archived = true }, Delete);
        add("GET /projects/{id}/languages", Need.ReadCode, _ => Answer.Ok(new JsonObject()));
        add("GET /projects/{id}/members", Need.Read, c => c.Page(c.World.Accounts.Where(a => c.Project.Members.ContainsKey(a.Id)), a => c.Shapes.Member(a, c.Project.Members[a.Id], a.CreatedAt)));
        add("POST /projects/{id}/members", Need.Maintain, AddMember);
        add("GET /projects/{id}/members/all", Need.Read, c => c.Page(c.World.Accounts.Where(a => Level(c.Project, a) > 0), a => c.Shapes.Member(a, Level(c.Project, a), a.CreatedAt)));
        add("GET /projects/{id}/members/{user_id}", Need.Read, c => Member(c, a => c.Project.Members.GetValueOrDefault(a.Id)));
        add("GET /projects/{id}/members/all/{user_id}", Need.Read, c => Member(c, a => Level(c.Project, a)));
        add("GET /projects/{id}/push_rule", Need.ReadAsMaintainer, c => c.Project.PushRule is { } rule
            ? Answer.Ok(new JsonObject { ["id"] = c.Project.Id, ["project_id"] = c.Project.Id, ["commit_message_regex"] = rule.CommitMessage, ["branch_name_regex"] = rule.Branch, ["file_name_regex"] = rule.File, ["max_file_size"] = 0 })
            : Refusal.NotFound("Push Rule"));
        add("GET /projects/{id}/protected_branches", new Need(30, "api", "read_api"), c => c.Page(c.Project.Protected, Rule));
        add("GET /projects/{id}/protected_branches/{name}", new Need(30, "api", "read_api"), c => c.Project.Protected.Find(p => p.Name == c["name"]) is { } rule ? Answer.Ok(Rule(rule)) : Refusal.NotFound(""));
        add("POST /projects/{id}/protected_branches", Need.Maintain, Protect);
        add("DELETE /projects/{id}/protected_branches/{name}", Need.Maintain, c => c.Project.Protected.RemoveAll(p => p.Name == c["name"]) > 0 ? Answer.NoContent : Refusal.NotFound(""));
    }

    // A member of the instance's staff is not listed: only roles in the project or above are.
    private static int Level(Project project, Account user) => Math.Max(project.Members.GetValueOrDefault(user.Id), project.Namespace.Level(user));

    private static Answer Member(RestCall call, Func<Account, int> level) =>
        call.World.Accounts.Find(a => a.Id == call.Number("user_id")) is { } user && level(user) is > 0 and var there ? Answer.Ok(call.Shapes.Member(user, there, user.CreatedAt)) : Refusal.NotFound("");

    private static Answer List(RestCall call)
    {
        int level = call.Ask("min_access_level", 0);
        bool member = call.Yes("membership") || level > 0;
        IEnumerable<Project> projects = call.World.Projects.Where(p => !p.Deleted && GitLabWorld.Sees(call.Actor, p) && (!member || p.Level(call.Actor) >= Math.Max(level, 1)))
            .Where(p => call.Asked("search") is not { } text || p.Path.Contains(text, StringComparison.OrdinalIgnoreCase))
            .Where(p => call.Asked("archived") is null || p.Archived == call.Yes("archived"));
        return call.Page(call.Asked("sort") == "asc" ? projects.OrderBy(p => p.Id) : projects.OrderByDescending(p => p.Id), p => call.Shapes.Project(p, call.Actor));
    }

    private static Answer Create(RestCall call)
    {
        string path = call.Text("path") ?? call.Text("name") ?? "";
        Group? group = call.Long("namespace_id") is { } id ? call.World.Groups.Find(g => g.Id == id && !g.Deleted) : call.World.Groups.Find(g => g.Owner == call.Actor);
        if (path.Length == 0)
        {
            return Refusal.Parameter("name, path are missing, at least one parameter must be provided");
        }

        if (group is null || group.Level(call.Actor) < 30)
        {
            return group is null ? Refusal.NotFound("Namespace") : Refusal.Forbidden();
        }

        if (!Path().IsMatch(path) || path.EndsWith(".git", StringComparison.Ordinal) || path.EndsWith(".atom", StringComparison.Ordinal) || path is "-" or "badges" or "blob" or "tree" or "wikis" or "new" or "edit" or "create" or "raw" or "commits")
        {
            return Refusal.Invalid("path", "can only include non-accented letters, digits, '_', '-' and '.'. It must not start with '-', '_', or '.', nor end with '-', '_', '.', '.git', or '.atom'.");
        }

        if (call.World.FindProject($"{group.FullPath}/{path}") is not null)
        {
            return new Answer(400, new JsonObject { ["message"] = new JsonObject { ["project_namespace.name"] = new JsonArray("has already been taken"), ["name"] = new JsonArray("has already been taken"), ["path"] = new JsonArray("has already been taken") } });
        }

        Project project = call.World.AddProject(group, path, call.Text("visibility") ?? "private");
        project.Description = call.Text("description");
        project.DefaultBranch = call.Text("default_branch") ?? "main";
        project.Topics.AddRange(call.Texts("topics") ?? []);
        project.Members[call.Actor.Id] = Math.Max(40, group.Level(call.Actor));
        call.World.Effect("repository", project, project.FullPath, $"{project.Visibility} {project.Description}".TrimEnd(), call.Actor);
        if (call.Flag("initialize_with_readme"))
        {
            project.Git.CommitFiles(project.DefaultBranch, [KeyValuePair.Create("README.md", (string?)$"# {path}\n")], "Initial commit", call.Actor.Username, call.World.Now);
        }

        return Answer.Created(call.Shapes.Project(project, null));
    }

    private static Answer Edit(RestCall call)
    {
        if (call.Text("default_branch") is { } branch && call.Project.Git.Refs().Count > 0 && call.Project.Git.Head(branch) is null)
        {
            return Refusal.Invalid("base", $"Could not set the default branch. Do you have a branch named '{branch}' in your repository?");
        }

        call.Project.DefaultBranch = call.Text("default_branch") ?? call.Project.DefaultBranch;
        call.Project.Description = call.Text("description") ?? call.Project.Description;
        call.Project.Visibility = call.Text("visibility") ?? call.Project.Visibility;
        if (call.Texts("topics") is { } topics)
        {
            call.Project.Topics.Clear();
            call.Project.Topics.AddRange(topics);
        }

        call.World.Effect("repository-edit", call.Project, call.Project.FullPath, $"{call.Project.Visibility} {call.Project.DefaultBranch} {string.Join(' ', call.Project.Topics)} {call.Project.Description}".TrimEnd(), call.Actor);
        return Answer.Ok(call.Shapes.Project(call.Project, null));
    }

    private static Answer Delete(RestCall call)
    {
        call.Project.Deleted = true;
        call.World.Effect("repository-delete", call.Project, call.Project.FullPath, "", call.Actor);
        return Refusal.Error(202, "202 Accepted");
    }

    private static Answer AddMember(RestCall call)
    {
        long id = call.Long("user_id") ?? -1;
        if (call.World.Accounts.Find(a => a.Id == id) is not { } user)
        {
            return Refusal.NotFound("User");
        }

        int level = (int)(call.Long("access_level") ?? 0);
        if (!call.Project.Members.TryAdd(id, level))
        {
            return Refusal.Error(409, "Member already exists");
        }

        call.World.Effect("member", call.Project, user.Username, $"{level}", call.Actor);
        return Answer.Created(call.Shapes.Member(user, level, call.World.Now));
    }

    private static Answer Protect(RestCall call)
    {
        string name = call.Text("name") ?? "";
        if (call.Project.Protected.Exists(p => p.Name == name))
        {
            return Refusal.Error(409, $"Protected branch '{name}' already exists");
        }

        call.World.Protect(call.Project.FullPath, name, (int)(call.Long("push_access_level") ?? 40), (int)(call.Long("merge_access_level") ?? 40));
        call.World.Effect("protection", call.Project, name, "", call.Actor);
        return Answer.Created(Rule(call.Project.Protected[^1]));
    }

    private static JsonObject Rule(ProtectedBranch rule)
    {
        static JsonArray Levels(long id, int level) => new(new JsonObject { ["id"] = id, ["access_level"] = level, ["access_level_description"] = level switch { 0 => "No one", 30 => "Developers + Maintainers", _ => "Maintainers" }, ["user_id"] = null, ["group_id"] = null });
        return new JsonObject { ["id"] = rule.Id, ["name"] = rule.Name, ["push_access_levels"] = Levels(rule.Id, rule.Push), ["merge_access_levels"] = Levels(rule.Id, rule.Merge), ["allow_force_push"] = false, ["unprotect_access_levels"] = new JsonArray(), ["code_owner_approval_required"] = false, ["inherited"] = false };
    }

    [GeneratedRegex(@"^[a-zA-Z0-9](?:[\w.-]*[a-zA-Z0-9])?$")]
    private static partial Regex Path();
}
