using System.Formats.Tar;
using System.IO.Enumeration;
using System.Security.Cryptography;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>
/// A work folder after untrusted commands have run in it. Nothing of them is alive, but links, pipes and odd names may lie
/// there: links are never followed, and nothing is opened that is not known to be a regular file.
/// </summary>
internal sealed class WorkFiles(string folder)
{
    private const int MaxDepth = 64;

    /// <summary>The first file of the tree that is not on the disk as it was, in the tree's order; null when all are.</summary>
    public async Task<RepoPath?> FirstChangedAsync(WorkspaceTree tree, CancellationToken cancellationToken)
    {
        foreach ((RepoPath path, FileEntry entry) in tree.Files)
        {
            if (!await IsAsync(path, entry, cancellationToken))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Regular files that fit, in the order of lists; names that could not be in a repository are left out.</summary>
    public IReadOnlyList<RepoPath> Find(IReadOnlyList<PathGlob> globs)
    {
        try
        {
            return [.. All().Where(path => globs.Any(g => g.IsMatch(path.Value)) && IsRegular(Full(path))).Order()];
        }
        catch (PathTooLongException)
        {
            // The supervisor has ended such a command already; of its files nothing is taken.
            return [];
        }
    }

    /// <summary>The content of a file that <see cref="Find"/> gave; null when it is larger than allowed.</summary>
    public async Task<byte[]?> ReadAsync(RepoPath path, long limit, CancellationToken cancellationToken) =>
        new FileInfo(Full(path)).Length > limit ? null : await File.ReadAllBytesAsync(Full(path), cancellationToken);

    /// <summary>True when its owner may execute it.</summary>
    public bool IsExecutable(RepoPath path) =>
        !OperatingSystem.IsWindows() && File.GetUnixFileMode(Full(path)).HasFlag(UnixFileMode.UserExecute);

    private IEnumerable<RepoPath> All() => new FileSystemEnumerable<string>(
            folder,
            (ref FileSystemEntry entry) => entry.ToFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = MaxDepth, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && !IsLink(ref entry),
        ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
    }
        .Select(full => RepoPath.TryParse(Path.GetRelativePath(folder, full), out RepoPath? path, out _) ? path : null)
        .OfType<RepoPath>();

    private async Task<bool> IsAsync(RepoPath path, FileEntry entry, CancellationToken cancellationToken)
    {
        string at = folder;
        foreach (string part in path.Value.Split('/'))
        {
            at = Path.Combine(at, part);
            if (new FileInfo(at).LinkTarget is not null)
            {
                return false;
            }
        }

        // A pipe has the length 0: what has another one and is no link is safe to open.
        FileInfo file = new(at);
        if (!file.Exists || file.Length != entry.Size || !IsRegular(at) || (!OperatingSystem.IsWindows() && IsExecutable(path) != entry.Executable))
        {
            return false;
        }

        await using FileStream content = File.OpenRead(at);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)) == entry.Sha256;
    }

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    // .NET does not tell a pipe or a socket from an empty file; its archive writer does, without opening it.
    private static bool IsRegular(string file)
    {
        try
        {
            if (new FileInfo(file).Length > 0)
            {
                return true;
            }

            using MemoryStream archive = new();
            using (TarWriter writer = new(archive, leaveOpen: true))
            {
                writer.WriteEntry(file, "x");
            }

            archive.Position = 0;
            using TarReader reader = new(archive);
            return reader.GetNextEntry()?.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile;
        }
        catch (Exception odd) when (odd is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string Full(RepoPath path) => Path.Combine(folder, path.Value);
}
