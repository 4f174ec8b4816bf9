using System.Buffers.Binary;
using System.Security.Cryptography;

using Microsoft.Win32.SafeHandles;

namespace AgentWorkflow.Bot.Storage;

/// <summary>
/// Small contents that were stored together, one file for all of them: the files of a step wait for the disk twice and not
/// twice each. A pack is <c>awpack1\n</c>, the number of contents, of each its digest and length, then the contents, one after
/// the other; numbers are 32 bits, little-endian. Its name is the digest of all before the contents, and it is never changed.
/// What is in which pack is read at the first question and kept in memory (about 100 bytes a content).
/// </summary>
internal sealed class ContentPacks(string folder, DurableFile files)
{
    /// <summary>A content above this many bytes is a file of its own: what is read from a pack is read at once.</summary>
    public const int LargestContent = 1 << 20;

    private const int EntryBytes = SHA256.HashSizeInBytes + sizeof(int);
    private readonly Lock _lock = new();
    private readonly Dictionary<ContentDigest, Place> _places = [];
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private bool _looked;

    private static ReadOnlySpan<byte> Mark => "awpack1\n"u8;

    /// <summary>Stores contents as one pack.</summary>
    /// <param name="contents">Contents by their digests.</param>
    /// <param name="cancellationToken">Cancels; nothing is stored then.</param>
    public async Task AddAsync(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> contents, CancellationToken cancellationToken)
    {
        byte[] head = new byte[Mark.Length + sizeof(int) + (contents.Count * EntryBytes)];
        Mark.CopyTo(head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(Mark.Length), contents.Count);
        List<ReadOnlyMemory<byte>> parts = [head];
        int at = Mark.Length + sizeof(int);
        foreach ((string sha256, ReadOnlyMemory<byte> content) in contents)
        {
            Convert.FromHexString(sha256, head.AsSpan(at), out _, out _);
            BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(at + SHA256.HashSizeInBytes), content.Length);
            parts.Add(content);
            at += EntryBytes;
        }

        string pack = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(head)) + ".pack");
        await files.WriteAsync(pack, parts, cancellationToken);
        lock (_lock)
        {
            Remember(pack, head, parts.Sum(p => (long)p.Length));
        }
    }

    /// <summary>True when the content is in a pack that was seen.</summary>
    public bool Contains(string sha256) => Find(sha256) is { } place && File.Exists(place.Pack);

    /// <summary>Makes the pack of the content new.</summary>
    /// <returns>False when the content is in no pack that was seen and is still there.</returns>
    public bool Renew(string sha256) => Find(sha256) is { } place && ContentFiles.Renew(place.Pack);

    /// <summary>All packs that are there, with the digests of what they hold.</summary>
    public IReadOnlyList<(string Pack, IReadOnlyList<string> Digests)> List()
    {
        lock (_lock)
        {
            Look();
            return [.. _places.GroupBy(p => p.Value.Pack, p => p.Key.ToString()).Where(p => File.Exists(p.Key)).Select(p => (p.Key, (IReadOnlyList<string>)[.. p]))];
        }
    }

    /// <summary>The content; null when it is in no pack that was seen.</summary>
    public byte[]? Read(string sha256)
    {
        if (Find(sha256) is not { } place)
        {
            return null;
        }

        try
        {
            byte[] content = new byte[place.Length];
            using SafeFileHandle file = File.OpenHandle(place.Pack);
            return RandomAccess.Read(file, content, place.Offset) == place.Length ? content : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads packs that were not there at the last look.</summary>
    /// <returns>True when there were any.</returns>
    public bool LookAgain()
    {
        lock (_lock)
        {
            return Look();
        }
    }

    private Place? Find(string sha256)
    {
        lock (_lock)
        {
            _ = !_looked && Look();
            return _places.TryGetValue(ContentDigest.Parse(sha256), out Place? place) ? place : null;
        }
    }

    private bool Look()
    {
        _looked = true;
        int before = _read.Count;
        foreach (string pack in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.pack") : [])
        {
            if (!_read.Contains(pack))
            {
                using SafeFileHandle file = File.OpenHandle(pack);
                Remember(pack, ReadHead(file), RandomAccess.GetLength(file));
            }
        }

        return _read.Count > before;
    }

    private static byte[] ReadHead(SafeFileHandle file)
    {
        byte[] start = new byte[Mark.Length + sizeof(int)];
        if (RandomAccess.Read(file, start, 0) != start.Length || !start.AsSpan().StartsWith(Mark))
        {
            return [];
        }

        long length = start.Length + ((long)BinaryPrimitives.ReadUInt32LittleEndian(start.AsSpan(Mark.Length)) * EntryBytes);
        byte[] head = new byte[Math.Min(length, RandomAccess.GetLength(file))];
        return RandomAccess.Read(file, head, 0) == length ? head : [];
    }

    // A pack that is not as long as it says was cut by something else than us; its contents are taken for not stored.
    private void Remember(string pack, ReadOnlySpan<byte> head, long length)
    {
        List<(ContentDigest, Place)> found = [];
        long offset = head.Length;
        for (int at = Mark.Length + sizeof(int); at < head.Length; at += EntryBytes)
        {
            int size = BinaryPrimitives.ReadInt32LittleEndian(head[(at + SHA256.HashSizeInBytes)..]);
            found.Add((ContentDigest.Read(head[at..]), new Place(pack, offset, size)));
            offset += size;
        }

        if (head.Length > 0 && offset == length && _read.Add(pack))
        {
            foreach ((ContentDigest digest, Place place) in found)
            {
                _places[digest] = place;
            }
        }
    }

    private sealed record Place(string Pack, long Offset, int Length);
}
