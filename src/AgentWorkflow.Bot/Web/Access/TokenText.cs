using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Web.Access;

/// <summary>
/// The text of a token: a prefix that scanners of secrets know, 260 random bits, and six characters that tell a token from a
/// typing mistake without a look at the database.
/// </summary>
internal static class TokenText
{
    /// <summary>How every token begins.</summary>
    public const string Prefix = "agw_";

    private const int RandomLength = 52;
    private const int CheckLength = 6;

    /// <summary>A new token.</summary>
    public static string New(IRandomSource random)
    {
        string text = random.NextBase32(RandomLength);
        return $"{Prefix}{text}{CheckOf(text)}";
    }

    /// <summary>True where it can be a token at all.</summary>
    public static bool IsWellFormed(string token) =>
        token.Length == Prefix.Length + RandomLength + CheckLength && token.StartsWith(Prefix, StringComparison.Ordinal)
        && CheckOf(token[Prefix.Length..^CheckLength]) == token[^CheckLength..];

    /// <summary>What is stored of it: the SHA-256 in lower-case hexadecimal.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static string CheckOf(string text) =>
        string.Concat(SHA256.HashData(Encoding.UTF8.GetBytes(Prefix + text)).Take(CheckLength).Select(b => IRandomSource.Alphabet[b & 31]));
}
