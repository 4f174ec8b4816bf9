using System.Security.Cryptography;
using System.Text;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// What deliveries of GitLab prove themselves with, each the current one and the one before. They are looked up at each request,
/// so that a change of a mounted file needs no restart, and no delivery is refused while both are in use (promise P8).
/// </summary>
internal sealed class GitLabSecrets(IConfiguration configuration)
{
    private const string Section = "GitLab:";

    private Known? _known;

    /// <summary>The current plain token, for those who send; null where none is set.</summary>
    public string? Token => configuration[Section + "WebhookSecret"] is { } token && !string.IsNullOrWhiteSpace(token) ? token.Trim() : null;

    /// <summary>All that is set now.</summary>
    public Known Read()
    {
        string?[] set = [configuration[Section + "SigningToken"], configuration[Section + "PreviousSigningToken"], configuration[Section + "WebhookSecret"], configuration[Section + "PreviousWebhookSecret"]];
        Known? known = _known;
        if (known is null || !known.IsOf(set))
        {
            _known = known = new Known(set);
        }

        return known;
    }

    /// <summary>What is set; nothing of it shows itself.</summary>
    internal sealed class Known
    {
        private readonly string?[] _set;

        public Known(string?[] set)
        {
            _set = set;

            // Without a current one the one before counts for nothing.
            SigningKeys = string.IsNullOrWhiteSpace(set[0]) ? [] : [.. set[..2].Select(StandardSignature.KeyOf).OfType<byte[]>()];
            HasSigningToken = !string.IsNullOrWhiteSpace(set[0]);
            TokenDigests = string.IsNullOrWhiteSpace(set[2]) ? [] : [.. set[2..].Where(s => !string.IsNullOrWhiteSpace(s)).Select(s => DigestOf(s?.Trim() ?? ""))];
        }

        /// <summary>True where a signing token is set, also one that cannot be read: the plain token then proves nothing.</summary>
        public bool HasSigningToken { get; }

        /// <summary>The keys of signing tokens.</summary>
        public IReadOnlyList<byte[]> SigningKeys { get; }

        /// <summary>The digests of plain tokens.</summary>
        public IReadOnlyList<byte[]> TokenDigests { get; }

        /// <summary>True while these are set.</summary>
        public bool IsOf(string?[] set) => set.Zip(_set).All(p => ReferenceEquals(p.First, p.Second));

        /// <summary>True for one of the plain tokens; digests are compared, so that not even the length can be found out.</summary>
        public bool IsToken(string token)
        {
            byte[] digest = DigestOf(token);
            bool isOne = false;
            foreach (byte[] known in TokenDigests)
            {
                isOne |= CryptographicOperations.FixedTimeEquals(known, digest);
            }

            return isOne;
        }

        private static byte[] DigestOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
    }
}
