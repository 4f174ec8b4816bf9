using System.Runtime.CompilerServices;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>All repositories here, and their heads. Deeds of people are told in the transaction that stores them, so none can be missed.</summary>
internal sealed class LocalWatch(IDbContextFactory<BotDb> factory, LocalRepositories repositories) : IForgeWatch
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchedRepository> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        foreach (LocalRepositoryRow row in await db.Set<LocalRepositoryRow>().AsNoTracking().OrderBy(r => r.Id).ToListAsync(cancellationToken))
        {
            if (RepoRef.TryParse(row.FullName, out RepoRef? name) && Directory.Exists(repositories.PathOf(name)))
            {
                yield return new WatchedRepository(row.Id, name, row.DefaultBranch, HeadOf(name, row.DefaultBranch)?.Value ?? "");
            }
        }
    }

    /// <inheritdoc/>
    public Task<CommitId?> FindHeadAsync(WatchedRepository repository, CancellationToken cancellationToken) =>
        Task.FromResult(HeadOf(repository.Repository, repository.DefaultBranch));

    /// <summary>Commits here carry no account. Who can write to the folder is who the machine belongs to.</summary>
    public Task<ActorId?> FindCommitterAsync(RepoRef repository, CommitId commit, RepoPath path, CancellationToken cancellationToken) => Task.FromResult<ActorId?>(LocalForge.You);

    /// <inheritdoc/>
    public Task<RepositoryNews> ReadNewsAsync(WatchedRepository repository, DateTimeOffset since, IReadOnlyList<string> labels, PushedHeads? push, CancellationToken cancellationToken) =>
        Task.FromResult(RepositoryNews.None(since));

    private CommitId? HeadOf(RepoRef repository, string branch)
    {
        using BareRepository git = repositories.Open(repository);
        return git.Head(branch);
    }
}
