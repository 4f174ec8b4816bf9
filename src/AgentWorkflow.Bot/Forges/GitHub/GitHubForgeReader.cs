using System.Net;
using System.Text;

using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Forges.GitHub.Reading;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Forges.GitHub;

/// <summary>Answers from GitHub, with as few requests as it allows.</summary>
internal sealed class GitHubForgeReader(Installations installations, GitHubHttp http, GitHubGraphQl graphQl, TreeReader trees, RuleReader rules) : IForgeReader
{
    private const int MostWorkflow = 1024 * 1024;

    private const string WorkQuery = """
        query($owner: String!, $name: String!, $ref: String!, $branch: String!) {
          repository(owner: $owner, name: $name, followRenames: false) {
            ref(qualifiedName: $ref) { name target { oid ... on Commit { tree { oid } message } } }
            pullRequests(headRefName: $branch, first: 20, orderBy: { field: CREATED_AT, direction: DESC }) {
              nodes { number state isDraft headRefOid url isCrossRepository }
            }
          }
        }
        """;

    /// <inheritdoc/>
    public async Task<TriggerFacts?> ReadTriggerAsync(RepoRef repository, TriggerQuery query, CancellationToken cancellationToken)
    {
        GitHubAccess access;
        TriggerData data;
        try
        {
            access = await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken);
            data = await graphQl.SendAsync(access, TriggerQuestion.Of(repository, query.Issue), GraphQlJson.Default.TriggerData, isChange: false, $"read {repository}", cancellationToken);
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.NotFound)
        {
            return null;
        }

        if (data.Repository is not { } found || !RepoRef.TryParse(found.NameWithOwner, out RepoRef? name))
        {
            return null;
        }

        CommitId? head = CommitId.TryParse(found.DefaultBranchRef?.Target?.Oid, out CommitId? at) ? at : null;
        if (head is not null && found.DefaultBranchRef?.Target?.Tree is { Oid: var tree })
        {
            trees.Expect(name, head, tree);
        }

        List<CommentFacts> comments = [.. (found.Issue?.Comments?.Items ?? []).Select(TriggerQuestion.CommentOf).OrderBy(c => c.Id)];
        CommentFacts? asked = await CommentAsync(access, name, query, comments, cancellationToken);
        return new TriggerFacts(
            new RepositoryFacts(found.DatabaseId, name, found.DefaultBranchRef?.Name ?? "main", head, found.Url, found.IsArchived || found.IsDisabled)
            {
                Visibility = found.IsPrivate ? RepositoryVisibility.Private : RepositoryVisibility.Public,
                TakesCiFiles = TokenScopes.Holds(await installations.PermissionsAsync(repository, cancellationToken), "workflows", "write"),
            },
            TriggerQuestion.IssueOf(found),
            asked,
            [.. comments.Where(c => asked is null || c.CreatedAt < asked.CreatedAt || (c.CreatedAt == asked.CreatedAt && c.Id < asked.Id))],
            head is null ? [] : await WorkflowsAsync(access, name, found, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<RepositoryPermission> GetPermissionAsync(RepoRef repository, ActorId actor, CancellationToken cancellationToken)
    {
        GitHubAccess access;
        try
        {
            access = await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken);
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.NotFound)
        {
            return RepositoryPermission.None;
        }

        GitHubRequest request = GitHubRequest.Get(
            $"repos/{repository}/collaborators/{Uri.EscapeDataString(actor.Login)}/permission", $"ask for the rights of {actor.Login} on {repository}");
        PermissionAnswer answer = (await http.SendAsync(access, request, cancellationToken)).Read(GitHubJson.Default.PermissionAnswer);

        // A login may have changed hands since the event: only the number says who it was.
        return answer.User is null || answer.User.Id != actor.Id
            ? throw new ForgeException(ForgeFault.Denied, $"AW3060: The rights of {actor.Login} on {repository} cannot be told: the name belongs to another account now.")
            : People.IsBot(answer.User) ? RepositoryPermission.None : Permissions.Of(answer);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RepositoryFile>> ReadWorkflowFilesAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken);
        TriggerData data = await graphQl.SendAsync(
            access, TriggerQuestion.Of(repository, issue: null, commit), GraphQlJson.Default.TriggerData, isChange: false, $"read the workflows of {repository} at {commit.Short}", cancellationToken);
        return data.Repository is { } found
            ? await WorkflowsAsync(access, repository, found, cancellationToken)
            : throw new ForgeException(ForgeFault.NotFound, $"AW3042: GitHub does not have {repository}, or does not show it to the App.");
    }

