using Microsoft.AspNetCore.WebUtilities;

namespace AgentWorkflow.Bot.Forges.GitHub.Http;

/// <summary>The header by which GitHub names the next page (RFC 8288).</summary>
internal static class LinkHeader
{
    /// <summary>The value of <c>cursor</c> in the link to the next page, or null on the last.</summary>
    public static string? NextCursor(HttpResponseMessage answer)
    {
        if (!answer.Headers.TryGetValues("Link", out IEnumerable<string>? links))
        {
            return null;
        }

        foreach (string link in links.SelectMany(l => l.Split(',')).Where(l => l.Contains("rel=\"next\"", StringComparison.Ordinal)))
        {
            int from = link.IndexOf('?', StringComparison.Ordinal), to = link.IndexOf('>', StringComparison.Ordinal);
            if (from >= 0 && to > from && QueryHelpers.ParseQuery(link[from..to]).TryGetValue("cursor", out Microsoft.Extensions.Primitives.StringValues cursor))
            {
                return cursor.ToString();
            }
        }

        return null;
    }
}
