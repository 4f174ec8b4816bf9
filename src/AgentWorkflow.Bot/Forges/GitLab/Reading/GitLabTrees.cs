using System.Collections.Concurrent;

using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitLab.Reading;

/// <summary>
/// The files of a commit: one archive, whose files must hash to the commit's own tree; wherever one byte differs, the commit is
/// fetched by git. Which tree that is, the commit's own id tells where all else of the commit is known; a signed commit does not say
/// all, so there the root is listed, whose ids are the tree's. (GitLab lists no more than a hundred entries at once.)
/// </summary>
internal sealed partial class GitLabTrees(
    GitLabClient client, GitLabGate gate, TarballReader archives, ShallowFetch git, IOptions<GitLabOptions> options, TimeProvider time, ILogger<GitLabTrees> logger)
{
    private const int MostKnown = 64;
    private const int MostNamed = 20;
    private const int MostAhead = 8;

    private static readonly TimeSpan s_ahead = TimeSpan.FromMinutes(1);

    // A commit never changes.
    private readonly ConcurrentDictionary<(string Repository, string Commit), IReadOnlyList<TreeEntryAnswer>> _roots = new();
    private readonly ConcurrentDictionary<(string Repository, string Commit), TreeListing> _listings = new();

    // Not for long: what nobody keeps is removed from the content store some day.
    private readonly ConcurrentDictionary<(string Repository, string Commit), (DateTimeOffset At, FetchedTree Tree)> _ahead = new();

    /// <summary>What stands at the root of a commit.</summary>
    public async Task<IReadOnlyList<TreeEntryAnswer>> RootAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) =>
        _roots.TryGetValue((repository.ToString(), commit.Value), out IReadOnlyList<TreeEntryAnswer>? known)
            ? known
            : Keep(_roots, repository, commit, await client.ListAsync((api, page) =>
                api.ListTreeAsync(repository.ToString(), commit.Value, path: null, GitLabClient.PageSize, page, $"list the root of {repository} at {commit.Short}", cancellationToken)));

    /// <summary>The commit's git tree, from the ids of its root.</summary>
    public async Task<CommitId> IdAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        IReadOnlyList<TreeEntryAnswer> root = await RootAsync(repository, commit, cancellationToken);
        return CommitId.Parse(GitIds.Tree(root.Select(e => (e.Name, e.Mode.TrimStart('0'), e.Id))));
    }

    /// <summary>The files, their contents in the content store.</summary>
    public async Task<WorkspaceTree> ReadAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        FetchedTree read = await FetchAsync(repository, commit, cancellationToken);
        foreach (TreeItem kept in read.Listing.Kept.Take(MostNamed))
        {
            Log.LeftAlone(logger, kept.Path, repository, commit.Short);
        }

        return read.Files;
    }

    /// <summary>A commit's list of files.</summary>
    public async Task<TreeListing> ListAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) =>
        _listings.TryGetValue((repository.ToString(), commit.Value), out TreeListing? known) ? known : (await FetchAsync(repository, commit, cancellationToken)).Listing;

    /// <summary>The files of a commit that a run may stand on next, which are then there for a while; null where they cannot be had in one request.</summary>
    public async Task<WorkspaceTree?> ReadAheadAsync(RepoRef repository, CommitAnswer head, CancellationToken cancellationToken)
    {
        try
        {
            if (await UnpackAsync(repository, CommitId.Parse(head.Id), cancellationToken) is not { } unpacked
                || (!head.Holds(unpacked.Listing.Id) && (await IdAsync(repository, CommitId.Parse(head.Id), cancellationToken)).Value != unpacked.Listing.Id))
            {
                return null;
            }

            if (_ahead.Count >= MostAhead)
            {
                _ahead.Clear();
            }

            _ahead[(repository.ToString(), head.Id)] = (time.GetUtcNow(), unpacked);
            Keep(_listings, repository, CommitId.Parse(head.Id), unpacked.Listing);
            return unpacked.Files;
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.Denied)
        {
            return null; // Too large: whoever wants all of it is told.
        }
    }

    private async Task<FetchedTree> FetchAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        if (_ahead.TryRemove((repository.ToString(), commit.Value), out (DateTimeOffset At, FetchedTree Tree) ahead) && time.GetUtcNow() - ahead.At < s_ahead)
        {
            return ahead.Tree;
        }

        CommitId tree = await IdAsync(repository, commit, cancellationToken);
        if (await UnpackAsync(repository, commit, cancellationToken) is { } unpacked && unpacked.Listing.Id == tree.Value)
        {
            Keep(_listings, repository, commit, unpacked.Listing);
            return unpacked;
        }

        Log.Fetched(logger, repository, commit.Short);
        using RequestGate.Turn turn = await gate.Requests.EnterAsync(isWrite: false, cancellationToken);
        GitSource source = new(new Uri(options.Value.WebAddress, $"{repository}.git"), "oauth2", options.Value.Token?.Trim() ?? "");
        FetchedTree fetched = await git.ReadAsync(source, commit, cancellationToken);
        Keep(_listings, repository, commit, fetched.Listing);
        return fetched;
    }

    // GitLab counts archives by themselves, and gives few in a minute: git is the other way.
    private async Task<FetchedTree?> UnpackAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        string what = $"read the files of {repository} at {commit.Short}";
        try
        {
            using HttpResponseMessage archive = await client.SendAsync(api => api.OpenArchiveAsync(repository.ToString(), commit.Value, what, ownLimit: true, cancellationToken));
            return await archives.ReadAsync(archive, what, cancellationToken);
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.RateLimited)
        {
            return null;
        }
    }

    private static T Keep<T>(ConcurrentDictionary<(string, string), T> known, RepoRef repository, CommitId commit, T value)
    {
        if (known.Count >= MostKnown)
        {
            known.Clear();
        }

        return known[(repository.ToString(), commit.Value)] = value;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Repository} at {Commit} is fetched by git, since its archive is not the commit or may not be had now")]
        public static partial void Fetched(ILogger logger, RepoRef repository, string commit);

        [LoggerMessage(Level = LogLevel.Information, Message = "'{Path}' of {Repository} at {Commit} is a link, a submodule or a name that is not taken: it is left as it is")]
        public static partial void LeftAlone(ILogger logger, string path, RepoRef repository, string commit);
    }
}
