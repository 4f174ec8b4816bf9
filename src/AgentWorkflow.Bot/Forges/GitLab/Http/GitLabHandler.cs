using AgentWorkflow.Bot.Forges.Http;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitLab.Http;

/// <summary>Around every request: a turn at the gate, our token, and what went wrong as a <see cref="ForgeException"/>.</summary>
internal sealed class GitLabHandler(GitLabGate gate, IOptions<GitLabOptions> options) : DelegatingHandler
{
    private const string TokenHeader = "PRIVATE-TOKEN";

    private static readonly HttpRequestOptionsKey<string> s_what = new(GitLabClient.What);
    private static readonly HttpRequestOptionsKey<bool> s_ownLimit = new(GitLabClient.OwnLimit);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string what = request.Options.TryGetValue(s_what, out string? said) ? said : "ask";
        bool isSafe = request.Method == HttpMethod.Get;
        bool ownLimit = request.Options.TryGetValue(s_ownLimit, out bool own) && own;
        using RequestGate.Turn turn = await gate.Requests.EnterAsync(!isSafe, cancellationToken);
        request.Headers.TryAddWithoutValidation(TokenHeader, options.Value.Token?.Trim());
        try
        {
            HttpResponseMessage answer = await base.SendAsync(request, cancellationToken);
            DateTimeOffset? until = ownLimit ? null : gate.Requests.Learn(answer);
            if (answer.IsSuccessStatusCode)
            {
                return answer;
            }

            using (answer)
            {
                byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                throw GitLabFaults.Refused(what, isSafe, answer.StatusCode, body, until);
            }
        }
        catch (Exception exception) when (BrokenConnection.Is(exception, cancellationToken))
        {
            throw GitLabFaults.Broken(what, isSafe, exception);
        }
    }
}
