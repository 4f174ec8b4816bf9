using System.Globalization;

namespace AgentWorkflow.Bot.Forges.Http;

/// <summary>What an answer says about limits, as spans of time: the forge's clock need not be ours.</summary>
internal readonly record struct LimitHeaders(TimeSpan? RetryAfter, long? Remaining, TimeSpan? UntilReset)
{
    /// <summary>Reads <c>retry-after</c> (seconds or a date) and <c>x-ratelimit-*</c> or <c>ratelimit-*</c>; what cannot be read counts as not said.</summary>
    public static LimitHeaders Read(HttpResponseMessage answer)
    {
        TimeSpan? retry = answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => answer.Headers.Date is { } now ? date - now : null,
            _ => null,
        };
        TimeSpan? reset = Number(answer, "ratelimit-reset") is { } seconds and >= 0 and < 253_402_300_800 && answer.Headers.Date is { } sent
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) - sent
            : null;
        return new LimitHeaders(retry, Number(answer, "ratelimit-remaining"), reset);
    }

    private static long? Number(HttpResponseMessage answer, string name) =>
        (answer.Headers.TryGetValues("x-" + name, out IEnumerable<string>? values) || answer.Headers.TryGetValues(name, out values))
        && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;
}
