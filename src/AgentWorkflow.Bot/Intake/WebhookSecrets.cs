using System.Text;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// The secrets that deliveries of GitHub are signed with, the current and the one before. They are looked up at each request,
/// so that a change of a mounted file needs no restart, and no delivery is refused while both are in use.
/// </summary>
internal sealed class WebhookSecrets(IConfiguration configuration)
{
    /// <summary>The setting without which no delivery is taken.</summary>
    public const string Setting = "GitHub:WebhookSecret";

    private const string PreviousSetting = "GitHub:PreviousWebhookSecret";

    private Known? _known;

    /// <summary>The keys, current one first; empty where no secret is configured, even if there is a previous one.</summary>
    public IReadOnlyList<byte[]> Read()
    {
        string? current = configuration[Setting];
        string? previous = configuration[PreviousSetting];
        Known? known = _known;
        if (known is null || !ReferenceEquals(known.Current, current) || !ReferenceEquals(known.Previous, previous))
        {
            _known = known = new Known(current, previous, KeysOf(current, previous));
        }

        return known.Keys;
    }

    private static byte[][] KeysOf(string? current, string? previous) => string.IsNullOrWhiteSpace(current)
        ? []
        : [.. new[] { current, previous }.Where(s => !string.IsNullOrWhiteSpace(s)).Select(s => Encoding.UTF8.GetBytes(s?.Trim() ?? ""))];

    private sealed record Known(string? Current, string? Previous, byte[][] Keys);
}
