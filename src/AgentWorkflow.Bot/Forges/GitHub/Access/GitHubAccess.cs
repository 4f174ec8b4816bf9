using AgentWorkflow.Bot.Forges.Http;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Access;

/// <summary>What a request goes out with: whose limits it counts against, and by what right.</summary>
internal sealed class GitHubAccess(RepoRef? repository, RequestGate gate, Func<CancellationToken, Task<string>> bearer, Action forget)
{
    /// <summary>The repository; null where the App asks for itself.</summary>
    public RepoRef? Repository => repository;

    /// <summary>The installation's limits.</summary>
    public RequestGate Gate => gate;

    /// <summary>The text of the authorization header, made at the last moment.</summary>
    public Task<string> BearerAsync(CancellationToken cancellationToken) => bearer(cancellationToken);

    /// <summary>Forgets what the right was made from: GitHub does not take it any more.</summary>
    public void Forget() => forget();
}

/// <summary>What a token is for. One that writes more than words belongs to one run, and no other run uses it (promise P52).</summary>
/// <param name="Run">The run's key; null for reading, and for talking on issues: reactions, comments, labels.</param>
/// <param name="Rights">What it writes.</param>
internal sealed record TokenUse(string? Run, ForgeRights Rights)
{
    /// <summary>Reading and talking.</summary>
    public static TokenUse Talk { get; } = new(null, ForgeRights.None);

    /// <summary>What an effect writes, with all that the rest of its step does.</summary>
    public static TokenUse Of(EffectOwner owner, ForgeRights effect) => new(owner.RunKey, owner.Rights | effect);
}
