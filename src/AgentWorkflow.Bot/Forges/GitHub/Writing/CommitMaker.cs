using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Writing;

/// <summary>Makes a commit: in one mutation where that can say it, else object by object. GitHub signs both, since we name no author.</summary>
internal sealed class CommitMaker(GitHubHttp http, GitHubGraphQl graphQl, IContentStore contents)
{
    private const long MostInOne = 30L * 1024 * 1024;
    private const int MostOfATree = 15 * 1024 * 1024;

    private const string Mutation = """
        mutation($input: CreateCommitOnBranchInput!) {
          createCommitOnBranch(input: $input) { commit { oid tree { oid } signature { isValid } } }
        }
        """;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Makes it on the branch, if that is still at the planned parent.</summary>
    public Task<MadeCommit> MakeAsync(GitHubAccess access, RepoRef repository, CommitFiles effect, CommitPlan plan, CancellationToken cancellationToken) =>
        plan.ChangesModes || plan.Length > MostInOne
            ? ByObjectsAsync(access, repository, effect, plan, cancellationToken)
            : ByMutationAsync(access, repository, effect, plan, cancellationToken);

    private async Task<MadeCommit> ByMutationAsync(GitHubAccess access, RepoRef repository, CommitFiles effect, CommitPlan plan, CancellationToken cancellationToken)
    {
        string[] message = effect.Message.Split("\n\n", 2);
        CommitInput input = new(
            new CommitBranch(repository.ToString(), effect.Branch.Value),
            effect.Parent.Value,
            new CommitText(message[0], message.ElementAtOrDefault(1)?.TrimEnd('\n') ?? ""),
            new CommitChanges(
                [.. plan.Written.Select(w => new CommitAddition(w.Path.Value, CommitPlan.ContentOf(w.Entry, contents)))],
                [.. plan.Deleted.Select(d => new CommitDeletion(d.Path))]));
        GraphQlQuery query = new(Mutation, new GraphQlVariables { Input = input });
        CommitData data = await graphQl.SendAsync(access, query, GraphQlJson.Default.CommitData, isChange: true, What(repository, effect), cancellationToken);
        return data.CreateCommitOnBranch?.Commit ?? throw new ForgeException(ForgeFault.Ambiguous, $"AW3072: GitHub does not tell which commit it made on '{effect.Branch}' of {repository}.");
    }

    private async Task<MadeCommit> ByObjectsAsync(GitHubAccess access, RepoRef repository, CommitFiles effect, CommitPlan plan, CancellationToken cancellationToken)
    {
        string tree = plan.Before;
        foreach (JsonArray changes in await ChangesAsync(access, repository, plan, cancellationToken))
        {
            GitHubRequest request = GitHubRequest.Post($"repos/{repository}/git/trees", new TreeRequest(tree, changes), GitHubJson.Default.TreeRequest, What(repository, effect));
            tree = (await http.SendAsync(access, request, cancellationToken)).Read(GitHubJson.Default.TreeAnswer).Sha;
        }

        if (tree != plan.Tree)
        {
            throw new ForgeException(ForgeFault.Denied, $"AW3073: GitHub made another tree of the planned files for '{effect.Branch}' of {repository}; nothing was committed.");
        }

        CommitRequest wanted = new(effect.Message, tree, [effect.Parent.Value]);
        CommitAnswer commit = (await http.SendAsync(access, GitHubRequest.Post($"repos/{repository}/git/commits", wanted, GitHubJson.Default.CommitRequest, What(repository, effect)), cancellationToken))
            .Read(GitHubJson.Default.CommitAnswer);
        RefUpdate update = new(commit.Sha, Force: false);
        await http.SendAsync(access, GitHubRequest.Patch($"repos/{repository}/git/refs/heads/{effect.Branch}", update, GitHubJson.Default.RefUpdate, What(repository, effect)), cancellationToken);
        return new MadeCommit(commit.Sha, new OidNode(commit.Tree.Sha), new SignatureNode(commit.Verification?.Verified is true));
    }

    // Texts go along in the tree; only what is no UTF-8 needs a request of its own.
    private async Task<List<JsonArray>> ChangesAsync(GitHubAccess access, RepoRef repository, CommitPlan plan, CancellationToken cancellationToken)
    {
        List<JsonArray> all = [[]];
        long size = 0;
        foreach (PlannedFile file in plan.Written)
        {
            JsonObject change = new() { ["path"] = file.Path.Value, ["mode"] = file.Entry.Executable ? "100755" : "100644", ["type"] = "blob" };
            byte[] content = CommitPlan.ContentOf(file.Entry, contents);
            if (TextOf(content) is { } text)
            {
                change["content"] = text;
                size += content.Length;
            }
            else
            {
                BlobRequest blob = new(Convert.ToBase64String(content), "base64");
                GitHubRequest request = GitHubRequest.Post($"repos/{repository}/git/blobs", blob, GitHubJson.Default.BlobRequest, $"store '{file.Path}' in {repository}");
                change["sha"] = (await http.SendAsync(access, request, cancellationToken)).Read(GitHubJson.Default.BlobAnswer).Sha;
            }

            if (size > MostOfATree && all[^1].Count > 0)
            {
                all.Add([]);
                size = content.Length;
            }

            all[^1].Add(change);
        }

        foreach (TreeItem gone in plan.Deleted)
        {
            all[^1].Add(new JsonObject { ["path"] = gone.Path, ["mode"] = gone.Mode, ["type"] = "blob", ["sha"] = null });
        }

        return all;
    }

    private static string? TextOf(byte[] content)
    {
        try
        {
            return s_strict.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string What(RepoRef repository, CommitFiles effect) => $"commit on '{effect.Branch}' of {repository}";
}
