using System.Collections.Concurrent;
using System.Security.Cryptography;

using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Tests.Projects.Workspaces;

internal sealed class MemoryContentStore : IContentStore
{
    public ConcurrentDictionary<string, byte[]> Contents { get; } = new(StringComparer.Ordinal);

    public Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        Contents[sha256] = content.ToArray();
        return Task.FromResult(sha256);
    }

    public Stream OpenRead(string sha256) =>
        Contents.TryGetValue(sha256, out byte[]? content) ? new MemoryStream(content, writable: false) : throw new FileNotFoundException(sha256);

    public bool Contains(string sha256) => Contents.ContainsKey(sha256);
}
