using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Serialization.Metadata;

using AgentWorkflow.Bot.Forges.GitHub.Access;

namespace AgentWorkflow.Bot.Forges.GitHub.Http;

/// <summary>Questions that are asked again and again. What has not changed is not sent again, and counts against no limit (promise P34).</summary>
internal sealed class KnownAnswers(GitHubHttp http)
{
    private const int MostKept = 10_000;

    private static readonly HttpStatusCode[] s_nothing = [HttpStatusCode.NotFound, HttpStatusCode.Conflict];

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>The answer; null where there is nothing.</summary>
    /// <param name="access">By what right.</param>
    /// <param name="place">What is asked about, for which one answer is kept: it goes when the next question there is another one.</param>
    /// <param name="path">The question.</param>
    /// <param name="type">The answer's type.</param>
    /// <param name="what">In words.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<T?> AskAsync<T>(GitHubAccess access, string place, string path, JsonTypeInfo<T> type, string what, CancellationToken cancellationToken)
        where T : class
    {
        Known? before = _known.TryGetValue(place, out Known? kept) && kept.Path == path ? kept : null;
        GitHubRequest request = GitHubRequest.Get(path, what) with { KnownTag = before?.Tag, Accepted = [HttpStatusCode.NotModified, .. s_nothing] };
        GitHubAnswer answer = await http.SendAsync(access, request, cancellationToken);
        if (answer.Status is HttpStatusCode.NotModified)
        {
            return before?.Value as T;
        }

        T? value = s_nothing.Contains(answer.Status) ? null : answer.Read(type);
        if (_known.Count > MostKept)
        {
            _known.Clear(); // A cache: what is needed is asked for again.
        }

        if (value is not null && answer.Tag is { } tag)
        {
            _known[place] = new Known(path, tag, value);
        }

        return value;
    }

    private sealed record Known(string Path, string Tag, object Value);
}
