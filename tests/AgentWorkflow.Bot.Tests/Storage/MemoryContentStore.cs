using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Storage;

/// <summary>Contents in memory, for tests of what reads them.</summary>
internal sealed class MemoryContentStore : IContentStore
{
    private readonly ConcurrentDictionary<string, byte[]> _contents = new(StringComparer.Ordinal);

    public Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => Task.FromResult(Put(content.ToArray()));

    public Stream OpenRead(string sha256) =>
        _contents.TryGetValue(sha256, out byte[]? content) ? new MemoryStream(content, writable: false) : throw new FileNotFoundException(sha256);

    public bool Contains(string sha256) => _contents.ContainsKey(sha256);

    /// <summary>The same contents but one.</summary>
    public MemoryContentStore Without(string sha256)
    {
        MemoryContentStore fewer = new();
        foreach (byte[] content in _contents.Where(c => c.Key != sha256).Select(c => c.Value))
        {
            fewer.Put(content);
        }

        return fewer;
    }

    /// <summary>A tree of text files; a path that ends in <c>*</c> is executable.</summary>
    public WorkspaceTree Tree(params IEnumerable<(string Path, string Text)> files) =>
        files.Aggregate(WorkspaceTree.Empty, (tree, file) => With(tree, file.Path.TrimEnd('*'), Encoding.UTF8.GetBytes(file.Text), file.Path.EndsWith('*')));

    public WorkspaceTree With(WorkspaceTree tree, string path, byte[] content, bool executable = false) =>
        tree.With(RepoPath.Parse(path), new FileEntry(Put(content), content.Length, executable));

    private string Put(byte[] content)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        _contents[sha256] = content;
        return sha256;
    }
}
