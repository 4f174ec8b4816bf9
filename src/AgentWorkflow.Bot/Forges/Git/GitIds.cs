using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace AgentWorkflow.Bot.Forges.Git;

/// <summary>Git's object ids, from contents and from other ids.</summary>
internal static class GitIds
{
    private const string FolderMode = "40000";

    /// <summary>The id of a file's content.</summary>
    public static string Blob(ReadOnlySpan<byte> content) => Id("blob", content);

    /// <summary>The id of the tree that holds these entries.</summary>
    /// <param name="entries">Path, mode and id of everything; a folder that is named with its own id is not looked into.</param>
    public static string Tree(IEnumerable<(string Path, string Mode, string Id)> entries)
    {
        Folder root = new();
        foreach ((string path, string mode, string id) in entries)
        {
            root.Add(path.Split('/'), mode, id);
        }

        return root.Hash();
    }

    /// <summary>The id of a commit that is not signed: where it is the one that a forge tells, the commit holds that tree and nothing else.</summary>
    public static string Commit(string tree, IEnumerable<string> parents, CommitSigner author, CommitSigner committer, string message) => Id(
        "commit", Encoding.UTF8.GetBytes($"tree {tree}\n{string.Concat(parents.Select(p => $"parent {p}\n"))}author {author}\ncommitter {committer}\n\n{message}"));

    [SuppressMessage("Security", "CA5350", Justification = "Git's object ids are SHA-1; what must be trusted is told by SHA-256 elsewhere.")]
    private static string Id(string kind, ReadOnlySpan<byte> content)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes($"{kind} {content.Length}\0"));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class Folder
    {
        private readonly Dictionary<string, Folder> _folders = new(StringComparer.Ordinal);
        private readonly Dictionary<string, (string Mode, string Id)> _files = new(StringComparer.Ordinal);

        public void Add(ReadOnlySpan<string> path, string mode, string id)
        {
            if (path.Length == 1)
            {
                _files[path[0]] = (mode, id);
                return;
            }

            if (!_folders.TryGetValue(path[0], out Folder? folder))
            {
                _folders[path[0]] = folder = new Folder();
            }

            folder.Add(path[1..], mode, id);
        }

        public string Hash()
        {
            // Git sorts a folder as if its name ended in '/'.
            List<(byte[] Key, string Mode, string Name, string Id)> entries =
            [
                .. _files.Select(f => (Encoding.UTF8.GetBytes(f.Value.Mode == FolderMode ? f.Key + "/" : f.Key), f.Value.Mode, f.Key, f.Value.Id)),
                .. _folders.Select(f => (Encoding.UTF8.GetBytes(f.Key + "/"), FolderMode, f.Key, f.Value.Hash())),
            ];
            entries.Sort((a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
            using MemoryStream tree = new();
            foreach ((_, string mode, string name, string id) in entries)
            {
                tree.Write(Encoding.UTF8.GetBytes($"{mode} {name}\0"));
                tree.Write(Convert.FromHexString(id));
            }

            return Id("tree", tree.GetBuffer().AsSpan(0, (int)tree.Length));
        }
    }
}
