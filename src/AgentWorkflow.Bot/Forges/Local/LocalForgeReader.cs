using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>Answers from the database and the repositories on disk.</summary>
internal sealed class LocalForgeReader(IDbContextFactory<BotDb> factory, LocalRepositories repositories) : IForgeReader
{
    private const int MostDiscussion = 100;

    /// <inheritdoc/>
    public async Task<TriggerFacts?> ReadTriggerAsync(RepoRef repository, TriggerQuery query, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        if (await LocalRepositories.FindAsync(db, repository, cancellationToken) is not { } home
            || !RepoRef.TryParse(home.FullName, out RepoRef? name)
            || !Directory.Exists(repositories.PathOf(name)))
        {
            return null;
        }

        using BareRepository git = repositories.Open(name);
        CommitId? head = git.Head(home.DefaultBranch);
        List<LocalCommentRow> comments = query.Issue is { } number
            ? await db.Set<LocalCommentRow>().AsNoTracking().Where(c => c.RepositoryId == home.Id && c.Number == number && !c.Deleted).OrderBy(c => c.Id).ToListAsync(cancellationToken)
            : [];
        return new TriggerFacts(
            new RepositoryFacts(home.Id, name, home.DefaultBranch, head, repositories.PathOf(name), Archived: false) { Visibility = home.Visibility },
            query.Issue is { } asked ? await FindIssueAsync(db, home, git, asked, cancellationToken) : null,
            comments.Where(c => c.Id == query.Comment).Select(Facts).FirstOrDefault(),
            [.. comments.Where(c => query.Comment is null || c.Id < query.Comment).TakeLast(MostDiscussion).Select(Facts)],
            head is null ? [] : await git.ReadWorkflowFilesAsync(head, cancellationToken));
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
    public async Task<IReadOnlyList<RepositoryFile>> ReadWorkflowFilesAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        using BareRepository git = repositories.Open(repository);
        return await git.ReadWorkflowFilesAsync(commit, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<WorkspaceTree> ReadTreeAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken)
    {
        using BareRepository git = repositories.Open(repository);
        return await git.ReadTreeAsync(commit, repositories.Contents, cancellationToken);
    }

    // A commit that holds anything else is refused as a whole when it is read.
    /// <inheritdoc/>
    public Task<IReadOnlyList<LeftAlone>> FindLeftAloneAsync(RepoRef repository, CommitId commit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<LeftAlone>>([]);

    /// <inheritdoc/>
    public async Task<BranchWork> FindWorkAsync(RepoRef repository, BranchName branch, CancellationToken cancellationToken)
    {
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        LocalRepositoryRow home = await LocalRepositories.RequireAsync(db, repository, cancellationToken);
        using BareRepository git = repositories.Open(repository);
        return new BranchWork(
            git.Head(branch.Value) is { } head ? new BranchFacts(branch, head, git.TreeOf(head), git.History(head)[0].RunKey) : null,
            await LatestAsync(db, home.Id, branch.Value, cancellationToken) is { } row ? Facts(repository, branch, row) : null);
    }

    /// <inheritdoc/>
    public Task<BranchRules> ReadRulesAsync(RepoRef repository, BranchName branch, bool isThere, CancellationToken cancellationToken) => Task.FromResult(BranchRules.None);

    /// <summary>The latest pull request from a branch whatever its state, or null.</summary>
    internal static Task<LocalIssueRow?> LatestAsync(BotDb db, long repositoryId, string branch, CancellationToken cancellationToken) =>
        db.Set<LocalIssueRow>().Where(i => i.RepositoryId == repositoryId && i.Branch == branch)
            .OrderByDescending(i => i.Number).FirstOrDefaultAsync(cancellationToken);

    /// <summary>What links to an issue or pull request in texts: there are no pages without a server.</summary>
    internal static string UrlOf(string repository, long number) => $"local:{repository}#{number}";

    private static async Task<IssueFacts?> FindIssueAsync(BotDb db, LocalRepositoryRow home, BareRepository git, long number, CancellationToken cancellationToken)
    {
        LocalIssueRow? row = await db.Set<LocalIssueRow>().AsNoTracking().FirstOrDefaultAsync(i => i.RepositoryId == home.Id && i.Number == number, cancellationToken);
        if (row is null)
        {
            return null;
        }

        CommitId? head = row.Branch is null ? null : git.Head(row.Branch) ?? (row.Head is null ? null : CommitId.Parse(row.Head));
        return new IssueFacts(
            row.Number, row.Title, row.Body, UrlOf(home.FullName, row.Number), new ActorId(row.AuthorId, row.AuthorLogin, row.AuthorName), row.Branch is not null)
        {
            Labels = row.Labels,
            IsOpen = row.State == "open",
            Pull = row.Branch is { } branch && head is not null ? new PullBranches(branch, head, row.BaseBranch ?? home.DefaultBranch, IsFork: false) : null,
        };
    }

    private static CommentFacts Facts(LocalCommentRow row) => new(
        row.Id, new ActorId(row.AuthorId, row.AuthorLogin, row.AuthorName), row.AuthorId == LocalForge.Bot.Id, row.Body, row.CreatedAt, row.UpdatedAt == row.CreatedAt ? null : row.UpdatedAt);

    private PullRequestFacts Facts(RepoRef repository, BranchName branch, LocalIssueRow row)
    {
        using BareRepository git = repositories.Open(repository);

        // While it is open the branch speaks; afterwards, and when the branch is gone, what was kept.
        CommitId? head = row.OpenBranch is null ? null : git.Head(branch.Value);
        return new PullRequestFacts(row.Number, branch, row.State, row.Draft, head ?? CommitId.Parse(row.Head ?? ""), UrlOf(repository.ToString(), row.Number));
    }
}
