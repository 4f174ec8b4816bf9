using System.Collections.Immutable;
using System.Security.Cryptography;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bench.Stores;

/// <summary>
/// The contents of a folder where they lie: a run's files are in the content store before it commits or archives them, and
/// reading them from there is what this does too. Large files are never held in memory.
/// </summary>
internal sealed class FolderContents : IContentStore
{
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _added = new(StringComparer.Ordinal);

    /// <summary>All files of a folder as a tree.</summary>
    public async Task<WorkspaceTree> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        string root = Path.GetFullPath(folder);
        ImmutableSortedDictionary<RepoPath, FileEntry>.Builder files = ImmutableSortedDictionary.CreateBuilder<RepoPath, FileEntry>();
        foreach (string path in Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            await using FileStream content = File.OpenRead(path);
            string sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
            _places[sha256] = path;
            bool executable = !OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute);
            files[RepoPath.Parse(Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/'))] = new FileEntry(sha256, content.Length, executable);
        }

        return new WorkspaceTree(files.ToImmutable());
    }

    /// <inheritdoc/>
    public Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        _added[sha256] = content.ToArray();
        return Task.FromResult(sha256);
    }

    /// <inheritdoc/>
    public Stream OpenRead(string sha256) => _added.TryGetValue(sha256, out byte[]? content)
        ? new MemoryStream(content, writable: false)
        : new FileStream(_places[sha256], FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 16 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan);

    /// <inheritdoc/>
    public bool Contains(string sha256) => _added.ContainsKey(sha256) || _places.ContainsKey(sha256);
}
