using AgentWorkflow.Rig.GitHub.Rest;
using AgentWorkflow.Rig.GitHub.World;

using LibGit2Sharp;

namespace AgentWorkflow.Rig.GitHub.GraphQl;

/// <content>Refs, commits, trees and blobs.</content>
internal sealed partial class GraphNodes
{
    public GraphNode Ref(ForgeRepository repository, string name, string sha)
    {
        string[] parts = name.Split('/', 3);
        return new GraphNode("Ref")
        {
            ["id"] = _ => "REF_" + name,
            ["name"] = _ => parts[^1],
            ["prefix"] = _ => $"{parts[0]}/{parts[1]}/",
            ["repository"] = _ => Repository(repository),
            ["target"] = _ => Object(repository, sha),
            ["associatedPullRequests"] = a => Connection("PullRequestConnection", "PullRequestEdge", Filter(repository.Issues.Where(i => i.Pull is { } p && p.HeadRepository == repository && p.Head == parts[^1] && i.Seen()), a), Pull, a),
            ["branchProtectionRule"] = _ => null,
        };
    }

    public GraphNode Commit(ForgeRepository repository, Commit commit)
    {
        bool signed = repository.Signed.Contains(commit.Sha);
        return GitObject("Commit", repository, commit.Sha, new GraphNode("Commit")
        {
            ["message"] = _ => commit.Message,
            ["messageHeadline"] = _ => commit.MessageShort,
            ["messageBody"] = _ => commit.Message.Split("\n\n", 2) is [_, var rest] ? rest : "",
            ["tree"] = _ => Tree(repository, commit.Tree, ""),
            ["author"] = _ => Actor(commit.Author),
            ["committer"] = _ => Actor(commit.Committer),
            ["authoredDate"] = _ => Shapes.Stamp(commit.Author.When),
            ["committedDate"] = _ => Shapes.Stamp(commit.Committer.When),
            ["url"] = _ => $"{shapes.Web}/{repository.FullName}/commit/{commit.Sha}",
            ["committedViaWeb"] = _ => signed,
            ["signature"] = _ => signed ? new GraphNode("GpgSignature") { ["isValid"] = _ => true, ["state"] = _ => "VALID", ["wasSignedByGitHub"] = _ => true, ["verifiedAt"] = _ => Shapes.Stamp(commit.Committer.When), ["email"] = _ => "noreply@github.com", ["keyId"] = _ => "B5690EEEBB952194", ["signature"] = _ => "-----BEGIN PGP SIGNATURE-----", ["payload"] = _ => "", ["signer"] = _ => null } : null,
            ["parents"] = a => Connection("CommitConnection", "CommitEdge", commit.Parents, p => Commit(repository, p), a),
            ["history"] = a => Connection("CommitHistoryConnection", "CommitEdge", Line(commit).Where(c => a.Text("path") is not { } path || c[path]?.Target.Sha != c.Parents.FirstOrDefault()?[path]?.Target.Sha), c => Commit(repository, c), a),
            ["file"] = a => commit[a.Text("path") ?? ""] is { } entry ? Entry(repository, entry, a.Text("path") ?? "") : null,
            ["associatedPullRequests"] = a => Connection("PullRequestConnection", "PullRequestEdge", repository.Issues.Where(i => i.Pull?.HeadSha == commit.Sha && i.Seen()), Pull, a),
            ["status"] = _ => null,
            ["statusCheckRollup"] = _ => null,
        });
    }

    public GraphNode? Object(ForgeRepository repository, string expression)
    {
        string[] parts = expression.Split(':', 2);
        string start = parts[0].Length == 0 || parts[0] == "HEAD" ? repository.DefaultBranch : parts[0];
        GitObject? found = RepositoryRoutes.CommitOf(repository, start) ?? (start.Length == 40 ? repository.Git.Object(start) : null);
        if (parts.Length == 2)
        {
            string path = parts[1].Trim('/');
            Tree? tree = (found as Commit)?.Tree ?? found as Tree;
            return path.Length == 0 ? tree is null ? null : Tree(repository, tree, "") : tree?[path]?.Target switch { Tree t => Tree(repository, t, path + "/"), Blob b => Blob(repository, b), _ => null };
        }

        return found switch { Commit c => Commit(repository, c), Tree t => Tree(repository, t, ""), Blob b => Blob(repository, b), _ => null };
    }

