using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Access;

/// <summary>Who we are on GitHub: the App, and the account under which it writes. Asked once a process.</summary>
internal sealed class AppIdentity(Installations installations, GitHubHttp http) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private AppFacts? _facts;

    /// <summary>The App and its account.</summary>
    public async Task<AppFacts> GetAsync(CancellationToken cancellationToken)
    {
        if (_facts is { } known)
        {
            return known;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            return _facts ??= await AskAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<AppFacts> AskAsync(CancellationToken cancellationToken)
    {
        GitHubAccess app = installations.App;
        AppAnswer who = (await http.SendAsync(app, GitHubRequest.Get("app", "read the App's name"), cancellationToken)).Read(GitHubJson.Default.AppAnswer);
        string login = $"{who.Slug}[bot]";
        GitHubRequest account = GitHubRequest.Get($"users/{Uri.EscapeDataString(login)}", $"read the account {login}");
        UserAnswer user = (await http.SendAsync(app, account, cancellationToken)).Read(GitHubJson.Default.UserAnswer);
        return new AppFacts(who.Id, who.Slug ?? "", new ActorId(user.Id, login, who.Name));
    }
}

/// <summary>The App and its account.</summary>
internal sealed record AppFacts(long AppId, string Slug, ActorId Bot);
