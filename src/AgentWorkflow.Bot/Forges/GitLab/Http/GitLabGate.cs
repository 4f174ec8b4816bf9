using AgentWorkflow.Bot.Forges.Http;

namespace AgentWorkflow.Bot.Forges.GitLab.Http;

/// <summary>The limits of our account: GitLab counts by account, not by project.</summary>
internal sealed class GitLabGate : IDisposable
{
    private const int MostAtOnce = 10;

    private readonly SemaphoreSlim _all = new(MostAtOnce);

    public GitLabGate(WritePace pace, TimeProvider time) => Requests = new RequestGate("GitLab", "this account", _all, pace, time);

    /// <summary>Through here goes every request.</summary>
    public RequestGate Requests { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Requests.Dispose();
        _all.Dispose();
    }
}
