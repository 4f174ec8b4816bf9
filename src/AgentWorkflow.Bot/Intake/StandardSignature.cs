using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// A signature after Standard Webhooks: HMAC-SHA256 over <c>id.timestamp.body</c>, of which a header may hold several. It holds for
/// five minutes round its time, so that a delivery which somebody has kept cannot be sent again later.
/// </summary>
internal sealed class StandardSignature
{
    /// <summary>The header with the delivery's id, which is signed too.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The header with the time in seconds since 1970, which is signed too.</summary>
    public const string TimeHeader = "webhook-timestamp";

    /// <summary>The header with the signatures.</summary>
    public const string Header = "webhook-signature";

    private const string Version = "v1,";
    private const string SecretPrefix = "whsec_";
    private const int MostHeader = 2_000;
    private const long LastSecond = 253_402_300_799;

    private static readonly TimeSpan s_tolerance = TimeSpan.FromSeconds(300);

    private readonly byte[] _signed;
    private readonly DateTimeOffset _at;
    private readonly List<byte[]> _claimed;

    private StandardSignature(string id, long at, List<byte[]> claimed)
    {
        _signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at}."));
        _at = DateTimeOffset.FromUnixTimeSeconds(at);
        _claimed = claimed;
    }

    /// <summary>Reads the three headers; null where one is missing, doubled or of another form.</summary>
    public static StandardSignature? Read(IHeaderDictionary headers)
    {
        if (headers[IdHeader] is not [{ Length: > 0 and <= MostHeader } id] || headers[Header] is not [{ Length: > 0 and <= MostHeader } signatures]
            || headers[TimeHeader] is not [{ } time] || !long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out long at) || at > LastSecond
            || time != at.ToString(CultureInfo.InvariantCulture))
        {
            return null;
        }

        // Other versions may stand beside ours while the scheme is changed. Of two headers a proxy makes one with a comma between; they are two.
        string[] parts = signatures.Split(' ');
        List<byte[]> claimed = parts.Any(static p => p.Count(',') > 1) ? [] : [.. parts.Where(s => s.StartsWith(Version, StringComparison.Ordinal)).Select(s => DigestOf(s[Version.Length..])).OfType<byte[]>()];
        return claimed.Count == 0 ? null : new StandardSignature(id, at, claimed);
    }

    /// <summary>True while its time is near enough.</summary>
    public bool IsTimely(DateTimeOffset now) => (now - _at).Duration() <= s_tolerance;

    /// <summary>True when one of the keys made one of the signatures. The comparison takes the same time wherever they differ.</summary>
    public bool IsOf(ReadOnlySpan<byte> body, IReadOnlyList<byte[]> keys)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        bool isOne = false;
        foreach (byte[] key in keys)
        {
            using IncrementalHash hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hmac.AppendData(_signed);
            hmac.AppendData(body);
            hmac.GetHashAndReset(expected);
            foreach (byte[] claimed in _claimed)
            {
                isOne |= CryptographicOperations.FixedTimeEquals(expected, claimed);
            }
        }

        return isOne;
    }

    /// <summary>The header's value for a body.</summary>
    public static string Of(string id, long at, ReadOnlySpan<byte> body, byte[] key)
    {
        using IncrementalHash hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at}.")));
        hmac.AppendData(body);
        return Version + Convert.ToBase64String(hmac.GetHashAndReset());
    }

    /// <summary>The key of a signing token: <c>whsec_</c> and base64; null for anything else.</summary>
    public static byte[]? KeyOf(string? token)
    {
        string text = token?.Trim() ?? "";
        byte[] key = new byte[text.Length];
        return text.StartsWith(SecretPrefix, StringComparison.Ordinal) && Convert.TryFromBase64String(text[SecretPrefix.Length..], key, out int length) && length > 0 ? key[..length] : null;
    }

    // Written in one way alone: base64 takes blanks and bits that count for nothing, and then many headers would be one signature.
    private static byte[]? DigestOf(string base64)
    {
        byte[] digest = new byte[HMACSHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(base64, digest, out int length) && length == digest.Length && Convert.ToBase64String(digest) == base64 ? digest : null;
    }
}
