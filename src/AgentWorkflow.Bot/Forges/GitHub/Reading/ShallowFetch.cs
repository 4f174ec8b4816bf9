using System.Collections.Immutable;

using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using LibGit2Sharp;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitHub.Reading;

/// <summary>One commit by git over HTTPS, without its history: no work tree, so no hook and no filter has anything to do.</summary>
internal sealed class ShallowFetch(IOptions<GitHubOptions> options)
{
    private const string Here = "refs/heads/fetched";

    /// <summary>The commit's list of files, and the files with their contents in the content store.</summary>
    public async Task<(TreeListing Listing, WorkspaceTree Tree)> ReadAsync(RepoRef repository, CommitId commit, string token, IContentStore contents, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("agentworkflow-fetch-");
        try
        {
            await Task.Run(() => Fetch(folder.FullName, repository, commit, token, cancellationToken), cancellationToken);
            return await ReadAsync(folder.FullName, commit, contents, cancellationToken);
        }
        catch (LibGit2SharpException exception) when (exception is not UserCancelledException)
        {
            throw new ForgeException(ForgeFault.Unavailable, $"AW3034: {repository} at {commit.Short} cannot be fetched by git from {options.Value.WebAddress.Host}.", exception);
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

    private void Fetch(string folder, RepoRef repository, CommitId commit, string token, CancellationToken cancellationToken)
    {
        using Repository git = new(Repository.Init(folder, isBare: true));
        FetchOptions how = new()
        {
            Depth = 1,
            TagFetchMode = TagFetchMode.None,
            CredentialsProvider = (_, _, _) => new UsernamePasswordCredentials { Username = "x-access-token", Password = token },
            OnTransferProgress = progress => !cancellationToken.IsCancellationRequested && progress.ReceivedBytes <= TarballReader.MostOfAll,
        };
        string address = new Uri(options.Value.WebAddress, $"{repository}.git").AbsoluteUri;
        Commands.Fetch(git, git.Network.Remotes.Add("origin", address).Name, [$"+{commit}:{Here}"], how, logMessage: null);
    }

    private static async Task<(TreeListing Listing, WorkspaceTree Tree)> ReadAsync(string folder, CommitId commit, IContentStore contents, CancellationToken cancellationToken)
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

        return (listing, new WorkspaceTree(files.ToImmutable()));
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
