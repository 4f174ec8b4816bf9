using System.Security.Cryptography;

namespace AgentWorkflow.Bot.Intake;

/// <summary>The deliveries of a GitHub App: signed over the raw bytes, named by two headers.</summary>
internal sealed class GitHubWebhooks(WebhookSecrets secrets) : IWebhookSender
{
    /// <summary>The route.</summary>
    public const string Route = "/api/github/webhooks";

    /// <summary>The name of the forge in rows.</summary>
    public const string Id = "github";

    private static readonly WebhookRefusal NoSecret = new(
        StatusCodes.Status503ServiceUnavailable, "AW2561", "GitHub__WebhookSecret is not set, so deliveries cannot be told from forged ones; set it to the secret of the App's webhook.", true);

    private static readonly WebhookRefusal NotSigned = new(
        StatusCodes.Status401Unauthorized, "AW2564", "There must be exactly one header X-Hub-Signature-256 with the signature of this body; check that the webhook and GitHub__WebhookSecret have the same secret.");

    private static readonly WebhookRefusal NoName = new(StatusCodes.Status400BadRequest, "AW2565", "The headers X-GitHub-Event and X-GitHub-Delivery are missing, doubled or no names.");

    /// <inheritdoc/>
    public string Forge => Id;

    /// <inheritdoc/>
    public string Path => Route;

    /// <inheritdoc/>
    public WebhookRefusal? Examine(HttpRequest request, out BodyCheck check)
    {
        IReadOnlyList<byte[]> keys = secrets.Read();
        byte[] claimed = new byte[HMACSHA256.HashSizeInBytes];
        check = body => GitHubSignature.IsOf(body, claimed, keys) ? null : NotSigned;
        return keys.Count == 0 ? NoSecret
            : GitHubSignature.TryRead(request.Headers[GitHubSignature.Header], claimed) ? null
            : NotSigned;
    }

    /// <inheritdoc/>
    public (NewDelivery? Delivery, WebhookRefusal? Refusal) Read(HttpRequest request, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (WebhookHeaders.NameOf(request, "X-GitHub-Event") is not { } name || WebhookHeaders.NameOf(request, "X-GitHub-Delivery") is not { } id)
        {
            return (null, NoName);
        }

        return NeededEvents.Contains(name, body) ? (DeliveryOf(request, id, name, body, now), null) : (null, null);
    }

    /// <inheritdoc/>
    public string? Prove(HttpRequestMessage request, string name, string id, ReadOnlySpan<byte> body)
    {
        if (secrets.Read() is not [{ } key, ..])
        {
            return "AW2561 GitHub__WebhookSecret is not set, so nothing can be signed; set it to the secret of the bot that runs";
        }

        request.Headers.TryAddWithoutValidation("X-GitHub-Event", name);
        request.Headers.TryAddWithoutValidation("X-GitHub-Delivery", id);
        request.Headers.TryAddWithoutValidation(GitHubSignature.Header, GitHubSignature.Of(body, key));
        return null;
    }

    private static NewDelivery DeliveryOf(HttpRequest request, string id, string name, ReadOnlySpan<byte> body, DateTimeOffset now) => new()
    {
        Forge = Id,
        DeliveryId = id,
        Event = name,
        Source = DeliverySource.Webhook,
        HookId = WebhookHeaders.NumberOf(request, "X-GitHub-Hook-ID"),
        TargetType = WebhookHeaders.NameOf(request, "X-GitHub-Hook-Installation-Target-Type"),
        TargetId = WebhookHeaders.NumberOf(request, "X-GitHub-Hook-Installation-Target-ID"),
        Body = PackedBody.Pack(body),
        ReceivedAt = now,
        Unreadable = WebhookHeaders.Unreadable(request),
    };
}
