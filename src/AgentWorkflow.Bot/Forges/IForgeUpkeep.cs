using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges;

/// <summary>What has to be looked after at a forge so that it goes on telling us what happens. Asked every few minutes.</summary>
internal interface IForgeUpkeep
{
    /// <summary>Looks, and mends what can be mended. What cannot be is said in the log, and by <c>doctor</c>.</summary>
    /// <param name="serves">True for a repository that the operator lets the bot work in.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task KeepAsync(Func<RepoRef, bool> serves, CancellationToken cancellationToken);
}
