using System.IO.Compression;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// Bodies are kept deflated: payloads shrink to a fifth, which costs less than writing them, and a database need not try to
/// compress them again.
/// </summary>
internal static class PackedBody
{
    /// <summary>The largest body that is taken in, in bytes: the limit of GitHub itself.</summary>
    public const int MostBytes = 25 * 1024 * 1024;

    /// <summary>Packs a body.</summary>
    public static ArraySegment<byte> Pack(ReadOnlySpan<byte> body)
    {
        MemoryStream packed = new((body.Length / 3) + 64);
        using (DeflateStream deflate = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(body);
        }

        return new ArraySegment<byte>(packed.GetBuffer(), 0, (int)packed.Length);
    }

    /// <summary>Packs a body into an array of its size, for a row.</summary>
    public static byte[] PackExactly(ReadOnlySpan<byte> body) => [.. Pack(body)];

    /// <summary>Unpacks a body.</summary>
    /// <exception cref="InvalidDataException">It was not packed here, or is larger than any body that is taken in.</exception>
    public static byte[] Unpack(byte[] packed)
    {
        using MemoryStream source = new(packed, writable: false);
        using DeflateStream inflate = new(source, CompressionMode.Decompress);
        using MemoryStream body = new(packed.Length * 4);
        byte[] part = new byte[64 * 1024];
        for (int read = inflate.Read(part); read > 0; read = inflate.Read(part))
        {
            if (body.Length + read > MostBytes)
            {
                throw new InvalidDataException("A stored delivery is larger than any that is taken in.");
            }

            body.Write(part, 0, read);
        }

        return body.ToArray();
    }
}
