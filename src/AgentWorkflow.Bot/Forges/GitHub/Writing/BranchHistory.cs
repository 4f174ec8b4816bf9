using System.Net;

using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Writing;

/// <summary>The commits of a branch.</summary>
internal static class BranchHistory
{
    /// <summary>The most commits that are looked at.</summary>
    public const int Most = 100;

    /// <summary>The newest first; empty where there is no such branch, or nothing at all.</summary>
    public static async Task<List<ListedCommit>> ReadAsync(GitHubHttp http, GitHubAccess access, RepoRef repository, string branch, CancellationToken cancellationToken)
    {
        GitHubRequest request = GitHubRequest.Get($"repos/{repository}/commits?sha={Uri.EscapeDataString(branch)}&per_page={Most}", $"look at the branch '{branch}' of {repository}") with
        {
            Accepted = [HttpStatusCode.NotFound, HttpStatusCode.Conflict],
        };
        GitHubAnswer answer = await http.SendAsync(access, request, cancellationToken);
        return answer.Status is HttpStatusCode.OK ? answer.Read(GitHubJson.Default.ListListedCommit) : [];
    }
}
