using System.Text.Json.Nodes;

using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Serving;

using LibGit2Sharp;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>Refs, commits, trees and blobs.</summary>
internal static class GitRoutes
{
    public static void Add(RouteTable routes)
    {
        routes.Add("GET /repos/{owner}/{repo}/git/ref/{ref}", "contents:read", c => c.Repository.Git.Read("refs/" + c["ref"]) is { } sha ? Answer.Ok(Ref(c, "refs/" + c["ref"], sha)) : Refusal.NotFound);
        routes.Add("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", "contents:read",
            c => c.Page(c.Repository.Git.Refs().Where(r => r.Key.StartsWith("refs/" + c["ref"], StringComparison.Ordinal)).OrderBy(r => r.Key, StringComparer.Ordinal), r => Ref(c, r.Key, r.Value)));
        routes.Add("POST /repos/{owner}/{repo}/git/refs", "contents:write", CreateRef);
        routes.Add("PATCH /repos/{owner}/{repo}/git/refs/{ref}", "contents:write", UpdateRef);
        routes.Add("DELETE /repos/{owner}/{repo}/git/refs/{ref}", "contents:write", DeleteRef);
        routes.Add("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", "contents:read", c => c.Repository.Git.Commit(c["commit_sha"]) is { } commit ? Answer.Ok(c.Shapes.GitCommit(c.Repository, commit)) : Refusal.NotFound);
        routes.Add("POST /repos/{owner}/{repo}/git/commits", "contents:write", CreateCommit);
        routes.Add("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", "contents:read", GetTree);
        routes.Add("POST /repos/{owner}/{repo}/git/trees", "contents:write", CreateTree);
        routes.Add("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", "contents:read", GetBlob);
        routes.Add("POST /repos/{owner}/{repo}/git/blobs", "contents:write", CreateBlob);
        routes.Add("GET /repos/{owner}/{repo}/commits/{ref}", "contents:read", c => RepositoryRoutes.CommitOf(c.Repository, c["ref"]) is { } commit ? Answer.Ok(c.Shapes.Commit(c.Repository, commit)) : Refusal.Error(422, $"No commit found for SHA: {c["ref"]}"));
        routes.Add("GET /repos/{owner}/{repo}/commits", "contents:read", Commits);
        routes.Add("GET /repos/{owner}/{repo}/compare/{basehead}", "contents:read", Compare);
    }

    /// <summary>Why a branch may not be set to a commit; null where it may.</summary>
    internal static string? Forbids(ForgeRepository repository, AccessToken token, string name, string? before, string after)
    {
        string branch = name.StartsWith("refs/heads/", StringComparison.Ordinal) ? name["refs/heads/".Length..] : name;
        if (RuleRoutes.Forbids(repository, branch, before, after) is { } why)
        {
            return $"Repository rule violations found\n\n{why}\n\n";
        }

        if (token.Has("workflows", "write") || repository.Git.Commit(after) is not { } commit)
        {
            return null;
        }

        Tree? old = (before is null ? repository.Git.Commit(repository.Git.Head(repository.DefaultBranch) ?? "") : repository.Git.Commit(before))?.Tree;
        using TreeChanges changes = repository.Git.Changes(old, commit.Tree);
        string? workflow = changes.Select(c => c.Path).FirstOrDefault(p => p.StartsWith(".github/workflows/", StringComparison.Ordinal));
        return workflow is null ? null : $"refusing to allow a GitHub App to create or update workflow `{workflow}` without `workflows` permission";
    }

    private static JsonObject Ref(RestCall call, string name, string sha) => new()
    {
        ["ref"] = name,
        ["node_id"] = "REF_" + name,
        ["url"] = $"{call.Shapes.Api}/repos/{call.Repository.FullName}/git/{name}",
        ["object"] = new JsonObject { ["sha"] = sha, ["type"] = "commit", ["url"] = $"{call.Shapes.Api}/repos/{call.Repository.FullName}/git/commits/{sha}" },
    };

