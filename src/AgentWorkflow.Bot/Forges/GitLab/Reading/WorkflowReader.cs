using System.Collections.Concurrent;

using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Forges.GitLab.Reading;

/// <summary>The workflow files of a commit. What a folder holds is known by its id, so a folder that stayed the same is not read again.</summary>
internal sealed class WorkflowReader(GitLabClient client, GitLabTrees trees, IContentStore contents)
{
    private const int MostWorkflow = 1024 * 1024;
    private const int MostKnown = 1_000;

    private readonly ConcurrentDictionary<(string Repository, string Folder, string Tree), IReadOnlyList<RepositoryFile>> _known = new();

    private readonly ConcurrentDictionary<(string Repository, string Commit), IReadOnlyList<RepositoryFile>> _atHead = new();

    /// <summary>Reads them where a run may stand on that commit next: the archive that it wants all files from holds these too.</summary>
    public async Task<IReadOnlyList<RepositoryFile>> ReadWithAllAsync(RepoRef repository, CommitAnswer head, CancellationToken cancellationToken)
    {
        (string, string) key = (repository.ToString(), head.Id);
        if (_atHead.TryGetValue(key, out IReadOnlyList<RepositoryFile>? known))
        {
            return known;
        }

        if (await trees.ReadAheadAsync(repository, head, cancellationToken) is not { } all)
        {
            return await ReadAsync(repository, CommitId.Parse(head.Id), cancellationToken);
        }

        if (_atHead.Count >= MostKnown)
        {
            _atHead.Clear();
        }

        return _atHead[key] = [.. all.Files.Where(f => WorkflowFolders.Hold(f.Key.Value) && RepoPath.TryParse(f.Key.Value, out _, out _)).Select(f => new RepositoryFile(f.Key, ContentOf(f.Value)))];
    }

    /// <summary>Reads them.</summary>
    public async Task<IReadOnlyList<RepositoryFile>> ReadAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        List<RepositoryFile> files = [];
        IReadOnlyList<TreeEntryAnswer> root = await trees.RootAsync(repository, commit, cancellationToken);
        foreach (string folder in WorkflowFolders.All)
        {
            if (root.FirstOrDefault(e => e.Type == "tree" && folder.StartsWith(e.Name + "/", StringComparison.Ordinal)) is { } above)
            {
                files.AddRange(await FolderAsync(repository, commit, folder.TrimEnd('/'), above.Id, cancellationToken));
            }
        }

        return files;
    }

    private async Task<IReadOnlyList<RepositoryFile>> FolderAsync(RepoRef repository, CommitId commit, string folder, string tree, CancellationToken cancellationToken)
    {
        (string, string, string) key = (repository.ToString(), folder, tree);
        if (_known.TryGetValue(key, out IReadOnlyList<RepositoryFile>? known))
        {
            return known;
        }

        List<RepositoryFile> files = [];
        foreach (TreeEntryAnswer entry in await ListAsync(repository, commit, folder, cancellationToken))
        {
            if (entry is { Type: "blob", Mode: TreeListing.Plain or TreeListing.Executable } && WorkflowFolders.Hold(entry.Path) && RepoPath.TryParse(entry.Path, out RepoPath? path, out _))
            {
                files.Add(new RepositoryFile(path, await ContentAsync(repository, entry, cancellationToken)));
            }
        }

        if (_known.Count >= MostKnown)
        {
            _known.Clear();
        }

        return _known[key] = files;
    }

    private async Task<List<TreeEntryAnswer>> ListAsync(RepoRef repository, CommitId commit, string folder, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ListAsync((api, page) =>
                api.ListTreeAsync(repository.ToString(), commit.Value, folder, GitLabClient.PageSize, page, $"list the workflows of {repository} at {commit.Short}", cancellationToken));
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.NotFound)
        {
            return []; // The folder above is there for other things.
        }
    }

    // Longer than any workflow may be: the parser says so.
    private byte[] ContentOf(FileEntry file) => file.Size > MostWorkflow ? new byte[MostWorkflow + 1] : CommitPlan.ContentOf(file, contents);

    private async Task<byte[]> ContentAsync(RepoRef repository, TreeEntryAnswer entry, CancellationToken cancellationToken)
    {
        string what = $"read '{entry.Path}' of {repository}";
        using HttpResponseMessage answer = await client.SendAsync(api => api.OpenBlobAsync(repository.ToString(), entry.Id, what, cancellationToken));
        byte[] content = new byte[MostWorkflow + 1];
        try
        {
            await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            int length = await body.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);

            // Longer than any workflow may be: the parser says so.
            return length > MostWorkflow ? content
                : GitIds.Blob(content.AsSpan(0, length)) == entry.Id ? content[..length]
                : throw new ForgeException(ForgeFault.Unavailable, $"AW3030: GitLab's answer is not the file (to {what}).");
        }
        catch (Exception exception) when (BrokenConnection.Is(exception, cancellationToken))
        {
            throw GitLabFaults.Broken(what, isSafe: true, exception);
        }
    }
}
