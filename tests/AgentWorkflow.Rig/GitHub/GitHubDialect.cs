using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitHub.GraphQl;
using AgentWorkflow.Rig.GitHub.Rest;
using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Journal;
using AgentWorkflow.Rig.Serving;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.GitHub;

/// <summary>How GitHub speaks: two interfaces, app and installation, <c>X-RateLimit-*</c>.</summary>
internal sealed class GitHubDialect(GitHubWorld world, ForgeJournal journal, Gatekeeper gatekeeper, RestEndpoint rest, GraphQlEndpoint graphQl) : IDialect
{
    /// <inheritdoc/>
    public string RawType => "application/vnd.github.raw; charset=utf-8";

    /// <inheritdoc/>
    public Func<Answer> Prepare(HttpContext context, Exchange exchange)
    {
        string path = exchange.Target.Split('?')[0];
        return path is "/api/graphql" or "/graphql"
            ? graphQl.Prepare(exchange)
            : rest.Prepare(context, exchange, path.StartsWith("/api/v3", StringComparison.Ordinal) ? path["/api/v3".Length..] : path);
    }

    /// <inheritdoc/>
    public Answer? Identify(HttpContext context, Exchange exchange)
    {
        (exchange.Caller, Answer? refusal) = gatekeeper.Identify(context.Request.Headers.Authorization.ToString());
        if (context.Request.Headers.UserAgent.Count > 0)
        {
            return refusal;
        }

        journal.Violation($"{exchange.Method} {exchange.Target}: no User-Agent");
        return Error(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header");
    }

    /// <inheritdoc/>
    public Answer Error(int status, string message) => Refusal.Error(status, message);

    /// <inheritdoc/>
    public void Headers(IHeaderDictionary headers, Exchange exchange, LimitBook.Standing standing)
    {
        headers["X-GitHub-Request-Id"] = $"0000:00000:{exchange.Sequence:X7}:0000000:00000000";
        headers["X-GitHub-Media-Type"] = "github.v3; format=json";
        headers["X-RateLimit-Limit"] = $"{standing.Limit}";
        headers["X-RateLimit-Remaining"] = $"{standing.Remaining}";
        headers["X-RateLimit-Used"] = $"{standing.Limit - standing.Remaining}";
        headers["X-RateLimit-Reset"] = $"{standing.Reset.ToUnixTimeSeconds()}";
        headers["X-RateLimit-Resource"] = IsGraphQl(exchange) ? "graphql" : "core";
    }

    /// <inheritdoc/>
    public Answer Limited(Exchange exchange, IHeaderDictionary headers, DateTimeOffset until, bool primary, int status)
    {
        status = status == 0 ? 403 : status;
        if (primary)
        {
            headers["X-RateLimit-Remaining"] = "0";
            headers["X-RateLimit-Reset"] = $"{until.ToUnixTimeSeconds()}";
            string message = $"API rate limit exceeded for {exchange.CallerName}.";
            return IsGraphQl(exchange)
                ? Answer.Ok(new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["type"] = "RATE_LIMITED", ["message"] = message }) })
                : Error(status, message);
        }

        double wait = Math.Max(1, Math.Ceiling((until - world.Time.GetUtcNow()).TotalSeconds));
        return Error(status, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.") with { Headers = new(StringComparer.OrdinalIgnoreCase) { ["Retry-After"] = $"{wait}" } };
    }

    private static bool IsGraphQl(Exchange exchange) => exchange.Names.Contains("POST /graphql");
}
