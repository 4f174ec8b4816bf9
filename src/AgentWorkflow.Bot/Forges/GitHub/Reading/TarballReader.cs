using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;

using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Forges.GitHub.Reading;

/// <summary>Reads an archive as it comes, nothing of it touches a disk but through the content store.</summary>
internal sealed class TarballReader(IContentStore contents)
{
    /// <summary>The largest file that GitHub takes.</summary>
    public const long MostOfOne = 100L * 1024 * 1024;

    /// <summary>The largest repository that a run works on.</summary>
    public const long MostOfAll = 1024L * 1024 * 1024;

    /// <summary>The files; null where they are not exactly those of the list.</summary>
    public async Task<WorkspaceTree?> ReadAsync(HttpResponseMessage archive, TreeListing listing, string what, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream body = await archive.Content.ReadAsStreamAsync(cancellationToken);
            await using GZipStream plain = new(body, CompressionMode.Decompress);
            await using TarReader tar = new(plain);
            return await ReadAsync(tar, listing, what, cancellationToken);
        }
        catch (InvalidDataException)
        {
            return null; // No archive, or a broken one: git will tell.
        }
        catch (Exception exception) when (exception is not InvalidDataException && GitHubHttp.IsBroken(exception, cancellationToken))
        {
            throw Faults.Broken(GitHubRequest.Get("", what), exception);
        }
    }

    private async Task<WorkspaceTree?> ReadAsync(TarReader tar, TreeListing listing, string what, CancellationToken cancellationToken)
    {
        ImmutableSortedDictionary<RepoPath, FileEntry>.Builder files = ImmutableSortedDictionary.CreateBuilder<RepoPath, FileEntry>();
        long all = 0;
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !RepoPath.TryParseExisting(Below(entry.Name), out RepoPath? path, out _))
            {
                continue; // Links, folders and names that we do not take are no files of the list either.
            }

            all += entry.Length;
            if (entry.Length > MostOfOne || all > MostOfAll)
            {
                throw new ForgeException(ForgeFault.Denied, $"AW3033: The repository is too large: more than {MostOfAll / 1024 / 1024} MB, or a file of more than {MostOfOne / 1024 / 1024} MB (to {what}).");
            }

            byte[] content = new byte[entry.Length];
            if (entry.DataStream is { } data)
            {
                await data.ReadExactlyAsync(content, cancellationToken);
            }

            if (!listing.Files.TryGetValue(path, out TreeItem? expected) || GitIds.Blob(content) != expected.Sha)
            {
                return null;
            }

            files[path] = new FileEntry(await contents.PutAsync(content, cancellationToken), content.Length, TreeListing.IsExecutable(expected));
        }

        return files.Count == listing.Files.Count ? new WorkspaceTree(files.ToImmutable()) : null;
    }

    // All entries stand below one folder with a name of GitHub's.
    private static string Below(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
