using System.Threading.RateLimiting;

using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentWorkflow.Bot.Web.Access;

/// <summary>
/// What every request passes before a route sees it: is it local, who makes it, may that role, not too often, and is the object
/// one of theirs (promises P53, P56). A route without a rule is closed.
/// </summary>
internal sealed class Gate(ApiTokens tokens, LocalToken local, ObjectScopes objects) : IMiddleware, IDisposable
{
    /// <summary>How many requests a caller may make at once before it has to wait.</summary>
    public const int Burst = 300;

    /// <summary>How many requests a caller may make in a second, on average.</summary>
    public const int PerSecond = 10;

    private const string Scheme = "Bearer ";
    private const string QueryKey = "token";

    private readonly PartitionedRateLimiter<Caller> _limits = PartitionedRateLimiter.Create<Caller, string>(caller => RateLimitPartition.GetTokenBucketLimiter(
        caller.Id,
        _ => new TokenBucketRateLimiterOptions { TokenLimit = Burst, TokensPerPeriod = PerSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1), AutoReplenishment = true, QueueLimit = 0 }));

    /// <inheritdoc/>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // What is no route of ours (404, 405) is answered by the server itself and gives nothing away. A library may call its routes
        // open to all; a rule of ours wins.
        AccessRule? rule = context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>();
        if (context.GetEndpoint() is not RouteEndpoint endpoint || (rule is null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null))
        {
            await next(context);
            return;
        }

        IResult? answer = rule is null ? NoRule : await AskAsync(context, rule);
        await (answer is null ? next(context) : answer.ExecuteAsync(context));
    }

    /// <inheritdoc/>
    public void Dispose() => _limits.Dispose();

    private static ProblemHttpResult NoRule => Problems.Of(StatusCodes.Status403Forbidden, "AW2609", "This route says nothing of who may use it, so nobody may.");

    /// <summary>What is answered instead of the route; null where it may go on.</summary>
    private async Task<IResult?> AskAsync(HttpContext context, AccessRule rule)
    {
        if (LocalRequests.Refusal(context.Request) is { } foreign)
        {
            return Problems.Of(StatusCodes.Status403Forbidden, foreign.Code, foreign.Sentence);
        }

        if (TakeCookie(context) is { } redirect)
        {
            return redirect;
        }

        TokenFinding found = await FindCallerAsync(context.Request, context.RequestAborted);
        if (found.Caller is not { } caller)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Problems.Of(StatusCodes.Status401Unauthorized, found.Code ?? "", found.Refusal ?? "");
        }

        using RateLimitLease lease = _limits.AttemptAcquire(caller);
        if (!lease.IsAcquired)
        {
            context.Response.Headers.RetryAfter = "1";
            return Problems.Of(StatusCodes.Status429TooManyRequests, "AW2611", $"This token may make {PerSecond} requests a second, {Burst} at once; wait a second.");
        }

        context.Features.Set(caller);
        return caller.Role < rule.Role
            ? Problems.Of(StatusCodes.Status403Forbidden, "AW2610", $"This takes the role {Word(rule.Role)}, and the token '{caller.Name}' has {Word(caller.Role)}.")
            : await CheckObjectAsync(context, rule, caller);
    }

    private async Task<IResult?> CheckObjectAsync(HttpContext context, AccessRule rule, Caller caller)
    {
        if (rule.Kind is ObjectKind.None)
        {
            return null;
        }

        string id = context.GetRouteValue("id")?.ToString() ?? "";
        return await objects.FindAsync(rule.Kind, id, context.RequestAborted) is { } scope && caller.Scope.Covers(scope) ? null : Problems.NotFound(Word(rule.Kind));
    }

    private async Task<TokenFinding> FindCallerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is [{ } authorization])
        {
            string token = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : "";
            return local.Is(token) ? new TokenFinding(Caller.Local) : await tokens.FindAsync(token, cancellationToken);
        }

        return request.Cookies[CookieName(request)] is not { } cookie || !local.IsCookie(cookie)
                ? new TokenFinding(null, "AW2612", $"There is no token; send the header 'Authorization: Bearer TOKEN' with one of 'agentworkflow token create', or with what is in {LocalToken.FileName}.")
            : !LocalRequests.IsOfOwnPage(request) ? new TokenFinding(null, "AW2608", "Another page caused this request.")
            : new TokenFinding(Caller.Local);
    }

    /// <summary>The token in an address becomes a cookie, and the address is opened again without it.</summary>
    private RedirectHttpResult? TakeCookie(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!HttpMethods.IsGet(request.Method) || request.Query[QueryKey] is not [{ } token] || !local.Is(token))
        {
            return null;
        }

        (string value, DateTimeOffset until) = local.NewCookie();
        context.Response.Cookies.Append(CookieName(request), value, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Expires = until, Path = "/" });
        QueryString rest = QueryString.Create(request.Query.Where(q => q.Key != QueryKey));

        // A path that begins with two slashes would be another host.
        return TypedResults.LocalRedirect($"/{request.Path.Value?.TrimStart('/')}{rest}");
    }

    // Browsers send cookies to every port of a host.
    private static string CookieName(HttpRequest request) => $"agentworkflow-{request.HttpContext.Connection.LocalPort}";

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
