using AgentWorkflow.Bot.Forges.GitHub.Http;
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

/// <summary>What a token is for.</summary>
internal enum Purpose
{
    /// <summary>Reading, and talking on issues: reactions, comments, labels.</summary>
    Talk,

    /// <summary>Branch, commit, pull request and check.</summary>
    Publish,

    /// <summary>A commit that holds CI files.</summary>
    PublishWithCi,
}
