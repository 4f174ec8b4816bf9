using AgentWorkflow.Bot.Forges.GitLab.Http;

namespace AgentWorkflow.Bot.Forges.GitLab.Access;

/// <summary>Who we are on GitLab: the account of the token. Asked once a process.</summary>
internal sealed class GitLabIdentity(GitLabClient client) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private UserAnswer? _self;

    /// <summary>Our account.</summary>
    public async Task<UserAnswer> GetAsync(CancellationToken cancellationToken)
    {
        if (_self is { } known)
        {
            return known;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            return _self ??= await client.SendAsync(api => api.GetSelfAsync("read the bot's account", cancellationToken));
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();
}