    private static IEnumerable<Commit> Line(Commit start)
    {
        for (Commit? at = start; at is not null; at = at.Parents.FirstOrDefault())
        {
            yield return at;
        }
    }

    private GraphNode? FindRef(ForgeRepository repository, string name)
    {
        string full = name.StartsWith("refs/", StringComparison.Ordinal) ? name : "refs/heads/" + name;
        return repository.Git.Read(full) is { } sha ? Ref(repository, full, sha) : null;
    }

    private static IEnumerable<KeyValuePair<string, string>> Refs(ForgeRepository repository, FieldArguments arguments) =>
        repository.Git.Refs().Where(r => r.Key.StartsWith(arguments.Text("refPrefix") ?? "refs/heads/", StringComparison.Ordinal) && r.Key.Contains(arguments.Text("query") ?? "", StringComparison.Ordinal)).OrderBy(r => r.Key, StringComparer.Ordinal);

    private GraphNode GitObject(string type, ForgeRepository repository, string sha, GraphNode node)
    {
        node["id"] = _ => $"{type[0]}_{sha}";
        node["oid"] = _ => sha;
        node["abbreviatedOid"] = _ => sha[..7];
        node["repository"] = _ => Repository(repository);
        node["commitUrl"] = _ => $"{shapes.Web}/{repository.FullName}/commit/{sha}";
        return node;
    }

    private GraphNode Actor(Signature who) => new("GitActor") { ["name"] = _ => who.Name, ["email"] = _ => who.Email, ["date"] = _ => Shapes.Stamp(who.When), ["user"] = _ => world.Accounts.TryGetValue(who.Name, out Account? account) && account.Type == "User" ? User(account) : null };

    private GraphNode Tree(ForgeRepository repository, Tree tree, string prefix) => GitObject("Tree", repository, tree.Sha, new GraphNode("Tree")
    {
        ["entries"] = _ => tree.Select(e => Entry(repository, e, prefix + e.Name)).ToList(),
    });

    private GraphNode Blob(ForgeRepository repository, Blob blob) => GitObject("Blob", repository, blob.Sha, new GraphNode("Blob")
    {
        ["byteSize"] = _ => blob.Size,
        ["isBinary"] = _ => blob.IsBinary,
        ["isTruncated"] = _ => blob.Size > 512_000,
        ["text"] = _ => blob.IsBinary ? null : blob.GetContentText() is { Length: > 512_000 } text ? text[..512_000] : blob.GetContentText(),
    });

    private GraphNode Entry(ForgeRepository repository, TreeEntry entry, string path) => new("TreeEntry")
    {
        ["name"] = _ => entry.Name,
        ["path"] = _ => path,
        ["oid"] = _ => entry.Target.Sha,
        ["mode"] = _ => (int)entry.Mode,
        ["type"] = _ => entry.TargetType switch { TreeEntryTargetType.Tree => "tree", TreeEntryTargetType.GitLink => "commit", _ => "blob" },
        ["size"] = _ => entry.Target is Blob b ? (int)b.Size : 0,
        ["isGenerated"] = _ => false,
        ["extension"] = _ => System.IO.Path.GetExtension(entry.Name),
        ["repository"] = _ => Repository(repository),
        ["submodule"] = _ => null,
        ["object"] = _ => entry.Target switch { Tree t => Tree(repository, t, path + "/"), Blob b => Blob(repository, b), _ => null },
    };

    private static List<GraphNode> Templates(ForgeRepository repository)
    {
        Commit? head = RepositoryRoutes.CommitOf(repository, repository.DefaultBranch);
        return [.. new[] { ".github/pull_request_template.md", ".github/PULL_REQUEST_TEMPLATE.md", "pull_request_template.md", "PULL_REQUEST_TEMPLATE.md", "docs/pull_request_template.md" }.Where(p => head?[p]?.Target is Blob)
            .Select(p => new GraphNode("PullRequestTemplate") { ["filename"] = _ => p, ["body"] = _ => ((Blob)head![p].Target).GetContentText() })];
    }
}
