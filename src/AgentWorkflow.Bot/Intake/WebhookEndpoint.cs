using AgentWorkflow.Bot.Storage;

using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Primitives;

using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// Takes the deliveries of every forge: the proof over the raw bytes first, then the row, then the answer. Nothing of a
/// request is looked into before its proof is right, and nothing is acted on here.
/// </summary>
internal sealed class WebhookEndpoint(DeliveryStore deliveries, RefusalLog refusals, TimeProvider time)
{
    // Forges wait for ten seconds; later nobody reads the answer.
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(10);
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 1000, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context, IWebhookSender sender)
    {
        BodyCheck check = static _ => null;
        if ((CheckBody(context.Request) ?? sender.Examine(context.Request, out check)) is { } refusal)
        {
            await RefuseAsync(context, refusal);
            return;
        }

        Prepare(context);
        try
        {
            using WebhookBody body = await WebhookBody.ReadAsync(context.Request.BodyReader, time, context.RequestAborted);
            await TakeAsync(context, body, sender, check);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, new WebhookRefusal(e.StatusCode, "AW2566", $"The request is broken ({e.Message.TrimEnd('.')})."));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The sender is gone; nobody reads an answer.
        }
    }

    private static WebhookRefusal? CheckBody(HttpRequest request) =>
        request.Headers.ContentEncoding is { Count: > 0 } encoding && !StringValues.Equals(encoding, "identity") ? WebhookRefusal.Encoded
        : request.ContentLength > PackedBody.MostBytes ? WebhookRefusal.TooLarge
        : null;

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

    private async Task TakeAsync(HttpContext context, WebhookBody body, IWebhookSender sender, BodyCheck check)
    {
        WebhookRefusal? refusal = body.Reading switch
        {
            BodyReading.TooLarge => WebhookRefusal.TooLarge,
            BodyReading.TooSlow => WebhookRefusal.TooSlow,
            BodyReading.NoRoom => WebhookRefusal.NoRoom,
            _ => check(body.Bytes),
        };
        NewDelivery? delivery = null;
        if (refusal is null)
        {
            (delivery, refusal) = sender.Read(context.Request, body.Bytes, time.GetUtcNow());
        }

        await (refusal is not null ? RefuseAsync(context, refusal)
            : delivery is null ? AnswerAsync(context, StatusCodes.Status200OK, "nobody needs this event\n")
            : StoreAsync(context, delivery));
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
            await RefuseAsync(context, new WebhookRefusal(StatusCodes.Status503ServiceUnavailable, e.Code, e.Message));
        }
        catch (TimeoutException)
        {
            await RefuseAsync(context, WebhookRefusal.NotCommitted);
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = text.Length;
        return context.Response.WriteAsync(text);
    }

    private Task RefuseAsync(HttpContext context, WebhookRefusal refusal)
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
}
