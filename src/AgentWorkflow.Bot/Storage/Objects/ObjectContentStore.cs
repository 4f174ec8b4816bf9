using System.Security.Cryptography;

namespace AgentWorkflow.Bot.Storage.Objects;

/// <summary>
/// Contents as objects <c>contents/ab/cd...</c>, for several replicas, with a copy on this machine's disk. The copy is a
/// cache: what is not there is fetched and held against its digest.
/// </summary>
internal sealed class ObjectContentStore(IObjectStore objects, DiskContentStore cache) : IContentStore
{
    /// <summary>The folder of contents in the object store.</summary>
    public const string Folder = "contents";

    private const int AtOnce = 16;

    /// <summary>The object of a content.</summary>
    public static string ObjectOf(string sha256) => $"{Folder}/{sha256[..2]}/{sha256[2..]}";

    /// <inheritdoc/>
    public async Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content.Span));

        // Not held against the cache: another replica may have removed from the store what lies here.
        if (await objects.FindAsync(ObjectOf(sha256), cancellationToken) != content.Length)
        {
            await objects.PutAsync(ObjectOf(sha256), async (target, cancel) => await target.WriteAsync(content, cancel), cancellationToken);
        }

        await cache.PutAsync(content, cancellationToken);
        return sha256;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> PutAllAsync(IReadOnlyList<ReadOnlyMemory<byte>> contents, CancellationToken cancellationToken)
    {
        string[] digests = new string[contents.Count];
        await Parallel.ForAsync(0, contents.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, cancel) =>
            digests[i] = await PutAsync(contents[i], cancel));
        return digests;
    }

    /// <inheritdoc/>
    public Stream OpenRead(string sha256) => cache.Contains(sha256) ? cache.OpenRead(sha256) : Wait(() => FetchAsync(sha256));

    /// <inheritdoc/>
    public bool Contains(string sha256) =>
        DiskContentStore.IsDigest(sha256) && (cache.Contains(sha256) || Wait(() => objects.FindAsync(ObjectOf(sha256), CancellationToken.None)) is not null);

    private async Task<Stream> FetchAsync(string sha256)
    {
        string name = DiskContentStore.IsDigest(sha256) ? ObjectOf(sha256) : throw new FileNotFoundException($"'{sha256}' is not the digest of a content.");
        await using Stream stored = await objects.OpenReadAsync(name, offset: 0, CancellationToken.None);
        string found = await cache.PutAsync(stored, CancellationToken.None);
        return found == sha256
            ? cache.OpenRead(sha256)
            : throw new ObjectStoreException("AW2581", $"the content {sha256} came back changed; restore '{objects.AddressOf(name)}' from a backup");
    }

    // Readers of contents are not asynchronous, since on disk nothing would be gained; the pool keeps this from waiting for itself.
    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
