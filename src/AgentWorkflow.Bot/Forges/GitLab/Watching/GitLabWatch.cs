using System.Globalization;
using System.Runtime.CompilerServices;

using AgentWorkflow.Bot.Forges.GitLab.Access;
using AgentWorkflow.Bot.Forges.GitLab.Http;
using AgentWorkflow.Bot.Forges.GitLab.Reading;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Forges.GitLab.Watching;

/// <summary>
/// Looks for what no delivery tells, and is the only source where nothing can be delivered: three questions a project where nothing
/// has changed. GitLab notes a project's activity once an hour at most, so each is looked at each time.
/// </summary>
internal sealed class GitLabWatch(GitLabClient client, GitLabProjects projects, GitLabNews news, IOptions<GitLabOptions> options, TimeProvider time) : IForgeWatch
{
    private const int Pushes = 100;

    /// <inheritdoc/>
    public int? PollSeconds => options.Value.PollSeconds;

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchedRepository> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string stamp = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        foreach (ProjectAnswer project in await projects.ListAsync(cancellationToken))
        {
            if (RepoRef.TryParse(project.PathWithNamespace, out RepoRef? name))
            {
                yield return new WatchedRepository(project.Id, name, project.DefaultBranch ?? "main", stamp);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<CommitId?> FindHeadAsync(WatchedRepository repository, CancellationToken cancellationToken)
    {
        BranchAnswer? branch = await client.FindAsync(api =>
            api.GetBranchAsync(repository.Repository.ToString(), repository.DefaultBranch, $"read the head of {repository.Repository}", cancellationToken));
        return CommitId.TryParse(branch?.Commit?.Id, out CommitId? head) ? head : null;
    }

    /// <summary>Whoever merged the commit into the project, else whoever pushed it: GitLab's commits say an address, not an account.</summary>
    public async Task<ActorId?> FindCommitterAsync(RepoRef repository, CommitId commit, RepoPath path, CancellationToken cancellationToken)
    {
        string what = $"ask who changed '{path}' of {repository} last";
        List<CommitAnswer> commits = await client.SendAsync(api => api.ListCommitsOfAsync(repository.ToString(), commit.Value, path.Value, perPage: 1, what, cancellationToken));
        if (commits is not [{ Id: var last }, ..])
        {
            return null;
        }

        List<MergedAnswer> merges = await client.SendAsync(api => api.ListMergeRequestsOfAsync(repository.ToString(), last, what, cancellationToken));
        return merges.Find(m => m.State == "merged") is { } merged && (merged.MergeUser ?? merged.MergedBy) is { } merger ? Items.Of(merger) : await FindPusherAsync(repository, last, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<RepositoryNews> ReadNewsAsync(
        WatchedRepository repository, DateTimeOffset since, IReadOnlyList<string> labels, PushedHeads? push, CancellationToken cancellationToken)
    {
        RepositoryNews found = await news.ReadAsync(repository, since, labels, cancellationToken);
        if (push is null)
        {
            return found;
        }

        ActorId? pusher = await FindPusherAsync(repository.Repository, push.After.Value, cancellationToken);
        return found with { Events = [await news.ReadPushAsync(repository, push, pusher, cancellationToken), .. found.Events] };
    }

    private async Task<ActorId?> FindPusherAsync(RepoRef repository, string commit, CancellationToken cancellationToken)
    {
        List<ProjectEventAnswer> pushes = await client.SendAsync(api => api.ListEventsAsync(repository.ToString(), "pushed", Pushes, $"ask who pushed to {repository}", cancellationToken));
        return pushes.Find(p => p.PushData?.CommitTo == commit)?.Author is { } author ? Items.Of(author) : null;
    }
}
