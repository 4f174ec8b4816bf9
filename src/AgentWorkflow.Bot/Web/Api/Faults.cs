using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Storage;

using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>Turns what could not be answered into problem details: bad input with its place, a broken world with its reason. No stack trace leaves.</summary>
internal sealed partial class Faults(StorageOptions storage, ILogger<Faults> logger) : IMiddleware
{
    /// <inheritdoc/>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await next(context);
            await ExplainAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone; nobody reads an answer.
        }
        catch (Exception e) when (!context.Response.HasStarted && e is not OutOfMemoryException)
        {
            ProblemHttpResult problem = Describe(e);
            if (problem.StatusCode >= StatusCodes.Status500InternalServerError)
            {
                Log.Failed(logger, e, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "a route");
            }

            await problem.ExecuteAsync(context);
        }
    }

    private ProblemHttpResult Describe(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => OfJson(json),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType } bad => OfStatus(bad.StatusCode),
        BadHttpRequestException bad when bad.Message.Contains("no body was provided", StringComparison.Ordinal) => Problems.Of(StatusCodes.Status400BadRequest, "AW2644", "There is no body; send JSON.", "$"),
        BadHttpRequestException bad when Parameter().Match(bad.Message) is { Success: true } match => Problems.Of(
            StatusCodes.Status400BadRequest, "AW2642", $"The value of '{match.Groups["name"].Value}' is missing or of a wrong kind.", match.Groups["name"].Value),
        BadHttpRequestException bad => Problems.Of(bad.StatusCode, "AW2643", $"The request is broken: {bad.Message.TrimEnd('.')}."),
        ForgeException forge => Problems.Of(StatusCodes.Status502BadGateway, "AW3000", forge.Message),
        StorageException stored => Problems.Of(StatusCodes.Status503ServiceUnavailable, stored.Code, stored.Message),
        _ when StorageErrors.Explain(exception, storage) is { } stored => Problems.Of(StatusCodes.Status503ServiceUnavailable, stored.Code, stored.Message),
        DbException or DbUpdateException => Problems.Of(StatusCodes.Status503ServiceUnavailable, "AW2525", "The database refused; the server's log says why."),
        _ => Problems.Of(StatusCodes.Status500InternalServerError, "AW2599", "This is a mistake in the program; the server's log has the details."),
    };

    /// <summary>The library's message repeats names of our types; the place and what is wrong are told without them.</summary>
    private static ProblemHttpResult OfJson(JsonException exception)
    {
        string place = exception.Path is { Length: > 0 } path ? path : "$";
        string at = exception.LineNumber is { } line ? $" (line {line + 1}, byte {(exception.BytePositionInLine ?? 0) + 1})" : "";
        if (Missing().Match(exception.Message) is { Success: true } missing)
        {
            string name = missing.Groups["name"].Value;
            return Problems.Of(StatusCodes.Status400BadRequest, "AW2644", $"The field '{name}' is missing.", $"$.{name}");
        }

        return exception.Message.Contains("could not be mapped", StringComparison.Ordinal) ? Problems.Of(StatusCodes.Status400BadRequest, "AW2645", $"There is no field '{place}'{at}.", place)
            : exception.Message.Contains("Duplicate", StringComparison.OrdinalIgnoreCase) ? Problems.Of(StatusCodes.Status400BadRequest, "AW2646", $"The field '{place}' stands twice{at}.", place)
            : exception.Message.Contains("could not be converted", StringComparison.Ordinal) || exception.Message.Contains("null", StringComparison.Ordinal)
                ? Problems.Of(StatusCodes.Status400BadRequest, "AW2647", $"The value of '{place}' is of a wrong kind{at}.", place)
            : Problems.Of(StatusCodes.Status400BadRequest, "AW2648", $"The body is no JSON{at}.", place);
    }

    /// <summary>What the server refuses by itself has a status and no words.</summary>
    private static Task ExplainAsync(HttpContext context) =>
        context.Response is { HasStarted: false, ContentLength: null, ContentType: null, StatusCode: >= StatusCodes.Status400BadRequest } response && !IsOfOtherRoom(context)
            ? OfStatus(response.StatusCode).ExecuteAsync(context)
            : Task.CompletedTask;

    // Webhooks and health answer in words of their own.
    private static bool IsOfOtherRoom(HttpContext context) => context.GetEndpoint() is RouteEndpoint endpoint && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static ProblemHttpResult OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => Problems.Of(status, "AW2649", "There is no such address; /docs lists the API."),
        StatusCodes.Status405MethodNotAllowed => Problems.Of(status, "AW2649", "This address does not take that method; /docs lists the API."),
        StatusCodes.Status413PayloadTooLarge => Problems.Of(status, "AW2640", "The body is larger than 1 MiB."),
        StatusCodes.Status415UnsupportedMediaType => Problems.Of(status, "AW2641", "The body must be JSON; send the header 'Content-Type: application/json'."),
        _ => Problems.Of(status, "AW2643", "The request is broken."),
    };

    [GeneratedRegex("parameter \"\\S+ (?<name>[A-Za-z0-9_-]+)\"", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Parameter();

    [GeneratedRegex("missing required properties including: '?(?<name>[A-Za-z0-9_]+)", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Missing();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Route} could not be answered.")]
        public static partial void Failed(ILogger logger, Exception exception, string method, string route);
    }
}
