using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>Where the repositories are, and how commits get into them.</summary>
internal sealed class LocalRepositories(StorageOptions options, IContentStore contents, IRandomSource random, ReferenceUpdate references)
{
    /// <summary>The folder of a repository: <c>DataDirectory/repositories/OWNER/NAME.git</c>.</summary>
    public string PathOf(RepoRef repository) => Path.Combine(options.DataDirectory, "repositories", repository.Owner, repository.Name + ".git");

    /// <summary>The page of a pull request for reading: <c>DataDirectory/pull-requests/OWNER/NAME/N.md</c>.</summary>
    public string PageOf(RepoRef repository, long number) =>
        Path.Combine(options.DataDirectory, "pull-requests", repository.Owner, repository.Name, $"{number}.md");

    /// <summary>The contents of workspace files.</summary>
    public IContentStore Contents => contents;

    /// <summary>Opens a repository.</summary>
    /// <exception cref="ForgeException">There is none.</exception>
    public BareRepository Open(RepoRef repository) => BareRepository.Open(PathOf(repository));

    /// <summary>The commit that a branch began with, or null where there is none or it has parents out of sight.</summary>
    /// <exception cref="ForgeException">There is no repository.</exception>
    public CommitFacts? FirstCommit(RepoRef repository, string branch)
    {
        using BareRepository git = Open(repository);
        return git.Head(branch) is { } head && git.History(head)[^1] is { Parent: null } first ? first : null;
    }

    /// <summary>The row of a repository.</summary>
    /// <exception cref="ForgeException">There is none.</exception>
    public static async Task<LocalRepositoryRow> RequireAsync(BotDb db, RepoRef repository, CancellationToken cancellationToken) =>
        await FindAsync(db, repository, cancellationToken) ?? throw new ForgeException(ForgeFault.NotFound, $"The Local forge has no repository '{repository}'.");

    /// <summary>The row of a repository, or null.</summary>
    public static Task<LocalRepositoryRow?> FindAsync(BotDb db, RepoRef repository, CancellationToken cancellationToken)
    {
        string key = KeyOf(repository);
        return db.Set<LocalRepositoryRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Key == key, cancellationToken);
    }

    /// <summary>The next number of an issue or pull request. The caller's transaction holds the sequence until it ends.</summary>
    public static async Task<long> NextNumberAsync(BotDb db, long repositoryId, CancellationToken cancellationToken)
    {
        await db.Set<LocalRepositoryRow>().Where(r => r.Id == repositoryId)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.LastNumber, r => r.LastNumber + 1), cancellationToken);
        return await db.Set<LocalRepositoryRow>().Where(r => r.Id == repositoryId).Select(r => r.LastNumber).SingleAsync(cancellationToken);
    }

    /// <summary>What makes two names the same repository.</summary>
    public static string KeyOf(RepoRef repository) => repository.ToString().ToLowerInvariant();

    /// <summary>Writes a commit with all its objects, on no branch yet, and reads it back.</summary>
    /// <exception cref="ForgeException">What was read back is not what was written.</exception>
    public (CommitId Commit, CommitId Tree) WriteCommit(
        string path, WorkspaceTree files, CommitId? parent, CommitIdentity author, DateTimeOffset at, string message)
    {
        CommitId tree;
        CommitId commit;
        using (BareRepository before = BareRepository.Open(path))
        using (PackWriter pack = new(Path.Combine(path, "objects"), random.NextBase32(16), before.ObjectsOf(parent)))
        {
            GitObjects objects = new(contents, pack.Pack);
            tree = objects.Tree(files);
            commit = objects.Commit(tree, parent, author, at, message);
            pack.Finish();
        }

        using BareRepository after = BareRepository.Open(path);
        return after.TreeOf(commit) == tree
            ? (commit, tree)
            : throw new ForgeException(ForgeFault.Unavailable, $"The commit {commit.Short} in '{path}' does not hold the planned tree {tree.Short}.");
    }

    /// <summary>The id of the tree that these files make, without writing anything.</summary>
    public CommitId TreeId(WorkspaceTree files) => new GitObjects(contents, sink: null).Tree(files);

    /// <summary>Moves a branch; false when it is not at the expected commit (null: not there).</summary>
    public async Task<bool> TryMoveAsync(string path, string branch, CommitId? expected, CommitId to, CancellationToken cancellationToken)
    {
        using BareRepository repository = BareRepository.Open(path);
        return await references.TrySetAsync(repository, "refs/heads/" + branch, expected, to, cancellationToken);
    }
}
