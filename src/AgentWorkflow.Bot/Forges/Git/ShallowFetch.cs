using System.Collections.Immutable;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using LibGit2Sharp;

namespace AgentWorkflow.Bot.Forges.Git;

/// <summary>One commit by git over HTTPS, without its history: no work tree, so no hook and no filter has anything to do.</summary>
internal sealed class ShallowFetch(IContentStore contents)
{
    private const string Here = "refs/heads/fetched";

    /// <summary>The commit's list of files, and the files with their contents in the content store.</summary>
    public async Task<FetchedTree> ReadAsync(GitSource source, CommitId commit, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("agentworkflow-fetch-");
        try
        {
            await Task.Run(() => Fetch(folder.FullName, source, commit, cancellationToken), cancellationToken);
            return await ReadAsync(folder.FullName, commit, cancellationToken);
        }
        catch (LibGit2SharpException exception) when (exception is not UserCancelledException)
        {
            throw new ForgeException(ForgeFault.Unavailable, $"AW3034: {source.Name} at {commit.Short} cannot be fetched by git from {source.Address.Host}.", exception);
        }
        catch (UserCancelledException exception)
        {
            throw new OperationCanceledException("The fetch was cancelled.", exception, cancellationToken);
        }
        finally
        {
            Remove(folder);
        }
    }

    private static void Fetch(string folder, GitSource source, CommitId commit, CancellationToken cancellationToken)
    {
        using Repository git = new(Repository.Init(folder, isBare: true));
        FetchOptions how = new()
        {
            Depth = 1,
            TagFetchMode = TagFetchMode.None,
            CredentialsProvider = (_, _, _) => new UsernamePasswordCredentials { Username = source.User, Password = source.Token },
            OnTransferProgress = progress => !cancellationToken.IsCancellationRequested && progress.ReceivedBytes <= TarballReader.MostOfAll,
        };
        Commands.Fetch(git, git.Network.Remotes.Add("origin", source.Address.AbsoluteUri).Name, [$"+{commit}:{Here}"], how, logMessage: null);
    }

    private async Task<FetchedTree> ReadAsync(string folder, CommitId commit, CancellationToken cancellationToken)
    {
        using Repository git = new(folder);
        Commit found = git.Lookup<Commit>(commit.Value) ?? throw new ForgeException(ForgeFault.NotFound, $"AW3035: The commit {commit.Short} is not there any more.");
        TreeListing listing = TreeListing.Of(Entries(found.Tree));
        ImmutableSortedDictionary<RepoPath, FileEntry>.Builder files = ImmutableSortedDictionary.CreateBuilder<RepoPath, FileEntry>();
        foreach ((RepoPath path, TreeItem item) in listing.Files)
        {
            await using Stream blob = git.Lookup<Blob>(item.Sha).GetContentStream();
            using MemoryStream content = new();
            await blob.CopyToAsync(content, cancellationToken);
            string sha256 = await contents.PutAsync(content.GetBuffer().AsMemory(0, (int)content.Length), cancellationToken);
            files[path] = new FileEntry(sha256, content.Length, TreeListing.IsExecutable(item));
        }

        return new FetchedTree(listing, new WorkspaceTree(files.ToImmutable()));
    }

    private static IEnumerable<TreeItem> Entries(Tree root)
    {
        Stack<Tree> folders = new([root]);
        while (folders.TryPop(out Tree? folder))
        {
            foreach (TreeEntry entry in folder)
            {
                if (entry.TargetType is TreeEntryTargetType.Tree)
                {
                    folders.Push((Tree)entry.Target);
                    continue;
                }

                string mode = Convert.ToString((int)entry.Mode, 8);
                yield return new TreeItem(entry.Path, mode, entry.TargetType is TreeEntryTargetType.GitLink ? "commit" : "blob", entry.Target.Sha);
            }
        }
    }

    private static void Remove(DirectoryInfo folder)
    {
        // Git's objects are read-only files, which some systems do not delete.
        foreach (FileInfo file in folder.EnumerateFiles("*", SearchOption.AllDirectories))
        {
            file.IsReadOnly = false;
        }

        folder.Delete(recursive: true);
    }
}

/// <summary>A repository as git reaches it. The token is for the request alone: the source shows itself without.</summary>
internal sealed class GitSource(Uri address, string user, string token)
{
    /// <summary>The address, without a name or a right in it.</summary>
    public Uri Address => address;

    /// <summary>The name that goes with the token.</summary>
    public string User => user;

    /// <summary>The secret.</summary>
    public string Token => token;

    /// <summary>Its owner and name, as a sentence has them.</summary>
    public string Name => address.AbsolutePath.Trim('/') is var path && path.EndsWith(".git", StringComparison.Ordinal) ? path[..^4] : path;
}
