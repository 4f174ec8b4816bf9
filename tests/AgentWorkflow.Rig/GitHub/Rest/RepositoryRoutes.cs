using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Serving;

using LibGit2Sharp;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>Repositories, their people, branches, rules, contents and archives.</summary>
internal static class RepositoryRoutes
{
    private static readonly string[] Ranks = ["none", "read", "triage", "write", "maintain", "admin"];

    public static void Add(RouteTable routes)
    {
        routes.Add("GET /repos/{owner}/{repo}", "metadata:read", Get);
        routes.Add("GET /repos/{owner}/{repo}/languages", "metadata:read", c => Answer.Ok(new JsonObject(c.Repository.Languages.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)))));
        routes.Add("GET /repos/{owner}/{repo}/topics", "metadata:read", c => Answer.Ok(new JsonObject { ["names"] = Shapes.Texts(c.Repository.Topics) }));
        routes.Add("GET /repos/{owner}/{repo}/collaborators", "metadata:read", c => c.Page(c.Repository.People, p => Person(c, p.Key)));
        routes.Add("GET /repos/{owner}/{repo}/collaborators/{username}", "metadata:read", c => c.Repository.People.ContainsKey(c["username"]) ? Answer.NoContent : Refusal.NotFound);
        routes.Add("GET /repos/{owner}/{repo}/collaborators/{username}/permission", "metadata:read", Permission);
        routes.Add("GET /repos/{owner}/{repo}/branches", "contents:read", c => c.Page(Branches(c.Repository), b => Branch(c, b)));
        routes.Add("GET /repos/{owner}/{repo}/branches/{branch}", "contents:read", GetBranch);
        routes.Add("GET /repos/{owner}/{repo}/contents/{path}", "contents:read", Contents);
        routes.Add("GET /repos/{owner}/{repo}/readme", "contents:read", c => FileAt(c, "README.md"));
        routes.Add("GET /repos/{owner}/{repo}/tarball/{ref}", "contents:read", c => Archive(c, "legacy.tar.gz"));
        routes.Add("GET /repos/{owner}/{repo}/zipball/{ref}", "contents:read", c => Archive(c, "legacy.zip"));
    }

    private static Answer Get(RestCall call)
    {
        JsonObject shape = call.Shapes.Repository(call.Repository);
        if (call.Caller.Token is not null)
        {
            shape["permissions"] = new JsonObject { ["admin"] = false, ["maintain"] = false, ["push"] = call.Caller.Has("contents:write"), ["triage"] = false, ["pull"] = true };
        }

        return Answer.Ok(shape);
    }

    private static Answer Permission(RestCall call)
    {
        if (!call.World.Accounts.TryGetValue(call["username"], out Account? account))
        {
            return Refusal.Error(404, $"{call["username"]} is not a user");
        }

        Grant grant = GrantOf(call.Repository, account);
        string legacy = grant.Permission switch { "maintain" => "write", "triage" => "read", _ => grant.Permission };
        return Answer.Ok(new JsonObject { ["permission"] = legacy, ["role_name"] = grant.RoleName, ["user"] = Person(call, account.Login) });
    }

    private static JsonObject Person(RestCall call, string login)
    {
        Account account = call.World.Person(login);
        Grant grant = GrantOf(call.Repository, account);
        int rank = Array.IndexOf(Ranks, grant.Permission);
        JsonObject user = call.Shapes.User(account);
        user["role_name"] = grant.RoleName;
        user["permissions"] = new JsonObject { ["admin"] = rank >= 5, ["maintain"] = rank >= 4, ["push"] = rank >= 3, ["triage"] = rank >= 2, ["pull"] = rank >= 1 };
        return user;
    }

    private static Grant GrantOf(ForgeRepository repository, Account account) =>
        repository.People.TryGetValue(account.Login, out Grant? grant) ? grant
            : repository.Owner == account ? new Grant("admin", "admin")
            : repository.Private ? new Grant("none", "") : new Grant("read", "read");

    private static IEnumerable<string> Branches(ForgeRepository repository) =>
        repository.Git.Refs().Keys.Where(r => r.StartsWith("refs/heads/", StringComparison.Ordinal)).Select(r => r["refs/heads/".Length..]).Order(StringComparer.Ordinal);

    private static bool Protected(RestCall call, string branch) => call.Repository.Rules.Any(r => r.Covers(branch));

    private static JsonObject Branch(RestCall call, string branch)
    {
        string sha = call.Repository.Git.Head(branch) ?? "";
        return new JsonObject { ["name"] = branch, ["protected"] = Protected(call, branch), ["commit"] = new JsonObject { ["sha"] = sha, ["url"] = $"{call.Shapes.Api}/repos/{call.Repository.FullName}/commits/{sha}" } };
    }

    private static Answer GetBranch(RestCall call)
    {
        if (call.Repository.Git.Read("refs/heads/" + call["branch"]) is not { } sha || call.Repository.Git.Commit(sha) is not { } commit)
        {
            return Refusal.Error(404, "Branch not found");
        }

        string url = $"{call.Shapes.Api}/repos/{call.Repository.FullName}/branches/{call["branch"]}";
        JsonObject shape = Branch(call, call["branch"]);
        shape["commit"] = call.Shapes.Commit(call.Repository, commit);
        shape["_links"] = new JsonObject { ["self"] = url, ["html"] = $"{call.Shapes.Web}/{call.Repository.FullName}/tree/{call["branch"]}" };
        shape["protection_url"] = url + "/protection";
        return Answer.Ok(shape);
    }

    private static string Reference(RestCall call) => call.Query.TryGetValue("ref", out Microsoft.Extensions.Primitives.StringValues wanted) && wanted.ToString().Length > 0 ? wanted.ToString() : call.Repository.DefaultBranch;

    private static Answer Contents(RestCall call)
    {
        string path = call["path"].Trim('/');
        if (path.Length == 0)
        {
            return CommitOf(call.Repository, Reference(call)) is { } root ? Answer.Ok(Listing(call, root.Tree, "")) : Refusal.NotFound;
        }

        return FileAt(call, path);
    }

    private static Answer FileAt(RestCall call, string path)
    {
        if (CommitOf(call.Repository, Reference(call)) is not { } commit || commit[path] is not { } entry)
        {
            return Refusal.NotFound;
        }

        if (entry.Target is Tree folder)
        {
            return Answer.Ok(Listing(call, folder, path + "/"));
        }

        JsonObject file = Entry(call, entry, path);
        if (entry.Target is Blob blob)
        {
            using Stream content = blob.GetContentStream();
            using MemoryStream bytes = new();
            content.CopyTo(bytes);
            if (call.Raw)
            {
                return new Answer(200) { Raw = bytes.ToArray() };
            }

            bool large = bytes.Length > 1_048_576;
            file["encoding"] = large ? "none" : "base64";
            file["content"] = large ? "" : Lines(Convert.ToBase64String(bytes.ToArray()));
        }

        return Answer.Ok(file);
    }

    private static JsonArray Listing(RestCall call, Tree tree, string prefix) => new([.. tree.Select(e => Entry(call, e, prefix + e.Name))]);

    private static JsonObject Entry(RestCall call, TreeEntry entry, string path)
    {
        string at = $"{call.Repository.FullName}/contents/{path}";
        string kind = entry.TargetType switch { TreeEntryTargetType.Tree => "dir", TreeEntryTargetType.GitLink => "submodule", _ => entry.Mode == Mode.SymbolicLink ? "symlink" : "file" };
        string url = $"{call.Shapes.Api}/repos/{at}?ref={Uri.EscapeDataString(Reference(call))}";
        return new JsonObject
        {
            ["name"] = entry.Name,
            ["path"] = path,
            ["sha"] = entry.Target.Sha,
            ["size"] = entry.Target is Blob blob ? blob.Size : 0,
            ["type"] = kind,
            ["url"] = url,
            ["git_url"] = url,
            ["html_url"] = $"{call.Shapes.Web}/{at}",
            ["download_url"] = kind == "dir" ? null : $"{call.Shapes.Web}/raw/{at}",
            ["_links"] = new JsonObject { ["self"] = url, ["git"] = url, ["html"] = url },
        };
    }

    // GitHub breaks base64 after 60 characters.
    internal static string Lines(string base64) => string.Concat(base64.Chunk(60).Select(c => new string(c) + "\n"));

    internal static Commit? CommitOf(ForgeRepository repository, string reference)
    {
        string? sha = repository.Git.Truth("refs/heads/" + reference) ?? repository.Git.Truth("refs/tags/" + reference) ?? repository.Git.Truth(reference) ?? reference;
        return repository.Git.Commit(sha);
    }

    private static Answer Archive(RestCall call, string kind)
    {
        if (CommitOf(call.Repository, call["ref"]) is not { } commit)
        {
            return Refusal.NotFound;
        }

        return new Answer(302) { Headers = { ["Location"] = $"{call.Shapes.Web}/_codeload/{call.Repository.FullName}/{kind}/{commit.Sha}?token={call.World.ArchiveTicket()}" } };
    }
}
