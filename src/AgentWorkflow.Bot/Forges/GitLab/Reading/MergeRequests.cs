using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitLab.Reading;

/// <summary>The merge requests of a branch.</summary>
internal sealed class MergeRequests(GitLabClient client)
{
    private const int Enough = 20;

    /// <summary>The latest from this very project, whatever its state; a fork may have a branch of the same name. Null where there was none.</summary>
    /// <exception cref="ForgeException">NotFound: the project is not there.</exception>
    public async Task<MergeRequestAnswer?> LatestAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken)
    {
        List<MergeRequestAnswer> found = await client.SendAsync(api => api.ListMergeRequestsAsync(
            repository.ToString(), branch.Value, "all", "created_at", "desc", Enough, $"look for the merge request of '{branch}' of {repository}", cancellationToken));
        return found.Where(m => m.SourceBranch == branch.Value && m.SourceProjectId == m.TargetProjectId).MaxBy(m => m.Iid);
    }
}
