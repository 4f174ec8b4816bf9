using System.Buffers;
using System.Security.Cryptography;

using Microsoft.Extensions.Primitives;

namespace AgentWorkflow.Bot.Intake;

/// <summary>The signature of a delivery: <c>X-Hub-Signature-256: sha256=</c> and 64 hexadecimal digits in small letters, over the raw bytes.</summary>
internal static class GitHubSignature
{
    /// <summary>The header. The older one with SHA-1 is not looked at.</summary>
    public const string Header = "X-Hub-Signature-256";

    private const string Prefix = "sha256=";
    private static readonly SearchValues<char> SmallHex = SearchValues.Create("0123456789abcdef");

    /// <summary>Reads the header; false for everything but exactly one of exactly that form.</summary>
    /// <param name="header">The values as they came.</param>
    /// <param name="digest">What is claimed; 32 bytes.</param>
    public static bool TryRead(StringValues header, Span<byte> digest)
    {
        if (header is not [{ Length: 71 } text] || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> hex = text.AsSpan(Prefix.Length);
        return !hex.ContainsAnyExcept(SmallHex) && Convert.FromHexString(hex, digest, out _, out int written) is OperationStatus.Done && written == HMACSHA256.HashSizeInBytes;
    }

    /// <summary>True when one of the keys made this digest of the body. The comparison takes the same time wherever they differ.</summary>
    public static bool IsOf(ReadOnlySpan<byte> body, ReadOnlySpan<byte> digest, IReadOnlyList<byte[]> keys)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        foreach (byte[] key in keys)
        {
            HMACSHA256.HashData(key, body, expected);
            if (CryptographicOperations.FixedTimeEquals(expected, digest))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The header's value for a body.</summary>
    public static string Of(ReadOnlySpan<byte> body, byte[] key) => Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(key, body));
}
