using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;

using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Forges.Git;

/// <summary>All objects of a commit as one pack: git's form of a file that is sent or stored as a whole, whatever their number.</summary>
internal sealed class PackFile : IGitObjectSink
{
    private readonly FileStream _file;
    private readonly IReadOnlySet<string> _there;
    private readonly List<PackIndex.Entry> _entries = [];
    private readonly HashSet<string> _added = new(StringComparer.Ordinal);

    /// <summary>Starts a pack.</summary>
    /// <param name="file">An empty file, open for reading and writing; it stays the caller's.</param>
    /// <param name="there">The hexadecimal ids of objects that need not be in it.</param>
    public PackFile(FileStream file, IReadOnlySet<string> there)
    {
        _file = file;
        _there = there;
        _file.Write("PACK\0\0\0\u0002\0\0\0\0"u8);
    }

    /// <summary>What is in it, where; complete after <see cref="Finish"/>.</summary>
    public IReadOnlyList<PackIndex.Entry> Entries => _entries;

    /// <inheritdoc/>
    public bool Has(byte[] id)
    {
        string hex = Convert.ToHexStringLower(id);
        return _there.Contains(hex) || _added.Contains(hex);
    }

    /// <inheritdoc/>
    public void Add(GitObjectKind kind, byte[] id, ReadOnlySpan<byte> content)
    {
        Begin(kind, id, content.Length);
        if (content.IsEmpty)
        {
            // The stream of .NET writes nothing at all for nothing; git wants the frame and the sum of no bytes.
            _file.Write([0x78, 0x01, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]);
            return;
        }

        using ZLibStream deflate = new(_file, CompressionLevel.Fastest, leaveOpen: true);
        deflate.Write(content);
    }

    /// <inheritdoc/>
    public void Add(GitObjectKind kind, byte[] id, Stream content, long size)
    {
        Begin(kind, id, size);
        using ZLibStream deflate = new(_file, CompressionLevel.Fastest, leaveOpen: true);
        content.CopyTo(deflate);
    }

    /// <summary>Ends the pack.</summary>
    /// <returns>Its checksum, which is also its name where it is stored.</returns>
    public byte[] Finish()
    {
        Span<byte> count = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(count, _entries.Count);
        _file.Position = 8;
        _file.Write(count);
        byte[] checksum = Checksum();
        _file.Write(checksum);
        _file.Flush();
        return checksum;
    }

    private void Begin(GitObjectKind kind, byte[] id, long size)
    {
        _added.Add(Convert.ToHexStringLower(id));
        _entries.Add(new PackIndex.Entry(id, _file.Position));

        // Four bits of the size stand beside the kind, then seven a byte; the high bit says that more follows.
        int first = ((int)kind << 4) | (int)(size & 15);
        long rest = size >> 4;
        while (rest > 0)
        {
            _file.WriteByte((byte)(first | 0x80));
            first = (int)(rest & 0x7f);
            rest >>= 7;
        }

        _file.WriteByte((byte)first);
    }

    // The number of objects stands first and is known last, so the sums are made in one pass over the finished file.
    [SuppressMessage("Security", "CA5350", Justification = "The format's checksum is SHA-1.")]
    private byte[] Checksum()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        byte[] buffer = new byte[128 * 1024];
        long end = _file.Length;
        _file.Position = 0;
        for (int i = -1; i < _entries.Count; i++)
        {
            long stop = i + 1 < _entries.Count ? _entries[i + 1].Offset : end;
            uint crc = PackIndex.CrcStart;
            while (_file.Position < stop)
            {
                int read = _file.Read(buffer, 0, (int)Math.Min(buffer.Length, stop - _file.Position));
                hash.AppendData(buffer, 0, read);
                crc = PackIndex.Crc(crc, buffer.AsSpan(0, read));
            }

            if (i >= 0)
            {
                _entries[i] = _entries[i] with { Crc = ~crc };
            }
        }

        return hash.GetHashAndReset();
    }
}
