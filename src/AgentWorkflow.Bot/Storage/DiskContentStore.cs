using System.Security.Cryptography;

namespace AgentWorkflow.Bot.Storage;

/// <summary>
/// Contents as files: <c>ab/cd...</c> for one that came alone or is large, <c>packs/NAME.pack</c> for small ones that came
/// together. A name never stands for half a content (see <see cref="DurableFile"/>).
/// </summary>
internal sealed class DiskContentStore : IContentStore, IContentCollector
{
    private const int DigestLength = 64;
    private const int BufferSize = 128 * 1024;
    private readonly string _root;
    private readonly DurableFile _files;
    private readonly ContentFiles _places;
    private readonly ContentPacks _packs;

    /// <summary>Opens the store. Its folder is made when something is put: commands that keep nothing leave nothing behind.</summary>
    /// <param name="root">The folder, absolute.</param>
    public DiskContentStore(string root)
    {
        _root = root;
        _files = new DurableFile(Path.Combine(root, "incoming"));
        _places = new ContentFiles(Path.Combine(root, "incoming"));
        _packs = new ContentPacks(Path.Combine(root, "packs"), _files);
    }

    /// <inheritdoc/>
    public async Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        if (!IsStored(sha256, content.Length))
        {
            await _files.WriteAsync(PlaceOf(sha256), [content], cancellationToken);
        }

        return sha256;
    }

    /// <summary>Stores a content of any size that is read once, and returns its digest.</summary>
    public async Task<string> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string sha256 = "";
        await _files.WriteAsync(async file =>
        {
            byte[] buffer = new byte[BufferSize];
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
            return PlaceOf(sha256);
        });
        return sha256;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> PutAllAsync(IReadOnlyList<ReadOnlyMemory<byte>> contents, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string[] digests = new string[contents.Count];
        Dictionary<string, ReadOnlyMemory<byte>> small = new(StringComparer.Ordinal);
        foreach ((int i, ReadOnlyMemory<byte> content) in contents.Index())
        {
            if (content.Length > ContentPacks.LargestContent)
            {
                digests[i] = await PutAsync(content, cancellationToken);
                continue;
            }

            digests[i] = Convert.ToHexStringLower(SHA256.HashData(content.Span));
            if (!IsStored(digests[i], content.Length))
            {
                small[digests[i]] = content;
            }
        }

        if (small.Count == 1)
        {
            await PutAsync(small.Values.Single(), cancellationToken);
        }
        else if (small.Count > 1)
        {
            await _packs.AddAsync(small, cancellationToken);
        }

        return digests;
    }

    /// <inheritdoc/>
    public Stream OpenRead(string sha256)
    {
        string place = IsDigest(sha256) ? PlaceOf(sha256) : throw new FileNotFoundException($"'{sha256}' is not the digest of a content.");
        if (_packs.Read(sha256) is { } content)
        {
            return new MemoryStream(content, writable: false);
        }

        try
        {
            return new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 16 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is DirectoryNotFoundException or FileNotFoundException)
        {
            // Another process may have packed it since we looked.
            return _packs.LookAgain() && _packs.Read(sha256) is { } late
                ? new MemoryStream(late, writable: false)
                : throw new FileNotFoundException($"The content {sha256} is not stored.", place, e);
        }
    }

    /// <inheritdoc/>
    public bool Contains(string sha256) =>
        IsDigest(sha256) && (File.Exists(PlaceOf(sha256)) || _packs.Contains(sha256) || (_packs.LookAgain() && _packs.Contains(sha256)));

    /// <inheritdoc/>
    public Task<StoredAmount> CollectAsync(Func<string, bool> isNeeded, DateTimeOffset before, CancellationToken cancellationToken)
    {
        _places.Recover(_root);
        StoredAmount removed = StoredAmount.None;
        foreach (FileInfo file in Singles().Where(f => f.LastWriteTimeUtc < before.UtcDateTime && !isNeeded(DigestOf(f))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            removed += _places.Remove(file.FullName, before) is var bytes and > 0 ? new StoredAmount(1, bytes) : StoredAmount.None;
        }

        // A pack goes when nothing in it is needed: what is small and came together mostly goes together.
        foreach ((string pack, IReadOnlyList<string> digests) in _packs.List())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (File.GetLastWriteTimeUtc(pack) < before.UtcDateTime && !digests.Any(isNeeded) && _places.Remove(pack, before) is var bytes and > 0)
            {
                removed += new StoredAmount(digests.Count, bytes);
            }
        }

        return Task.FromResult(removed);
    }

    /// <inheritdoc/>
    public Task<StoredAmount> MeasureAsync(CancellationToken cancellationToken)
    {
        StoredAmount singles = Singles().Aggregate(StoredAmount.None, (sum, file) => sum + new StoredAmount(1, file.Length));
        return Task.FromResult(_packs.List().Aggregate(singles, (sum, pack) => sum + new StoredAmount(pack.Digests.Count, new FileInfo(pack.Pack).Length)));
    }

    /// <summary>Removes what writers left that were stopped. Only for the start, when nobody writes.</summary>
    public void Sweep()
    {
        _places.Recover(_root);
        _files.Sweep();
    }

    /// <summary>True when the text is the digest of a content.</summary>
    public static bool IsDigest(string text) => text.Length == DigestLength && text.All(char.IsAsciiHexDigitLower);

    // What counts as put is made new, or it might be removed before a row points at it. A pack of another process that we have
    // not seen yet may hold it too: then it is stored twice, which harms nobody.
    private bool IsStored(string sha256, int length)
    {
        FileInfo place = new(PlaceOf(sha256));
        return (place.Exists && place.Length == length && ContentFiles.Renew(place.FullName)) || _packs.Renew(sha256);
    }

    private IEnumerable<FileInfo> Singles() => Directory.Exists(_root)
        ? new DirectoryInfo(_root).EnumerateDirectories("??").SelectMany(folder => folder.EnumerateFiles()).Where(f => IsDigest(DigestOf(f)))
        : [];

    private static string DigestOf(FileInfo file) => file.Directory?.Name + file.Name;

    private string PlaceOf(string sha256) => Path.Combine(_root, sha256[..2], sha256[2..]);
}
