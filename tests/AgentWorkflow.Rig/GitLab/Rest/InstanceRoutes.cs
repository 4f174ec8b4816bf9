using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitLab.Rest;

/// <summary>The instance itself, users, groups.</summary>
internal static class InstanceRoutes
{
    private static readonly Need Anybody = new(0, "api", "read_api");
    private static readonly Need Self = new(0, "api", "read_api", "read_user");

    public static void Add(Action<string, Need, Func<RestCall, Answer>> add)
    {
        add("GET /version", Self, c => Answer.Ok(Version(c)));
        add("GET /metadata", Self, c => Answer.Ok(new JsonObject { ["version"] = c.World.Version, ["revision"] = "0000000", ["enterprise"] = true, ["kas"] = new JsonObject { ["enabled"] = false } }));
        add("GET /user", Self, c => Answer.Ok(c.Shapes.User(c.Actor)));
        add("GET /users", Self, c => c.Page(c.World.Accounts.Where(a => c.Asked("username") is not { } name || a.Username.Equals(name, StringComparison.OrdinalIgnoreCase)), c.Shapes.User));
        add("GET /users/{user_id}", Self, c => c.World.Accounts.Find(a => a.Id == c.Number("user_id")) is { } user ? Answer.Ok(c.Shapes.User(user)) : Refusal.NotFound("User"));
        add("GET /personal_access_tokens/self", new Need(0, "api", "read_api", "self_rotate", "read_user", "read_repository", "write_repository"), c => Answer.Ok(Token(c)));
        add("GET /groups", Anybody, c => c.Page(c.World.Groups.Where(g => g is { Deleted: false, Owner: null } && Sees(c, g)), c.Shapes.Group));
        add("POST /groups", new Need(0, "api"), CreateGroup);
        add("GET /groups/{group_id}", Anybody, c => With(c, c["group_id"], g => g.Owner is null ? Answer.Ok(c.Shapes.Group(g)) : Refusal.NotFound("Group")));
        add("GET /groups/{group_id}/projects", Anybody, c => With(c, c["group_id"], g => c.Page(c.World.Projects.Where(p => !p.Deleted && p.Namespace == g && GitLabWorld.Sees(c.Actor, p)), p => c.Shapes.Project(p, c.Actor))));
        add("GET /groups/{group_id}/members/all/{user_id}", Anybody, c => With(c, c["group_id"], g => Member(c, g)));
        add("GET /namespaces", Anybody, c => c.Page(c.World.Groups.Where(g => !g.Deleted && (g.Owner == c.Actor || g.Level(c.Actor) > 0) && g.FullPath.Contains(c.Asked("search") ?? "", StringComparison.OrdinalIgnoreCase)), c.Shapes.Namespace));
        add("GET /namespaces/{id}", Anybody, c => With(c, c["id"], g => Answer.Ok(c.Shapes.Namespace(g))));
        add("GET /namespaces/{namespace}/exists", Anybody, c => Answer.Ok(new JsonObject { ["exists"] = c.World.FindGroup(c["namespace"]) is not null, ["suggests"] = new JsonArray() }));
    }

    public static JsonObject Version(RestCall call) => new() { ["version"] = call.World.Version, ["revision"] = "0000000" };

    private static bool Sees(RestCall call, Group group) => group.Visibility != "private" || group.Level(call.Actor) > 0;

    private static Answer With(RestCall call, string name, Func<Group, Answer> serve)
    {
        Group? group = long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? call.World.Groups.Find(g => g.Id == id && !g.Deleted) : call.World.FindGroup(name);
        return group is not null && Sees(call, group) ? serve(group) : Refusal.NotFound("Group");
    }

    private static Answer Member(RestCall call, Group group)
    {
        Account? user = call.World.Accounts.Find(a => a.Id == call.Number("user_id"));
        return user is not null && group.Level(user) is > 0 and var level ? Answer.Ok(call.Shapes.Member(user, level, user.CreatedAt)) : Refusal.NotFound("");
    }

    private static JsonObject Token(RestCall call)
    {
        AccessToken token = call.Caller.Token!;
        return new JsonObject
        {
            ["id"] = token.Id,
            ["name"] = "bot",
            ["revoked"] = token.Revoked,
            ["created_at"] = Shapes.Stamp(token.CreatedAt),
            ["description"] = "",
            ["scopes"] = new JsonArray([.. token.Scopes.Order(StringComparer.Ordinal).Select(s => (JsonNode?)s)]),
            ["user_id"] = token.User.Id,
            ["last_used_at"] = Shapes.Stamp(call.World.Now),
            ["active"] = true,
            ["expires_at"] = token.ExpiresAt?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["last_used_ips"] = new JsonArray("127.0.0.1"),
        };
    }

    private static Answer CreateGroup(RestCall call)
    {
        Group? parent = call.Long("parent_id") is { } id ? call.World.Groups.Find(g => g.Id == id) : null;
        string path = call.Text("path") ?? "";
        if ((parent?.Level(call.Actor) ?? 0) < 40)
        {
            return Refusal.Forbidden();
        }

        if (call.World.FindGroup($"{parent!.FullPath}/{path}") is not null)
        {
            return Refusal.Error(400, "Failed to save group {:path=>[\"has already been taken\"]}");
        }

        Group group = call.World.Group($"{parent.FullPath}/{path}");
        group.Visibility = call.Text("visibility") ?? "private";
        call.World.Journal.Effect("group", group.FullPath, group.FullPath, "", call.Actor.Username);
        return Answer.Created(call.Shapes.Group(group));
    }
}
