using System.Buffers;
using System.Security.Cryptography;
using AgentWorkflow.Bot.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Primitives;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// Takes the deliveries of a GitHub App: the signature over the raw bytes first, then the row, then the answer. Nothing of a
/// request is looked into before its signature is right, and nothing is acted on here.
/// </summary>
internal sealed class GitHubWebhooks(WebhookSecrets secrets, DeliveryStore deliveries, RefusalLog refusals, TimeProvider time)
{
    /// <summary>The route.</summary>
    public const string Path = "/api/github/webhooks";

    /// <summary>The name of the forge in rows.</summary>
    public const string Forge = "github";

    // GitHub itself waits for ten seconds; later nobody reads the answer.
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(10);
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 1000, gracePeriod: TimeSpan.FromSeconds(5));
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        byte[] claimed = new byte[HMACSHA256.HashSizeInBytes];
        IReadOnlyList<byte[]> keys = secrets.Read();
        if (keys.Count == 0)
        {
            await RefuseAsync(context, Refusal.NoSecret);
        }
        else if (CheckHeaders(context.Request, claimed) is { } refusal)
        {
            await RefuseAsync(context, refusal);
        }
        else
        {
            Prepare(context);
            try
            {
                using WebhookBody body = await WebhookBody.ReadAsync(context.Request.BodyReader, time, context.RequestAborted);
                await TakeAsync(context, body, claimed, keys);
            }
            catch (BadHttpRequestException e)
            {
                await RefuseAsync(context, new Refusal(e.StatusCode, "AW2566", $"The request is broken ({e.Message.TrimEnd('.')})."));
            }
            catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
            {
                // The sender is gone; nobody reads an answer.
            }
        }
    }

    private static Refusal? CheckHeaders(HttpRequest request, Span<byte> claimed) =>
        request.Headers.ContentEncoding is { Count: > 0 } encoding && !StringValues.Equals(encoding, "identity") ? Refusal.Encoded
        : request.ContentLength > PackedBody.MostBytes ? Refusal.TooLarge
        : GitHubSignature.TryRead(request.Headers[GitHubSignature.Header], claimed) ? null
        : Refusal.NotSigned;

    // Other routes take a megabyte at most; this one counts by itself, since the server counts the frames of chunks too.
    private static void Prepare(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = SlowestBody;
        }
    }

    private async Task TakeAsync(HttpContext context, WebhookBody body, byte[] claimed, IReadOnlyList<byte[]> keys)
    {
        Refusal? refusal = body.Reading switch
        {
            BodyReading.TooLarge => Refusal.TooLarge,
            BodyReading.TooSlow => Refusal.TooSlow,
            BodyReading.NoRoom => Refusal.NoRoom,
            _ => GitHubSignature.IsOf(body.Bytes, claimed, keys) ? null : Refusal.NotSigned,
        };
        if (refusal is not null)
        {
            await RefuseAsync(context, refusal);
        }
        else if (NameOf(context.Request, "X-GitHub-Event") is not { } name || NameOf(context.Request, "X-GitHub-Delivery") is not { } id)
        {
            await RefuseAsync(context, Refusal.NoName);
        }
        else if (!NeededEvents.Contains(name, body.Bytes))
        {
            await AnswerAsync(context, StatusCodes.Status200OK, "nobody needs this event\n");
        }
        else
        {
            await StoreAsync(context, NewDeliveryOf(context.Request, id, name, body.Bytes));
        }
    }

    private async Task StoreAsync(HttpContext context, NewDelivery delivery)
    {
        try
        {
            // Whoever gives up waiting here gets no success, also when the row is committed a moment later.
            bool stored = await deliveries.AddAsync(delivery).WaitAsync(MostWait, time, CancellationToken.None);
            await (stored ? AnswerAsync(context, StatusCodes.Status202Accepted, "stored\n") : AnswerAsync(context, StatusCodes.Status200OK, "known already\n"));
        }
        catch (StorageException e)
        {
            await RefuseAsync(context, new Refusal(StatusCodes.Status503ServiceUnavailable, e.Code, e.Message));
        }
        catch (TimeoutException)
        {
            await RefuseAsync(context, Refusal.NotCommitted);
        }
    }

    private NewDelivery NewDeliveryOf(HttpRequest request, string id, string name, ReadOnlySpan<byte> body) => new()
    {
        Forge = Forge,
        DeliveryId = id,
        Event = name,
        Source = DeliverySource.Webhook,
        HookId = NumberOf(request, "X-GitHub-Hook-ID"),
        TargetType = NameOf(request, "X-GitHub-Hook-Installation-Target-Type"),
        TargetId = NumberOf(request, "X-GitHub-Hook-Installation-Target-ID"),
        Body = PackedBody.Pack(body),
        ReceivedAt = time.GetUtcNow(),
        Unreadable = IsJson(request.ContentType) ? null : "unreadable: the content type is not application/json",
    };

    private static bool IsJson(string? type) =>
        type is not null && type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) && (type.Length == 16 || type[16] is ';' or ' ');

    private static string? NameOf(HttpRequest request, string header) =>
        request.Headers[header] is [{ Length: > 0 and <= NewDelivery.MostNameLength } value] && !value.AsSpan().ContainsAnyExcept(NameCharacters) ? value : null;

    private static long? NumberOf(HttpRequest request, string header) => request.Headers[header] is [{ } value] && long.TryParse(value, out long number) ? number : null;

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = text.Length;
        return context.Response.WriteAsync(text);
    }

    private Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        refusals.Add(refusal.Code, context.Connection.RemoteIpAddress);
        if (refusal.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "5";
        }

        if (refusal.EndsConnection)
        {
            // What is still to come of the body is not waited for.
            context.Response.Headers.Connection = "close";
        }

        return TypedResults.Problem(refusal.Sentence, statusCode: refusal.Status, extensions: [new KeyValuePair<string, object?>("code", refusal.Code)]).ExecuteAsync(context);
    }

    /// <summary>Why a request is not taken.</summary>
    private sealed record Refusal(int Status, string Code, string Sentence, bool EndsConnection = false)
    {
        public static Refusal NoSecret { get; } = new(
            StatusCodes.Status503ServiceUnavailable, "AW2561", "GitHub__WebhookSecret is not set, so deliveries cannot be told from forged ones; set it to the secret of the App's webhook.", true);

        public static Refusal TooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "AW2562", "The body is larger than 25 MB, which is the most that GitHub sends.", true);

        public static Refusal Encoded { get; } = new(StatusCodes.Status415UnsupportedMediaType, "AW2563", "The body is compressed; send it as it was signed.", true);

        public static Refusal NotSigned { get; } = new(
            StatusCodes.Status401Unauthorized, "AW2564", "There must be exactly one header X-Hub-Signature-256 with the signature of this body; check that the webhook and GitHub__WebhookSecret have the same secret.");

        public static Refusal NoName { get; } = new(StatusCodes.Status400BadRequest, "AW2565", "The headers X-GitHub-Event and X-GitHub-Delivery are missing, doubled or no names.");

        public static Refusal TooSlow { get; } = new(StatusCodes.Status408RequestTimeout, "AW2566", "The body did not come in time.", true);

        public static Refusal NoRoom { get; } = new(StatusCodes.Status503ServiceUnavailable, "AW2560", "Too many bodies are being read; send it again a little later.", true);

        public static Refusal NotCommitted { get; } = new(StatusCodes.Status503ServiceUnavailable, "AW2526", "The database did not answer in time; look at its load and its disk.");
    }
}
