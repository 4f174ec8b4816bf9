using System.Globalization;
using System.Text;

using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitLab.Rest;
using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Serving;

using Microsoft.AspNetCore.Http;

namespace AgentWorkflow.Rig.GitLab;

/// <summary>How GitLab speaks: one interface, tokens of users, <c>RateLimit-*</c>.</summary>
internal sealed class GitLabDialect(GitLabWorld world, Gatekeeper gatekeeper, RestEndpoint rest) : IDialect
{
    /// <inheritdoc/>
    public string RawType => "application/octet-stream";

    /// <inheritdoc/>
    public Func<Answer> Prepare(HttpContext context, Exchange exchange) => rest.Prepare(context, exchange);

    /// <inheritdoc/>
    public Answer? Identify(HttpContext context, Exchange exchange)
    {
        (exchange.Caller, Answer? refusal) = gatekeeper.Identify(context.Request.Headers);
        return refusal;
    }

    /// <inheritdoc/>
    public Answer Error(int status, string message) => Refusal.Error(status, message);

    /// <inheritdoc/>
    public void Headers(IHeaderDictionary headers, Exchange exchange, LimitBook.Standing standing)
    {
        headers["X-Request-Id"] = $"00000000{exchange.Sequence:X18}";
        headers["X-Gitlab-Meta"] = "{\"version\":\"1\"}";
        headers["RateLimit-Limit"] = $"{standing.Limit}";
        headers["RateLimit-Name"] = "throttle_authenticated_api";
        headers["RateLimit-Observed"] = $"{standing.Limit - standing.Remaining}";
        headers["RateLimit-Remaining"] = $"{standing.Remaining}";
        headers["RateLimit-Reset"] = $"{standing.Reset.ToUnixTimeSeconds()}";
    }

    /// <inheritdoc/>
    public Answer Limited(Exchange exchange, IHeaderDictionary headers, DateTimeOffset until, bool primary, int status)
    {
        double wait = Math.Max(1, Math.Ceiling((until - world.Time.GetUtcNow()).TotalSeconds));
        headers["Retry-After"] = $"{wait}";
        if (primary)
        {
            headers["RateLimit-Remaining"] = "0";
            headers["RateLimit-Reset"] = $"{until.ToUnixTimeSeconds()}";
            headers["RateLimit-ResetTime"] = until.ToString("R", CultureInfo.InvariantCulture);
        }

        return new Answer(status == 0 ? 429 : status) { Raw = Encoding.ASCII.GetBytes("Retry later\n"), Headers = new(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = "text/plain" } };
    }
}