    private static Answer CreateRef(RestCall call)
    {
        string name = call.Text("ref") ?? "";
        string sha = call.Text("sha") ?? "";
        if (!name.StartsWith("refs/", StringComparison.Ordinal) || name.Count(c => c == '/') < 2 || !Git.GitStore.Valid(name))
        {
            return Refusal.Error(422, $"{name} is not a valid ref name.");
        }

        if (call.Repository.Git.Commit(sha) is null)
        {
            return Refusal.Error(422, "Object does not exist");
        }

        if (call.Repository.Git.Truth(name) is not null)
        {
            return Refusal.Error(422, "Reference already exists");
        }

        if (call.Repository.Git.Refs().Keys.FirstOrDefault(r => r.StartsWith(name + "/", StringComparison.Ordinal) || name.StartsWith(r + "/", StringComparison.Ordinal)) is not null)
        {
            return Refusal.Error(422, "Reference cannot be created: a reference of that path exists");
        }

        if (Forbids(call.Repository, call.Caller.Token!, name, null, sha) is { } why)
        {
            return Refusal.Error(422, why);
        }

        call.World.SetRef(call.Repository, name, sha, call.Actor);
        return Answer.Created(Ref(call, name, sha));
    }

    private static Answer UpdateRef(RestCall call)
    {
        string name = "refs/" + call["ref"];
        string sha = call.Text("sha") ?? "";
        if (call.Repository.Git.Truth(name) is not { } before)
        {
            return Refusal.Error(422, "Reference does not exist");
        }

        if (call.Repository.Git.Commit(sha) is null)
        {
            return Refusal.Error(422, "Object does not exist");
        }

        bool force = call.Body["force"]?.GetValue<bool>() ?? false;
        if (!force && !call.Repository.Git.IsAncestor(before, sha))
        {
            return Refusal.Error(422, "Update is not a fast forward");
        }

        if (Forbids(call.Repository, call.Caller.Token!, name, before, sha) is { } why)
        {
            return Refusal.Error(422, why);
        }

        if (before != sha)
        {
            call.World.SetRef(call.Repository, name, sha, call.Actor);
        }

        return Answer.Ok(Ref(call, name, sha));
    }

    private static Answer DeleteRef(RestCall call)
    {
        if (call.Repository.Git.Truth("refs/" + call["ref"]) is null)
        {
            return Refusal.Error(422, "Reference does not exist");
        }

        call.World.SetRef(call.Repository, "refs/" + call["ref"], null, call.Actor);
        return Answer.NoContent;
    }

    private static Answer CreateCommit(RestCall call)
    {
        if (call.Repository.Git.Object(call.Text("tree") ?? "") is not Tree tree)
        {
            return Refusal.Error(422, "Tree SHA does not exist");
        }

        List<Commit?> parents = [.. call.Texts("parents").Select(call.Repository.Git.Commit)];
        if (parents.Contains(null))
        {
            return Refusal.Error(422, "Parent SHA does not exist or is not a commit object");
        }

        // GitHub signs what an app commits as itself; with an author of its own choice it does not.
        bool signs = !call.Body.ContainsKey("author") && !call.Body.ContainsKey("committer");
        Signature self = new(call.Actor.Login, $"{call.Actor.Id}+{call.Actor.Login}@users.noreply.github.com", call.World.Now);
        Signature author = Signature(call.Body["author"], self);
        Signature committer = signs ? new Signature("GitHub", "noreply@github.com", call.World.Now) : Signature(call.Body["committer"], author);
        Commit commit = call.Repository.Git.Objects.CreateCommit(author, committer, call.Text("message") ?? "", tree, parents.OfType<Commit>(), prettifyMessage: false);
        if (signs)
        {
            call.Repository.Signed.Add(commit.Sha);
        }

        return Answer.Created(call.Shapes.GitCommit(call.Repository, commit));
    }

    private static Signature Signature(JsonNode? who, Signature otherwise) => who is JsonObject o
        ? new Signature(o["name"]?.GetValue<string>() ?? otherwise.Name, o["email"]?.GetValue<string>() ?? otherwise.Email, DateTimeOffset.TryParse(o["date"]?.GetValue<string>(), out DateTimeOffset at) ? at : otherwise.When)
        : otherwise;

