using System.Collections.Concurrent;
using System.Net;

using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitHub.Reading;

/// <summary>
/// The files of a commit: one archive, held against the commit's tree by its id, else against its own list of object ids. Archives
/// leave out and rewrite files where <c>.gitattributes</c> says so; wherever one byte differs, or the list is cut, the commit is fetched by git.
/// </summary>
internal sealed partial class TreeReader(GitHubHttp http, TarballReader archives, ShallowFetch git, IOptions<GitHubOptions> options, ILogger<TreeReader> logger)
{
    private const int MostKnown = 16;

    // A commit never changes: its list is asked for once while the run that read it makes its own commit on it.
    private readonly ConcurrentDictionary<(string Repository, string Commit), TreeListing> _known = new();

    private readonly ConcurrentDictionary<(string Repository, string Commit), string> _trees = new();

    /// <summary>Remembers what somebody was told anyway: the tree of a commit. An archive that makes this very tree needs no list.</summary>
    public void Expect(RepoRef repository, CommitId commit, string tree)
    {
        if (_trees.Count >= MostKnown)
        {
            _trees.Clear();
        }

        _trees[(repository.ToString(), commit.Value)] = tree;
    }

    /// <summary>The files, their contents in the content store.</summary>
    public async Task<WorkspaceTree> ReadAsync(GitHubAccess access, RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        FetchedTree? archive = await ReadArchiveAsync(access, repository, commit, cancellationToken);
        if (archive is not null && _trees.TryGetValue((repository.ToString(), commit.Value), out string? tree) && archive.Listing.Id == tree)
        {
            Keep(repository, commit, archive.Listing);
            return archive.Files;
        }

        TreeListing? listing = await AskAsync(access, repository, commit, cancellationToken);
        if (archive is not null && listing is not null && archive.Listing.Files.SequenceEqual(listing.Files))
        {
            return archive.Files;
        }

        Log.Fetched(logger, repository, commit.Short, listing is null ? "the list of files is cut" : "the archive differs from the commit");
        return (await FetchAsync(access, repository, commit, cancellationToken)).Files;
    }

    private async Task<FetchedTree?> ReadArchiveAsync(GitHubAccess access, RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        GitHubRequest request = GitHubRequest.Get($"repos/{repository}/tarball/{commit}", $"read the files of {repository} at {commit.Short}") with { Accepted = [HttpStatusCode.Found] };
        GitHubAnswer answer = await http.SendAsync(access, request, cancellationToken);
        Uri address = answer.Location ?? throw new ForgeException(ForgeFault.Unavailable, $"AW3032: GitHub names no archive of {repository} at {commit.Short}.");
        using HttpResponseMessage archive = await http.OpenAsync(access, address, request.What, cancellationToken);
        return await archives.ReadAsync(archive, request.What, cancellationToken);
    }

    /// <summary>A commit's list of files.</summary>
    public async Task<TreeListing> ListAsync(GitHubAccess access, RepoRef repository, CommitId commit, CancellationToken cancellationToken) =>
        await AskAsync(access, repository, commit, cancellationToken) ?? (await FetchAsync(access, repository, commit, cancellationToken)).Listing;

    private async Task<FetchedTree> FetchAsync(GitHubAccess access, RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        GitSource source = new(new Uri(options.Value.WebAddress, $"{repository}.git"), "x-access-token", await access.BearerAsync(cancellationToken));
        FetchedTree fetched = await git.ReadAsync(source, commit, cancellationToken);
        Keep(repository, commit, fetched.Listing);
        return fetched;
    }

    private async Task<TreeListing?> AskAsync(GitHubAccess access, RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue((repository.ToString(), commit.Value), out TreeListing? known))
        {
            return known;
        }

        GitHubRequest request = GitHubRequest.Get($"repos/{repository}/git/trees/{commit}?recursive=1", $"list the files of {repository} at {commit.Short}");
        TreeAnswer answer = (await http.SendAsync(access, request, cancellationToken)).Read(GitHubJson.Default.TreeAnswer);
        if (answer.Truncated)
        {
            return null;
        }

        TreeListing listing = TreeListing.Of(answer.Tree);
        Keep(repository, commit, listing);
        return listing;
    }

    private void Keep(RepoRef repository, CommitId commit, TreeListing listing)
    {
        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        _known[(repository.ToString(), commit.Value)] = listing;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Repository} at {Commit} is fetched by git, since {Reason}")]
        public static partial void Fetched(ILogger logger, RepoRef repository, string commit, string reason);
    }
}
