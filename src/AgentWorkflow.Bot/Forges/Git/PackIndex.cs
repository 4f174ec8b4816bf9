using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace AgentWorkflow.Bot.Forges.Git;

/// <summary>The index beside a pack, version 2: ids in order, a sum and the place of each object.</summary>
internal static class PackIndex
{
    /// <summary>What a sum starts with; it is inverted at the end.</summary>
    public const uint CrcStart = 0xffffffff;

    private static readonly uint[] s_crcTable = CrcTable();

    /// <summary>Adds bytes to a CRC-32.</summary>
    public static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            crc = s_crcTable[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return crc;
    }

    /// <summary>Writes the index of a pack, durably.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The format's checksum is SHA-1.")]
    public static void Write(string path, IReadOnlyList<Entry> entries, byte[] packChecksum)
    {
        List<Entry> sorted = [.. entries];
        sorted.Sort((a, b) => a.Id.AsSpan().SequenceCompareTo(b.Id));
        using MemoryStream index = new();
        index.Write([0xff, (byte)'t', (byte)'O', (byte)'c']);
        Write(index, 2);
        int at = 0;
        for (int first = 0; first < 256; first++)
        {
            while (at < sorted.Count && sorted[at].Id[0] <= first)
            {
                at++;
            }

            Write(index, (uint)at);
        }

        sorted.ForEach(e => index.Write(e.Id));
        sorted.ForEach(e => Write(index, e.Crc));
        List<long> far = [];
        foreach (Entry entry in sorted)
        {
            // Places past 2 GiB stand in a table of their own.
            bool isFar = entry.Offset > int.MaxValue;
            Write(index, isFar ? 0x80000000 | (uint)far.Count : (uint)entry.Offset);
            if (isFar)
            {
                far.Add(entry.Offset);
            }
        }

        far.ForEach(offset => { Write(index, (uint)(offset >> 32)); Write(index, (uint)offset); });
        index.Write(packChecksum);
        index.Write(SHA1.HashData(index.GetBuffer().AsSpan(0, (int)index.Length)));
        using FileStream file = new(path, FileMode.Create, FileAccess.Write);
        index.WriteTo(file);
        file.Flush(flushToDisk: true);
    }

    private static void Write(MemoryStream stream, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        stream.Write(bytes);
    }

    private static uint[] CrcTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 0 ? value >> 1 : 0xedb88320 ^ (value >> 1);
            }

            table[i] = value;
        }

        return table;
    }

    /// <summary>An object in a pack.</summary>
    /// <param name="Id">Its id, 20 bytes.</param>
    /// <param name="Offset">Where it starts.</param>
    /// <param name="Crc">The CRC-32 of its bytes in the pack.</param>
    internal sealed record Entry(byte[] Id, long Offset, uint Crc = 0);
}
