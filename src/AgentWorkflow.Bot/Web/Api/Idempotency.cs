using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Web.Access;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>
/// Answers a POST that names a key the same way however often it is sent, for a day: who lost the answer may ask again. Only what
/// was done is kept; a refusal is decided anew.
/// </summary>
internal sealed class Idempotency(IDbContextFactory<BotDb> databases, TimeProvider time) : IMiddleware
{
    /// <summary>The header with the key.</summary>
    public const string Header = "Idempotency-Key";

    /// <summary>The longest key.</summary>
    public const int MostKeyLength = 100;

    private const string Replayed = "Idempotency-Replayed";
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <inheritdoc/>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ApiOperation>() is not { IsRepeatable: true } operation || context.Request.Headers[Header] is not { Count: > 0 } given)
        {
            await next(context);
        }
        else if (given is not [{ Length: > 0 and <= MostKeyLength } key] || !key.All(c => c is > ' ' and <= '~'))
        {
            await Problems.Of(StatusCodes.Status400BadRequest, "AW2616", $"{Header} is one text of 1 to {MostKeyLength} visible letters, digits and signs.", Header).ExecuteAsync(context);
        }
        else
        {
            await AnswerAsync(context, next, operation, key);
        }
    }

    private async Task AnswerAsync(HttpContext context, RequestDelegate next, ApiOperation operation, string key)
    {
        string caller = Caller.Of(context).Id;
        string fingerprint = await FingerprintAsync(context.Request, context.RequestAborted);
        await using BotDb db = await databases.CreateDbContextAsync(context.RequestAborted);
        if (await BeginAsync(db, new IdempotencyRow { Caller = caller, Key = key, Fingerprint = fingerprint, CreatedAt = time.GetUtcNow() }, context.RequestAborted) is { } known)
        {
            await (Refusal(known, fingerprint) is { } refusal ? refusal.ExecuteAsync(context) : ReplayAsync(context, known));
            return;
        }

        bool isDone = false;
        Stream output = context.Response.Body;
        using MemoryStream answer = new();
        context.Response.Body = answer;
        try
        {
            await next(context);
            isDone = context.Response.StatusCode < StatusCodes.Status300MultipleChoices;
        }
        finally
        {
            context.Response.Body = output;
            await EndAsync(db, caller, key, isDone ? context.Response : null, operation.AnswersSecret ? null : answer.ToArray());
        }

        answer.Position = 0;
        await answer.CopyToAsync(output, context.RequestAborted);
    }

    /// <summary>Notes that the request is being answered; or gives the note that is there already.</summary>
    private async Task<IdempotencyRow?> BeginAsync(BotDb db, IdempotencyRow row, CancellationToken cancellationToken)
    {
        DateTimeOffset old = time.GetUtcNow() - Life;
        await db.Set<IdempotencyRow>().Where(r => r.CreatedAt < old).ExecuteDeleteAsync(cancellationToken);
        db.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException e) when (StorageErrors.IsDuplicate(e))
        {
            db.ChangeTracker.Clear();
            return await db.Set<IdempotencyRow>().AsNoTracking().SingleOrDefaultAsync(r => r.Caller == row.Caller && r.Key == row.Key, cancellationToken);
        }
    }

    /// <summary>Keeps what was answered; where nothing was done, the key is free again. It has happened: this is not cancelled.</summary>
    private static Task<int> EndAsync(BotDb db, string caller, string key, HttpResponse? done, byte[]? body)
    {
        IQueryable<IdempotencyRow> rows = db.Set<IdempotencyRow>().Where(r => r.Caller == caller && r.Key == key);
        if (done is null)
        {
            return rows.ExecuteDeleteAsync(CancellationToken.None);
        }

        (int? status, string? type, string? location) = (done.StatusCode, done.ContentType, done.Headers.Location.ToString());
        return rows.ExecuteUpdateAsync(
            s => s.SetProperty(r => r.Status, status).SetProperty(r => r.ContentType, type).SetProperty(r => r.Location, location).SetProperty(r => r.Body, body), CancellationToken.None);
    }

    private static ProblemHttpResult? Refusal(IdempotencyRow known, string fingerprint) =>
        known.Fingerprint != fingerprint ? Problems.Of(StatusCodes.Status422UnprocessableEntity, "AW2617", "Another request was sent with this key; a key belongs to one request.", Header)
        : known.Status is null ? Problems.Of(StatusCodes.Status409Conflict, "AW2618", "A request with this key is being answered, or its process died over it; look whether it was done before you send it with another key.", Header)
        : known.Body is null ? Problems.Of(StatusCodes.Status409Conflict, "AW2619", $"This was done ({known.Location}), and its answer is shown only once; revoke what it made and make another.", Header)
        : null;

    private static async Task ReplayAsync(HttpContext context, IdempotencyRow known)
    {
        HttpResponse response = context.Response;
        response.StatusCode = known.Status ?? StatusCodes.Status200OK;
        response.ContentType = known.ContentType;
        response.Headers.Location = string.IsNullOrEmpty(known.Location) ? default : known.Location;
        response.Headers[Replayed] = "true";
        await response.Body.WriteAsync(known.Body, context.RequestAborted);
    }

    private static async Task<string> FingerprintAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.EnableBuffering();
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\n"));
        byte[] buffer = new byte[8192];
        for (int read = await request.Body.ReadAsync(buffer, cancellationToken); read > 0; read = await request.Body.ReadAsync(buffer, cancellationToken))
        {
            hash.AppendData(buffer.AsSpan(0, read));
        }

        request.Body.Position = 0;
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
