using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>Answers from the database and the repositories on disk.</summary>
internal sealed class LocalForgeReader(IDbContextFactory<BotDb> factory, LocalRepositories repositories) : IForgeReader
{
    /// <inheritdoc/>
    public async Task<RepositoryFacts?> FindRepositoryAsync(RepoRef repository, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        if (await LocalRepositories.FindAsync(db, repository, cancellationToken) is not { } row
            || !RepoRef.TryParse(row.FullName, out RepoRef? name)
            || !Directory.Exists(repositories.PathOf(name)))
        {
            return null;
        }

        using BareRepository git = repositories.Open(name);
        return new RepositoryFacts(row.Id, name, row.DefaultBranch, git.Head(row.DefaultBranch), repositories.PathOf(name), Archived: false);
    }

    /// <inheritdoc/>
    public async Task<IssueFacts?> FindIssueAsync(RepoRef repository, long number, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        LocalIssueRow? row = await db.Set<LocalIssueRow>().AsNoTracking()
            .FirstOrDefaultAsync(i => i.RepositoryId == home.Id && i.Number == number, cancellationToken);
        return row is null
            ? null
            : new IssueFacts(
                row.Number, row.Title, row.Body, UrlOf(home.FullName, row.Number), new ActorId(row.AuthorId, row.AuthorLogin, row.AuthorName), row.Branch is not null);
    }

    /// <inheritdoc/>
    public async Task<RepositoryPermission> GetPermissionAsync(RepoRef repository, ActorId actor, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        if (await LocalRepositories.FindAsync(db, repository, cancellationToken) is not { } home)
        {
            return RepositoryPermission.None;
        }

        LocalAccessRow? access = await db.Set<LocalAccessRow>().AsNoTracking()
            .FirstOrDefaultAsync(a => a.RepositoryId == home.Id && a.ActorId == actor.Id, cancellationToken);
        return access?.Permission ?? RepositoryPermission.Read;
    }

    /// <inheritdoc/>
    public async Task<WorkspaceTree> ReadTreeAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        using BareRepository git = repositories.Open(repository);
        return await git.ReadTreeAsync(commit, repositories.Contents, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<BranchFacts?> FindBranchAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using BareRepository git = repositories.Open(repository);
        return Task.FromResult(git.Head(branch.Value) is { } head
            ? new BranchFacts(branch, head, git.TreeOf(head), git.History(head)[0].RunKey)
            : null);
    }

    /// <inheritdoc/>
    public async Task<PullRequestFacts?> FindPullRequestAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        return await LatestAsync(db, home.Id, branch.Value, cancellationToken) is { } row ? Facts(repository, branch, row) : null;
    }

    /// <summary>The latest pull request from a branch whatever its state, or null.</summary>
    internal static Task<LocalIssueRow?> LatestAsync(BotDb db, long repositoryId, string branch, CancellationToken cancellationToken) =>
        db.Set<LocalIssueRow>().Where(i => i.RepositoryId == repositoryId && i.Branch == branch)
            .OrderByDescending(i => i.Number).FirstOrDefaultAsync(cancellationToken);

    /// <summary>What links to an issue or pull request in texts: there are no pages without a server.</summary>
    internal static string UrlOf(string repository, long number) => $"local:{repository}#{number}";

    private PullRequestFacts Facts(RepoRef repository, BranchName branch, LocalIssueRow row)
    {
        using BareRepository git = repositories.Open(repository);

        // While it is open the branch speaks; afterwards, and when the branch is gone, what was kept.
        CommitId? head = row.OpenBranch is null ? null : git.Head(branch.Value);
        return new PullRequestFacts(row.Number, branch, row.State, row.Draft, head ?? CommitId.Parse(row.Head ?? ""), UrlOf(repository.ToString(), row.Number));
    }
}
