using System.Security.Cryptography;

namespace AgentWorkflow.Bot.Storage.Objects;

/// <summary>
/// Contents as objects <c>contents/ab/cd...</c>, for several replicas, with a copy on this machine's disk. The copy is a
/// cache: what is not there is fetched and held against its digest.
/// </summary>
internal sealed class ObjectContentStore(IObjectStore objects, DiskContentStore cache, TimeProvider time) : IContentStore, IContentCollector
{
    /// <summary>The folder of contents in the object store.</summary>
    public const string Folder = "contents";

    private const int AtOnce = 16;

    // What is put again is written again when it is older than this: well before anybody may remove it.
    private static readonly TimeSpan Renewal = TimeSpan.FromHours(6);

    /// <summary>The object of a content.</summary>
    public static string ObjectOf(string sha256) => $"{Folder}/{sha256[..2]}/{sha256[2..]}";

    /// <inheritdoc/>
    public async Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content.Span));

        // Not held against the cache: another replica may have removed from the store what lies here.
        StoredObject? found = await objects.FindAsync(ObjectOf(sha256), cancellationToken);
        if (found?.Size != content.Length || found.WrittenAt < time.GetUtcNow() - Renewal)
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

    /// <inheritdoc/>
    /// <remarks>
    /// A server has no move that tells whether an object became new meanwhile, so each is asked for once more right before it is
    /// deleted. A replica that puts the same content within that moment loses it in the store and still has it in its cache.
    /// </remarks>
    public async Task<StoredAmount> CollectAsync(Func<string, bool> isNeeded, DateTimeOffset before, CancellationToken cancellationToken)
    {
        StoredAmount removed = StoredAmount.None;
        await foreach (StoredObject found in objects.ListAsync(Folder, cancellationToken))
        {
            string sha256 = found.Name[(Folder.Length + 1)..].Replace("/", "", StringComparison.Ordinal);
            if (found.WrittenAt < before && DiskContentStore.IsDigest(sha256) && !isNeeded(sha256)
                && (await objects.FindAsync(found.Name, cancellationToken))?.WrittenAt < before)
            {
                await objects.DeleteAsync(found.Name, cancellationToken);
                removed += new StoredAmount(1, found.Size);
            }
        }

        await cache.CollectAsync(isNeeded, before, cancellationToken);
        return removed;
    }

    /// <inheritdoc/>
    public async Task<StoredAmount> MeasureAsync(CancellationToken cancellationToken) =>
        await objects.ListAsync(Folder, cancellationToken).AggregateAsync(StoredAmount.None, (sum, found) => sum + new StoredAmount(1, found.Size), cancellationToken);

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
