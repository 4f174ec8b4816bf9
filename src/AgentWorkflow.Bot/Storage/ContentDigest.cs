using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AgentWorkflow.Bot.Storage;

/// <summary>A SHA-256 in 32 bytes: many of them are held in memory.</summary>
internal readonly record struct ContentDigest(UInt128 First, UInt128 Second)
{
    /// <summary>The digest of a text that is one.</summary>
    /// <param name="sha256">64 hexadecimal digits.</param>
    public static ContentDigest Parse(ReadOnlySpan<char> sha256)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes];
        Convert.FromHexString(sha256, bytes, out _, out _);
        return Read(bytes);
    }

    /// <summary>The digest that the bytes begin with.</summary>
    public static ContentDigest Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt128BigEndian(bytes), BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]));

    /// <summary>Adds all that stand in a text and look like one: 64 small hexadecimal digits with no other beside them.</summary>
    public static void Collect(ReadOnlySpan<char> text, HashSet<ContentDigest> found)
    {
        const int Length = 2 * SHA256.HashSizeInBytes;
        int start = 0;
        for (int at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && char.IsAsciiHexDigitLower(text[at]))
            {
                continue;
            }

            if (at - start == Length)
            {
                found.Add(Parse(text[start..at]));
            }

            start = at + 1;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{First:x32}{Second:x32}";
}
