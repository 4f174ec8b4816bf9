using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Forges.GitLab;
using AgentWorkflow.Bot.Forges.GitLab.Hooks;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// The deliveries of GitLab: a plain token in a header, or a signature where the hook has a signing token. Once one is set here,
/// the plain token proves nothing any more (promise P9).
/// </summary>
internal sealed class GitLabWebhooks(GitLabSecrets secrets, TimeProvider time) : IWebhookSender
{
    /// <summary>The route.</summary>
    public const string Route = ProjectHooks.Route;

    /// <summary>The header with the plain token.</summary>
    public const string TokenHeader = "X-Gitlab-Token";

    /// <summary>The header with the event's name, as <c>Note Hook</c>.</summary>
    public const string EventHeader = "X-Gitlab-Event";

    /// <summary>The header that stays the same when a delivery is sent again.</summary>
    public const string KeyHeader = "Idempotency-Key";

    private const int MostEventName = 60;

    private static readonly WebhookRefusal NoSecret = new(
        StatusCodes.Status503ServiceUnavailable, "AW2567", "Neither GitLab__SigningToken nor GitLab__WebhookSecret is set, so deliveries cannot be told from forged ones; set one to what the hook has.", true);

    private static readonly WebhookRefusal WrongToken = new(
        StatusCodes.Status401Unauthorized, "AW2568", "There must be exactly one header X-Gitlab-Token with the secret token of the hook; check that the hook and GitLab__WebhookSecret have the same.", true);

    private static readonly WebhookRefusal NotSigned = new(
        StatusCodes.Status401Unauthorized,
        "AW2569",
        "The headers webhook-id, webhook-timestamp and webhook-signature must sign this body, not more than five minutes ago; check that the hook and GitLab__SigningToken have the same token, and this machine's clock.");

    private static readonly WebhookRefusal NoName = new(StatusCodes.Status400BadRequest, "AW2565", "The header X-Gitlab-Event is missing, doubled or no name of an event.");

    /// <inheritdoc/>
    public string Forge => GitLabForge.Id;

    /// <inheritdoc/>
    public string Path => Route;

    /// <inheritdoc/>
    public WebhookRefusal? Examine(HttpRequest request, out BodyCheck check)
    {
        GitLabSecrets.Known known = secrets.Read();
        StandardSignature? signature = StandardSignature.Read(request.Headers);
        check = static _ => null;
        if (known.HasSigningToken)
        {
            check = body => signature?.IsOf(body, known.SigningKeys) is true ? null : NotSigned;
            return signature?.IsTimely(time.GetUtcNow()) is true ? null : NotSigned;
        }

        return known.TokenDigests.Count == 0 ? NoSecret
            : request.Headers[TokenHeader] is [{ } token] && known.IsToken(token) ? null
            : WrongToken;
    }

    /// <inheritdoc/>
    public (NewDelivery? Delivery, WebhookRefusal? Refusal) Read(HttpRequest request, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (request.Headers[EventHeader] is not [{ Length: > 0 and <= MostEventName } title])
        {
            return (null, NoName);
        }

        string name = NameOf(title);
        return NeededEvents.Contains(name, action: null) ? (DeliveryOf(request, name, body, now), null) : (null, null);
    }

    /// <inheritdoc/>
    public string? Prove(HttpRequestMessage request, string name, string id, ReadOnlySpan<byte> body)
    {
        GitLabSecrets.Known known = secrets.Read();
        if (known.SigningKeys is [{ } key, ..])
        {
            long now = time.GetUtcNow().ToUnixTimeSeconds();
            request.Headers.TryAddWithoutValidation(StandardSignature.IdHeader, id);
            request.Headers.TryAddWithoutValidation(StandardSignature.TimeHeader, now.ToString(CultureInfo.InvariantCulture));
            request.Headers.TryAddWithoutValidation(StandardSignature.Header, StandardSignature.Of(id, now, body, key));
        }
        else if (known.HasSigningToken || secrets.Token is not { } token)
        {
            return "AW2567 neither GitLab__SigningToken nor GitLab__WebhookSecret is set, so nothing can be proved; set what the bot that runs has";
        }
        else
        {
            request.Headers.TryAddWithoutValidation(TokenHeader, token);
        }

        request.Headers.TryAddWithoutValidation(EventHeader, TitleOf(name));
        request.Headers.TryAddWithoutValidation(KeyHeader, id);
        return null;
    }

    // "note_hook", as rows and workflows have it, or GitLab's own "Note Hook".
    private static string TitleOf(string name) => name.Contains('_', StringComparison.Ordinal) ? string.Join(' ', name.Split('_').Select(w => w.Length == 0 ? w : char.ToUpperInvariant(w[0]) + w[1..])) : name;

    /// <summary>The event's name in rows: <c>Note Hook</c> is <c>note_hook</c>.</summary>
    public static string NameOf(string title) => title.Replace(' ', '_').ToLowerInvariant();

    private static NewDelivery DeliveryOf(HttpRequest request, string name, ReadOnlySpan<byte> body, DateTimeOffset now) => new()
    {
        Forge = GitLabForge.Id,
        DeliveryId = IdOf(request, body),
        Event = name,
        Source = DeliverySource.Webhook,
        Body = PackedBody.Pack(body),
        ReceivedAt = now,
        Unreadable = WebhookHeaders.Unreadable(request),
    };

    /// <summary>What the forge says is the same for every attempt; else a digest, since recursive hooks share the event's id.</summary>
    private static string IdOf(HttpRequest request, ReadOnlySpan<byte> body)
    {
        if ((WebhookHeaders.NameOf(request, StandardSignature.IdHeader) ?? WebhookHeaders.NameOf(request, KeyHeader)) is { } key)
        {
            return key;
        }

        using IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string header in (string[])["X-Gitlab-Event-UUID", "X-Gitlab-Webhook-UUID", "X-Gitlab-Instance"])
        {
            digest.AppendData(Encoding.UTF8.GetBytes($"{request.Headers[header]}\n"));
        }

        digest.AppendData(body);
        return $"sha256-{Convert.ToHexStringLower(digest.GetHashAndReset())}";
    }
}
