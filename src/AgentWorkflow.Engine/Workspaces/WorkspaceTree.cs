using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Engine.Workspaces;

/// <summary>One regular file: its content's digest, its size in bytes and whether it may be executed.</summary>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of the content.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="Executable">True for git's mode 100755, false for 100644; there are no other modes.</param>
public sealed record FileEntry(string Sha256, long Size, bool Executable);

/// <summary>An immutable set of files by path. Contents live in the content store under their digest.</summary>
public sealed record WorkspaceTree(ImmutableSortedDictionary<RepoPath, FileEntry> Files)
{
    /// <summary>The tree without files.</summary>
    public static WorkspaceTree Empty { get; } = new(ImmutableSortedDictionary<RepoPath, FileEntry>.Empty);

    /// <summary>The sum of the files' sizes in bytes.</summary>
    public long TotalSize => Files.Values.Sum(f => f.Size);

    /// <summary>A digest of all paths, contents and modes: equal exactly when the trees are.</summary>
    /// <returns>Lower-case hexadecimal SHA-256.</returns>
    public string Fingerprint() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Concat(Files.Select(f => $"{(f.Value.Executable ? "100755" : "100644")} {f.Value.Sha256} {f.Key}\n")))));

    /// <summary>The tree with one file added or replaced.</summary>
    public WorkspaceTree With(RepoPath path, FileEntry entry) => new(Files.SetItem(path, entry));

    /// <summary>The tree without one file.</summary>
    public WorkspaceTree Without(RepoPath path) => new(Files.Remove(path));

    /// <summary>The tree with another step's changes applied; on a file that two steps changed the later one wins.</summary>
    public WorkspaceTree Apply(TreeDelta delta)
    {
        ImmutableSortedDictionary<RepoPath, FileEntry>.Builder files = Files.ToBuilder();
        foreach ((RepoPath path, FileEntry entry) in delta.Written)
        {
            files[path] = entry;
        }

        files.RemoveRange(delta.Deleted);
        return new WorkspaceTree(files.ToImmutable());
    }

    /// <summary>Trees are equal when they hold the same files.</summary>
    public bool Equals(WorkspaceTree? other) => other is not null && Files.Count == other.Files.Count && Files.SequenceEqual(other.Files);

    /// <inheritdoc/>
    public override int GetHashCode() => Files.Aggregate(0, (hash, file) => HashCode.Combine(hash, file.Key, file.Value));
}
