using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Forges.Git;

/// <summary>Reads an archive as it comes, nothing of it touches a disk but through the content store.</summary>
internal sealed class TarballReader(IContentStore contents)
{
    /// <summary>The largest file that forges take.</summary>
    public const long MostOfOne = 100L * 1024 * 1024;

    /// <summary>The largest repository that a run works on.</summary>
    public const long MostOfAll = 1024L * 1024 * 1024;

    /// <summary>All that it holds; null where it is no archive, or a broken one. Whether that is the commit is for the caller to see by the ids.</summary>
    public async Task<FetchedTree?> ReadAsync(HttpResponseMessage archive, string what, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream body = await archive.Content.ReadAsStreamAsync(cancellationToken);
            await using GZipStream plain = new(body, CompressionMode.Decompress);
            await using TarReader tar = new(plain);
            return await ReadAsync(tar, what, cancellationToken);
        }
        catch (InvalidDataException)
        {
            return null; // No archive, or a broken one: git will tell.
        }
        catch (Exception exception) when (exception is not InvalidDataException && BrokenConnection.Is(exception, cancellationToken))
        {
            throw new ForgeException(ForgeFault.Unavailable, $"AW3040: The archive broke off (to {what}); it is tried again.", exception);
        }
    }

    private async Task<FetchedTree> ReadAsync(TarReader tar, string what, CancellationToken cancellationToken)
    {
        List<TreeItem> items = [];
        ImmutableSortedDictionary<RepoPath, FileEntry>.Builder files = ImmutableSortedDictionary.CreateBuilder<RepoPath, FileEntry>();
        long all = 0;
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.EntryType is TarEntryType.SymbolicLink)
            {
                items.Add(new TreeItem(Below(entry.Name), "120000", "blob", GitIds.Blob(Encoding.UTF8.GetBytes(entry.LinkName))));
                continue;
            }

            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            {
                continue;
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

            TreeItem item = new(Below(entry.Name), entry.Mode.HasFlag(UnixFileMode.UserExecute) ? TreeListing.Executable : TreeListing.Plain, "blob", GitIds.Blob(content));
            items.Add(item);
            if (RepoPath.TryParseExisting(item.Path, out RepoPath? path, out _))
            {
                files[path] = new FileEntry(await contents.PutAsync(content, cancellationToken), content.Length, TreeListing.IsExecutable(item));
            }
        }

        return new FetchedTree(TreeListing.Of(items), new WorkspaceTree(files.ToImmutable()));
    }

    // All entries stand below one folder with a name of the forge's.
    private static string Below(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
