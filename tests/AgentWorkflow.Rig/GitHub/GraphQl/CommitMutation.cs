using AgentWorkflow.Rig.GitHub.Rest;
using AgentWorkflow.Rig.GitHub.World;

using LibGit2Sharp;

namespace AgentWorkflow.Rig.GitHub.GraphQl;

/// <summary><c>createCommitOnBranch</c>: one commit, signed by the forge, if the branch is where the caller thinks it is.</summary>
internal static class CommitMutation
{
    public static GraphNode Run(GitHubWorld world, Caller caller, GraphNodes nodes, IReadOnlyDictionary<string, object?> input)
    {
        (ForgeRepository repository, string branch) = Branch(world, Members(input, "branch"));
        if (Gatekeeper.Refuse(caller, "contents:write", repository, writes: true) is not null)
        {
            throw new GraphRefusal("FORBIDDEN", "Resource not accessible by integration");
        }

        string name = "refs/heads/" + branch;
        string? head = repository.Git.Truth(name);
        string expected = input["expectedHeadOid"]?.ToString() ?? "";
        if (head is null)
        {
            throw new GraphRefusal("NOT_FOUND", $"No such branch: {branch}");
        }

        if (head != expected)
        {
            throw new GraphRefusal("STALE_DATA", $"Expected branch to point to \"{expected}\" but it did not. Pull and try again.");
        }

        Commit parent = repository.Git.Commit(head) ?? throw new GraphRefusal("UNPROCESSABLE", "The branch has no commit.");
        Tree tree = repository.Git.Objects.CreateTree(Change(repository, parent, Members(input, "fileChanges")));
        IReadOnlyDictionary<string, object?> message = Members(input, "message");
        string text = message["headline"]?.ToString() + (message.GetValueOrDefault("body")?.ToString() is { Length: > 0 } body ? "\n\n" + body : "");
        Signature author = new(world.Bot.Login, $"{world.Bot.Id}+{world.Bot.Login}@users.noreply.github.com", world.Now);
        Commit commit = repository.Git.Objects.CreateCommit(author, new Signature("GitHub", "noreply@github.com", world.Now), text, tree, [parent], prettifyMessage: false);
        repository.Signed.Add(commit.Sha);
        if (GitRoutes.Forbids(repository, caller.Token!, name, head, commit.Sha) is { } why)
        {
            throw new GraphRefusal("UNPROCESSABLE", why);
        }

        world.SetRef(repository, name, commit.Sha, world.Bot);
        return new GraphNode("CreateCommitOnBranchPayload")
        {
            ["commit"] = _ => nodes.Commit(repository, commit),
            ["ref"] = _ => nodes.Ref(repository, name, commit.Sha),
            ["clientMutationId"] = _ => input.GetValueOrDefault("clientMutationId"),
        };
    }

    private static IReadOnlyDictionary<string, object?> Members(IReadOnlyDictionary<string, object?> input, string name) =>
        new FieldArguments(input).Members(name) ?? new Dictionary<string, object?>(StringComparer.Ordinal);

    private static (ForgeRepository Repository, string Branch) Branch(GitHubWorld world, IReadOnlyDictionary<string, object?> branch)
    {
        string? fullName = branch.GetValueOrDefault("repositoryNameWithOwner")?.ToString();
        string name = branch.GetValueOrDefault("branchName")?.ToString() ?? "";
        if (fullName is null || name.Length == 0)
        {
            throw new GraphRefusal("UNPROCESSABLE", "The branch must be named by repositoryNameWithOwner and branchName.");
        }

        ForgeRepository repository = world.Find(fullName) ?? throw new GraphRefusal("NOT_FOUND", $"Could not resolve to a Repository with the name '{fullName}'.");
        return (repository, name.StartsWith("refs/heads/", StringComparison.Ordinal) ? name["refs/heads/".Length..] : name);
    }

    private static TreeDefinition Change(ForgeRepository repository, Commit parent, IReadOnlyDictionary<string, object?> changes)
    {
        TreeDefinition tree = TreeDefinition.From(parent.Tree);
        foreach (string path in Each(changes, "deletions").Select(d => d["path"]?.ToString() ?? ""))
        {
            if (parent[path] is null)
            {
                throw new GraphRefusal("UNPROCESSABLE", $"A path was requested for deletion which does not exist as of commit oid `{parent.Sha}`: {path}");
            }

            tree.Remove(path);
        }

        foreach (IReadOnlyDictionary<string, object?> addition in Each(changes, "additions"))
        {
            string path = addition["path"]?.ToString() ?? "";
            if (path.Length == 0 || path.StartsWith('/') || path.Split('/').Any(p => p is "" or "." or ".." or ".git"))
            {
                throw new GraphRefusal("UNPROCESSABLE", $"The path is not valid: {path}");
            }

            using MemoryStream content = new(Bytes(addition["contents"]?.ToString() ?? "", path));
            // A file that is there keeps its mode; the mutation itself cannot say one.
            tree.Add(path, repository.Git.Objects.CreateBlob(content), parent[path]?.Mode is Mode.ExecutableFile ? Mode.ExecutableFile : Mode.NonExecutableFile);
        }

        return tree;
    }

    private static byte[] Bytes(string base64, string path)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            throw new GraphRefusal("UNPROCESSABLE", $"The contents of {path} are no base64.");
        }
    }

    private static IEnumerable<IReadOnlyDictionary<string, object?>> Each(IReadOnlyDictionary<string, object?> changes, string name) =>
        (changes.GetValueOrDefault(name) as System.Collections.IEnumerable ?? Array.Empty<object>()).Cast<object?>().Select(i => new FieldArguments(new Dictionary<string, object?>(StringComparer.Ordinal) { ["i"] = i }).Members("i")!);
}
