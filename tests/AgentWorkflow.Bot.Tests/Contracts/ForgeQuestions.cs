using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>Single questions, asked through the ports as the program has them.</summary>
internal static class ForgeQuestions
{
    /// <summary>The repository, or null.</summary>
    public static async Task<RepositoryFacts?> FindRepositoryAsync(this IForgeReader reader, RepoRef repository, CancellationToken cancellationToken) =>
        (await reader.ReadTriggerAsync(repository, new TriggerQuery(null), cancellationToken))?.Repository;

    /// <summary>The issue or pull request, or null.</summary>
    public static async Task<IssueFacts?> FindIssueAsync(this IForgeReader reader, RepoRef repository, long number, CancellationToken cancellationToken) =>
        (await reader.ReadTriggerAsync(repository, new TriggerQuery(number), cancellationToken))?.Issue;

    /// <summary>The branch, or null.</summary>
    public static async Task<BranchFacts?> FindBranchAsync(this IForgeReader reader, RepoRef repository, BranchName branch, CancellationToken cancellationToken) =>
        (await reader.FindWorkAsync(repository, branch, cancellationToken)).Head;

    /// <summary>The latest pull request from a branch, or null.</summary>
    public static async Task<PullRequestFacts?> FindPullRequestAsync(this IForgeReader reader, RepoRef repository, BranchName branch, CancellationToken cancellationToken) =>
        (await reader.FindWorkAsync(repository, branch, cancellationToken)).PullRequest;
}
