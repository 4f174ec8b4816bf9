using System.Globalization;
using System.Text;

namespace AgentWorkflow.Engine.Identity;

/// <summary>Looks through percent encodings, also repeated and broken ones, for what a path must not hold.</summary>
internal static class EncodedPath
{
    private const int MaxRounds = 6;

    /// <summary>True when some decoding of the path leaves its place.</summary>
    public static bool Hides(string text)
    {
        string current = text;
        for (int round = 0; round < MaxRounds && current.Contains('%', StringComparison.Ordinal); round++)
        {
            string? decoded = Decode(current);
            if (decoded is null)
            {
                return true;
            }

            if (string.Equals(decoded, current, StringComparison.Ordinal))
            {
                return false;
            }

            if (decoded.AsSpan().ContainsAny(RepoPathRules.LookAlikes) || Leaves(current, UnicodeForms.Compose(decoded, compatible: true)))
            {
                return true;
            }

            current = decoded;
        }

        // Still decodable after so many rounds: nobody names a file so.
        return current.Contains('%', StringComparison.Ordinal) && !string.Equals(Decode(current), current, StringComparison.Ordinal);
    }

    private static bool Leaves(string before, string after) =>
        after.Count(c => c == '/') != before.Count(c => c == '/')
        || after.Contains('\\', StringComparison.Ordinal)
        || after.Any(char.IsControl)
        || after.Split('/').Any(p => p.TrimEnd(' ', '.').Length == 0 || p.StartsWith("..", StringComparison.Ordinal));

    // Null when the bytes are no UTF-8: an overlong '/' or '.' is such a thing.
    private static string? Decode(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && TryHex(text, i + 1, 2, out int value))
            {
                bytes.Add((byte)value);
                i += 2;
            }
            else if (text[i] == '%' && i + 1 < text.Length && text[i + 1] is 'u' or 'U' && TryHex(text, i + 2, 4, out value))
            {
                string wide = char.IsSurrogate((char)value) ? "\uFFFD" : ((char)value).ToString();
                bytes.AddRange(Encoding.UTF8.GetBytes(UnicodeForms.Compose(wide, compatible: true)));
                i += 5;
            }
            else
            {
                int length = char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(i, length)));
                i += length - 1;
            }
        }

        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool TryHex(string text, int start, int length, out int value)
    {
        value = 0;
        return start + length <= text.Length && int.TryParse(text.AsSpan(start, length), NumberStyles.AllowHexSpecifier, null, out value);
    }
}
