using System.Globalization;

using AgentWorkflow.Bot.Forges.GitLab.Http;

namespace AgentWorkflow.Bot.Forges.GitLab.Setup;

/// <summary>Whether the token may do what the bot does, and for how long: GitLab ends every token after a year at the latest.</summary>
internal sealed class TokenHealth(GitLabClient client, TimeProvider time)
{
    private const string NeededScope = "api";
    private const int Soon = 30;
    private const int VerySoon = 7;

    /// <summary>Asks GitLab about the token.</summary>
    /// <exception cref="ForgeException">It does not say.</exception>
    public async Task<ForgeFinding> ExamineAsync(CancellationToken cancellationToken)
    {
        TokenAnswer token = await client.SendAsync(api => api.GetTokenAsync("read what the bot's token may do", cancellationToken));
        List<string> scopes = token.Scopes ?? [];
        int? left = token.ExpiresAt is { } last ? last.DayNumber - DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).DayNumber : null;
        string until = token.ExpiresAt is { } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
        string renew = "make a new one, or rotate it, and put it into GitLab__Token before";
        string? problem = !scopes.Contains(NeededScope) ? $"AW3084 the token '{token.Name}' has not the scope '{NeededScope}' (it has: {string.Join(", ", scopes)}); make one that has."
            : token.Revoked || !token.Active ? $"AW3085 the token '{token.Name}' is revoked or has expired; make a new one and put it into GitLab__Token."
            : left <= VerySoon ? $"AW3087 the token '{token.Name}' expires in {left} days, on {until}: {renew}, or the bot stops then."
            : left <= Soon ? $"AW3086 the token '{token.Name}' expires in {left} days, on {until}; {renew}."
            : null;
        return new ForgeFinding("token", problem, $"scopes {string.Join(", ", scopes)}; {(left is null ? "does not expire" : $"expires on {until}")}");
    }
}