    private static Answer GetTree(RestCall call)
    {
        GitObject? found = RepositoryRoutes.CommitOf(call.Repository, call["tree_sha"])?.Tree ?? call.Repository.Git.Object(call["tree_sha"]);
        if (found is not Tree tree)
        {
            return Refusal.NotFound;
        }

        List<JsonObject> entries = [];
        bool truncated = !List(call, tree, "", call.Query.ContainsKey("recursive"), entries);
        return Answer.Ok(new JsonObject { ["sha"] = tree.Sha, ["url"] = $"{call.Shapes.Api}/repos/{call.Repository.FullName}/git/trees/{tree.Sha}", ["tree"] = new JsonArray([.. entries]), ["truncated"] = truncated });
    }

    private static bool List(RestCall call, Tree tree, string prefix, bool deep, List<JsonObject> entries)
    {
        foreach (TreeEntry entry in tree)
        {
            if (entries.Count >= call.Repository.TreeLimit)
            {
                return false;
            }

            string type = entry.TargetType switch { TreeEntryTargetType.Tree => "tree", TreeEntryTargetType.GitLink => "commit", _ => "blob" };
            JsonObject item = new() { ["path"] = prefix + entry.Name, ["mode"] = Convert.ToString((int)entry.Mode, 8).PadLeft(6, '0'), ["type"] = type, ["sha"] = entry.Target.Sha };
            if (entry.Target is Blob blob)
            {
                item["size"] = blob.Size;
            }

            if (type != "commit")
            {
                item["url"] = $"{call.Shapes.Api}/repos/{call.Repository.FullName}/git/{type}s/{entry.Target.Sha}";
            }

            entries.Add(item);
            if (deep && entry.Target is Tree folder && !List(call, folder, prefix + entry.Name + "/", deep, entries))
            {
                return false;
            }
        }

        return true;
    }

    private static Answer CreateTree(RestCall call)
    {
        TreeDefinition definition = new();
        if (call.Text("base_tree") is { } start)
        {
            if ((call.Repository.Git.Object(start) as Tree ?? call.Repository.Git.Commit(start)?.Tree) is not { } tree)
            {
                return Refusal.Error(422, "base_tree is not a valid tree oid");
            }

            definition = TreeDefinition.From(tree);
        }

        foreach (JsonObject entry in call.Body["tree"]!.AsArray().OfType<JsonObject>())
        {
            string path = entry["path"]?.GetValue<string>() ?? "";
            if (path.StartsWith(".github/workflows/", StringComparison.Ordinal) && !call.Caller.Has("workflows:write"))
            {
                return Refusal.Error(403, "Resource not accessible by integration");
            }

            if (Put(call, definition, path, entry) is { } wrong)
            {
                return Refusal.Error(422, wrong);
            }
        }

        Tree made = call.Repository.Git.Objects.CreateTree(definition);
        List<JsonObject> entries = [];
        List(call, made, "", deep: false, entries);
        return Answer.Created(new JsonObject { ["sha"] = made.Sha, ["url"] = $"{call.Shapes.Api}/repos/{call.Repository.FullName}/git/trees/{made.Sha}", ["tree"] = new JsonArray([.. entries]), ["truncated"] = false });
    }

    private static string? Put(RestCall call, TreeDefinition definition, string path, JsonObject entry)
    {
        if (path.Length == 0 || path.StartsWith('/') || path.Split('/').Any(p => p is "" or "." or ".." or ".git"))
        {
            return $"tree.path contains a malformed path component: {path}";
        }

        if (entry.ContainsKey("sha") && entry["sha"] is null)
        {
            definition.Remove(path);
            return null;
        }

        Mode mode = entry["mode"]?.GetValue<string>() switch { "100755" => Mode.ExecutableFile, "120000" => Mode.SymbolicLink, "160000" => Mode.GitLink, "040000" => Mode.Directory, _ => Mode.NonExecutableFile };
        if (entry["content"]?.GetValue<string>() is { } text)
        {
            using MemoryStream content = new(System.Text.Encoding.UTF8.GetBytes(text));
            definition.Add(path, call.Repository.Git.Objects.CreateBlob(content), mode);
            return null;
        }

        switch (call.Repository.Git.Object(entry["sha"]?.GetValue<string>() ?? ""))
        {
            case Blob blob:
                definition.Add(path, blob, mode);
                return null;
            case Tree tree:
                definition.Add(path, tree);
                return null;
            default:
                return $"tree.sha {entry["sha"]} is not a valid blob";
        }
    }

