using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Forges.Http;

namespace AgentWorkflow.Bot.Forges.GitHub.Access;

/// <summary>Asks GitHub for the tokens of installations.</summary>
internal sealed class TokenMaker(GitHubHttp http, TimeProvider time)
{
    /// <summary>Makes a token.</summary>
    /// <param name="app">The App's own right.</param>
    /// <param name="installation">The App's installation.</param>
    /// <param name="wanted">The repositories and permissions; GitHub refuses what was not granted.</param>
    /// <param name="rights">The same in our words.</param>
    /// <param name="gate">The installation's limits.</param>
    /// <param name="what">What for: "get a token for a/b".</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<AccessToken> MakeAsync(
        GitHubAccess app, long installation, TokenRequest wanted, ForgeRights rights, RequestGate gate, string what, CancellationToken cancellationToken)
    {
        gate.ThrowIfClosed();
        DateTimeOffset madeAt = time.GetUtcNow();
        GitHubRequest request = GitHubRequest.Post($"app/installations/{installation}/access_tokens", wanted, GitHubJson.Default.TokenRequest, what) with { IsContent = false };
        try
        {
            GitHubAnswer answer = await http.SendAsync(app, request, cancellationToken);
            TokenAnswer made = answer.Read(GitHubJson.Default.TokenAnswer);
            return new AccessToken(made.Token, rights, made.Repositories is [var only] ? only : null, madeAt);
        }
        catch (ForgeException exception) when (exception.Fault is ForgeFault.Ambiguous)
        {
            // A token that never came back does nothing: it is simply asked for again.
            throw new ForgeException(ForgeFault.Unavailable, exception.Message, exception);
        }
    }
}
