using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Storage;

/// <summary>
/// Turns a tree of the workspace into git's objects. The ids follow from the bytes alone, so the same effect makes the same
/// commit on every attempt; with a sink the objects are written too, without one only their ids are found.
/// </summary>
internal sealed class GitObjects(IContentStore contents, IGitObjectSink? sink)
{
    private const int StreamedFrom = 1024 * 1024;

    /// <summary>The id of the tree that holds these files.</summary>
    public CommitId Tree(WorkspaceTree tree) => Id(Folder([.. tree.Files], 0));

    /// <summary>The id of a commit.</summary>
    public CommitId Commit(CommitId tree, CommitId? parent, CommitIdentity author, DateTimeOffset at, string message)
    {
        StringBuilder text = new();
        text.Append("tree ").Append(tree).Append('\n');
        if (parent is not null)
        {
            text.Append("parent ").Append(parent).Append('\n');
        }

        string signature = $"{author.Name} <{author.Email}> {at.ToUnixTimeSeconds()} +0000\n";
        text.Append("author ").Append(signature).Append("committer ").Append(signature).Append('\n').Append(message);
        if (!message.EndsWith('\n'))
        {
            text.Append('\n');
        }

        return Id(Object(GitObjectKind.Commit, Encoding.UTF8.GetBytes(text.ToString())));
    }

    // The files are sorted by path, so those of one folder stand together; git sorts a folder as if its name ended in '/'.
    private byte[] Folder(ReadOnlySpan<KeyValuePair<RepoPath, FileEntry>> files, int depth)
    {
        List<(byte[] SortKey, string Mode, byte[] Name, byte[] Id)> entries = [];
        int next = 0;
        while (next < files.Length)
        {
            string path = files[next].Key.Value;
            int slash = path.IndexOf('/', depth);
            byte[] name = Encoding.UTF8.GetBytes(path[depth..(slash < 0 ? path.Length : slash)]);
            if (slash < 0)
            {
                FileEntry file = files[next].Value;
                entries.Add((name, file.Executable ? "100755" : "100644", name, Blob(file)));
                next++;
                continue;
            }

            string prefix = path[..(slash + 1)];
            int end = next;
            while (end < files.Length && files[end].Key.Value.StartsWith(prefix, StringComparison.Ordinal))
            {
                end++;
            }

            entries.Add(([.. name, (byte)'/'], "40000", name, Folder(files[next..end], slash + 1)));
            next = end;
        }

        entries.Sort((a, b) => a.SortKey.AsSpan().SequenceCompareTo(b.SortKey));
        using MemoryStream tree = new();
        foreach ((_, string mode, byte[] name, byte[] id) in entries)
        {
            tree.Write(Encoding.ASCII.GetBytes(mode));
            tree.WriteByte((byte)' ');
            tree.Write(name);
            tree.WriteByte(0);
            tree.Write(id);
        }

        return Object(GitObjectKind.Tree, tree.ToArray());
    }

    private byte[] Blob(FileEntry file)
    {
        if (file.Size > StreamedFrom)
        {
            return StreamedBlob(file);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)file.Size);
        try
        {
            using Stream content = contents.OpenRead(file.Sha256);
            Memory<byte> bytes = buffer.AsMemory(0, (int)file.Size);
            content.ReadExactly(bytes.Span);
            return Object(GitObjectKind.Blob, bytes.Span);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private byte[] StreamedBlob(FileEntry file)
    {
        byte[] id;
        using (Stream content = contents.OpenRead(file.Sha256))
        {
            using IncrementalHash hash = NewHash(GitObjectKind.Blob, file.Size);
            byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
            int read;
            while ((read = content.Read(buffer)) > 0)
            {
                hash.AppendData(buffer, 0, read);
            }

            ArrayPool<byte>.Shared.Return(buffer);
            id = hash.GetHashAndReset();
        }

        if (sink is not null && !sink.Has(id))
        {
            using Stream content = contents.OpenRead(file.Sha256);
            sink.Add(GitObjectKind.Blob, id, content, file.Size);
        }

        return id;
    }

    private byte[] Object(GitObjectKind kind, ReadOnlySpan<byte> content)
    {
        using IncrementalHash hash = NewHash(kind, content.Length);
        hash.AppendData(content);
        byte[] id = hash.GetHashAndReset();
        if (sink is not null && !sink.Has(id))
        {
            sink.Add(kind, id, content);
        }

        return id;
    }

    [SuppressMessage("Security", "CA5350", Justification = "Git's object ids are SHA-1; what must be trusted is told by SHA-256 elsewhere.")]
    private static IncrementalHash NewHash(GitObjectKind kind, long size)
    {
        string name = kind switch { GitObjectKind.Commit => "commit", GitObjectKind.Tree => "tree", _ => "blob" };
        IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"{name} {size}\0"));
        return hash;
    }

    private static CommitId Id(byte[] id) => CommitId.Parse(Convert.ToHexStringLower(id));
}

/// <summary>Git's kinds of objects, with their numbers in a pack.</summary>
internal enum GitObjectKind
{
    /// <summary>A commit.</summary>
    Commit = 1,

    /// <summary>A folder.</summary>
    Tree = 2,

    /// <summary>A file's content.</summary>
    Blob = 3,
}

/// <summary>Who stands in a commit.</summary>
internal sealed record CommitIdentity(string Name, string Email);

/// <summary>Where git's objects go.</summary>
internal interface IGitObjectSink
{
    /// <summary>True when the object is there already.</summary>
    bool Has(byte[] id);

    /// <summary>Adds an object from memory.</summary>
    void Add(GitObjectKind kind, byte[] id, ReadOnlySpan<byte> content);

    /// <summary>Adds an object from a stream, without holding it in memory.</summary>
    void Add(GitObjectKind kind, byte[] id, Stream content, long size);
}