    private static Answer GetBlob(RestCall call)
    {
        if (call.Repository.Git.Object(call["file_sha"]) is not Blob blob)
        {
            return Refusal.NotFound;
        }

        using Stream content = blob.GetContentStream();
        using MemoryStream bytes = new();
        content.CopyTo(bytes);
        return call.Raw ? new Answer(200) { Raw = bytes.ToArray() } : Answer.Ok(new JsonObject { ["sha"] = blob.Sha, ["node_id"] = "B_" + blob.Sha, ["size"] = blob.Size, ["url"] = BlobUrl(call, blob), ["content"] = RepositoryRoutes.Lines(Convert.ToBase64String(bytes.ToArray())), ["encoding"] = "base64" });
    }

    private static Answer CreateBlob(RestCall call)
    {
        string text = call.Text("content") ?? "";
        byte[] bytes = call.Text("encoding") == "base64" ? Convert.FromBase64String(text) : System.Text.Encoding.UTF8.GetBytes(text);
        using MemoryStream content = new(bytes);
        Blob blob = call.Repository.Git.Objects.CreateBlob(content);
        return Answer.Created(new JsonObject { ["sha"] = blob.Sha, ["url"] = BlobUrl(call, blob) });
    }

    private static string BlobUrl(RestCall call, Blob blob) => $"{call.Shapes.Api}/repos/{call.Repository.FullName}/git/blobs/{blob.Sha}";

    private static Answer Compare(RestCall call)
    {
        string[] ends = call["basehead"].Split("...");
        if (ends.Length != 2 || RepositoryRoutes.CommitOf(call.Repository, ends[0]) is not { } from || RepositoryRoutes.CommitOf(call.Repository, ends[1]) is not { } to)
        {
            return Refusal.NotFound;
        }

        string api = $"{call.Shapes.Api}/repos/{call.Repository.FullName}", web = $"{call.Shapes.Web}/{call.Repository.FullName}";
        (Commit? start, IReadOnlyList<(string Path, string Status, string Sha)> files) = call.Repository.Git.Between(from, to);
        return Answer.Ok(new JsonObject
        {
            ["url"] = $"{api}/compare/{call["basehead"]}",
            ["html_url"] = $"{web}/compare/{call["basehead"]}",
            ["permalink_url"] = $"{web}/compare/{call["basehead"]}",
            ["diff_url"] = $"{web}/compare/{call["basehead"]}.diff",
            ["patch_url"] = $"{web}/compare/{call["basehead"]}.patch",
            ["base_commit"] = call.Shapes.Commit(call.Repository, from),
            ["merge_base_commit"] = call.Shapes.Commit(call.Repository, start ?? from),
            ["status"] = from.Sha == to.Sha ? "identical" : start?.Sha == from.Sha ? "ahead" : start?.Sha == to.Sha ? "behind" : "diverged",
            ["ahead_by"] = 1,
            ["behind_by"] = 0,
            ["total_commits"] = 1,
            ["commits"] = new JsonArray(call.Shapes.Commit(call.Repository, to)),
            ["files"] = new JsonArray([.. files.Select(f => new JsonObject
            {
                ["sha"] = f.Sha,
                ["filename"] = f.Path,
                ["status"] = f.Status,
                ["additions"] = 1,
                ["deletions"] = 0,
                ["changes"] = 1,
                ["blob_url"] = $"{web}/blob/{to.Sha}/{f.Path}",
                ["raw_url"] = $"{web}/raw/{to.Sha}/{f.Path}",
                ["contents_url"] = $"{api}/contents/{f.Path}?ref={to.Sha}",
            })]),
        });
    }

    private static Answer Commits(RestCall call)
    {
        string start = call.Query["sha"].ToString() is { Length: > 0 } wanted ? wanted : call.Repository.DefaultBranch;
        if (RepositoryRoutes.CommitOf(call.Repository, start) is not { } commit)
        {
            return Refusal.Error(409, "Git Repository is empty.");
        }

        List<Commit> line = [];
        for (Commit? at = commit; at is not null && line.Count < 1000; at = at.Parents.FirstOrDefault())
        {
            line.Add(at);
        }

        return call.Page(line, c => call.Shapes.Commit(call.Repository, c));
    }
}