    /// <inheritdoc/>
    public async Task<WorkspaceTree> ReadTreeAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) =>
        await trees.ReadAsync(await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken), repository, commit, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LeftAlone>> FindLeftAloneAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) =>
        (await trees.ListAsync(await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken), repository, commit, cancellationToken)).LeftAlone;

    /// <inheritdoc/>
    public async Task<BranchWork> FindWorkAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken)
    {
        GitHubAccess access = await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken);
        GraphQlQuery query = new(WorkQuery, new GraphQlVariables { Owner = repository.Owner, Name = repository.Name, Ref = $"refs/heads/{branch}", Branch = branch.Value });
        WorkData data = await graphQl.SendAsync(access, query, GraphQlJson.Default.WorkData, isChange: false, $"look for '{branch}' of {repository}", cancellationToken);
        WorkRepository found = data.Repository ?? throw new ForgeException(ForgeFault.NotFound, $"AW3042: GitHub does not have {repository}, or does not show it to the App.");
        BranchFacts? head = found.Ref?.Target is { Tree: { } tree } target
            ? new BranchFacts(branch, CommitId.Parse(target.Oid), CommitId.Parse(tree.Oid), RunTrailer.In(target.Message ?? ""))
            : null;

        // A fork may have a branch of the same name.
        PullNode? pull = (found.PullRequests?.Items ?? []).Where(p => !p.IsCrossRepository).MaxBy(p => p.Number);
        return new BranchWork(head, pull is null ? null : new PullRequestFacts(
            pull.Number, branch, pull.State switch { "OPEN" => "open", "MERGED" => "merged", _ => "closed" }, pull.IsDraft, CommitId.Parse(pull.HeadRefOid), pull.Url));
    }

    /// <inheritdoc/>
    public async Task<BranchRules> ReadRulesAsync(RepoRef repository, BranchName branch, bool isThere, CancellationToken cancellationToken) =>
        await rules.ReadAsync(await installations.OpenAsync(repository, TokenUse.Talk, cancellationToken), repository, branch, isThere, cancellationToken);

    private async Task<CommentFacts?> CommentAsync(GitHubAccess access, RepoRef repository, TriggerQuery query, List<CommentFacts> known, CancellationToken cancellationToken)
    {
        if (query.Comment is not { } id || query.Issue is not { } number)
        {
            return null;
        }

        if (query.Place is CommentPlace.Review)
        {
            GitHubRequest list = GitHubRequest.Get($"repos/{repository}/pulls/{number}/comments?sort=created&direction=desc&per_page=100", $"read the remarks on #{number} of {repository}");
            List<CommentAnswer> remarks = (await http.SendAsync(access, list, cancellationToken)).Read(GitHubJson.Default.ListCommentAnswer);
            return remarks.Where(r => r.Id == id).Select(Facts).FirstOrDefault();
        }

        if (known.FirstOrDefault(c => c.Id == id) is { } there || known.Count < 100)
        {
            return known.FirstOrDefault(c => c.Id == id);
        }

        GitHubRequest one = GitHubRequest.Get($"repos/{repository}/issues/comments/{id}", $"read a comment on #{number} of {repository}") with { Accepted = [HttpStatusCode.NotFound] };
        GitHubAnswer answer = await http.SendAsync(access, one, cancellationToken);
        CommentAnswer? old = answer.Status is HttpStatusCode.NotFound ? null : answer.Read(GitHubJson.Default.CommentAnswer);
        return old?.IssueUrl?.EndsWith($"/{number}", StringComparison.Ordinal) is true ? Facts(old) : null;
    }

    private async Task<IReadOnlyList<RepositoryFile>> WorkflowsAsync(GitHubAccess access, RepoRef repository, TriggerRepository found, CancellationToken cancellationToken)
    {
        List<RepositoryFile> files = [];
        foreach ((string name, EntryNode entry) in TriggerQuestion.EntriesOf(found))
        {
            bool isFile = Convert.ToString(entry.Mode, 8) is "100644" or "100755";
            if (isFile && entry.Object is { Oid: { } id } blob && WorkflowFolders.Hold(name) && RepoPath.TryParse(name, out RepoPath? path, out _))
            {
                files.Add(new RepositoryFile(path, await ContentAsync(access, repository, name, id, blob, cancellationToken)));
            }
        }

        return files;
    }

    // The text in a query is cut when long, and repaired where it is no UTF-8; the id tells whether it is what the file holds.
    private async Task<byte[]> ContentAsync(GitHubAccess access, RepoRef repository, string path, string id, BlobNode blob, CancellationToken cancellationToken)
    {
        if (blob is { Text: { } text, IsTruncated: false } && Encoding.UTF8.GetBytes(text) is var bytes && GitIds.Blob(bytes) == id)
        {
            return bytes;
        }

        if (blob.ByteSize > MostWorkflow)
        {
            return new byte[MostWorkflow + 1]; // Longer than any workflow may be: the parser says so.
        }

        GitHubRequest request = GitHubRequest.Get($"repos/{repository}/git/blobs/{id}", $"read '{path}' of {repository}");
        BlobAnswer answer = (await http.SendAsync(access, request, cancellationToken)).Read(GitHubJson.Default.BlobAnswer);
        byte[] content = new byte[(answer.Content?.Length ?? 0) + 4];
        return Convert.TryFromBase64String(answer.Content ?? "", content, out int length)
            ? content[..length]
            : throw new ForgeException(ForgeFault.Unavailable, $"AW3030: GitHub's answer cannot be read (to {request.What}).");
    }

    private static CommentFacts Facts(CommentAnswer comment) => new(
        comment.Id, People.Of(comment.User), People.IsBot(comment.User) || comment.PerformedViaGithubApp is not null, comment.Body ?? "", comment.CreatedAt, comment.UpdatedAt == comment.CreatedAt ? null : comment.UpdatedAt);
}
