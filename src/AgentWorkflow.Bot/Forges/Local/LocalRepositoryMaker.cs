using System.Text;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>Makes repositories with a first commit.</summary>
internal sealed class LocalRepositoryMaker(
    IDbContextFactory<BotDb> factory, LocalRepositories repositories, IRandomSource random, TimeProvider time)
{
    private const string DefaultBranch = "main";
    private const int MostNames = 10_000;

    /// <summary>Makes a repository that holds a README with the title; a taken name gets <c>-2</c>, <c>-3</c>. The owner may do everything in it.</summary>
    public async Task<RepositoryFacts> CreateAsync(RepoRef wanted, string title, ActorId owner, CancellationToken cancellationToken)
    {
        byte[] readme = Encoding.UTF8.GetBytes($"# {title.ReplaceLineEndings(" ").Trim()}\n");
        FileEntry entry = new(await repositories.Contents.PutAsync(readme, cancellationToken), readme.Length, Executable: false);
        return await CreateAsync(wanted, WorkspaceTree.Empty.With(RepoPath.Parse("README.md"), entry), owner, cancellationToken);
    }

    /// <summary>Makes a repository with these files in its first commit.</summary>
    public async Task<RepositoryFacts> CreateAsync(RepoRef wanted, WorkspaceTree files, ActorId owner, CancellationToken cancellationToken)
    {
        for (int n = 1; n <= MostNames; n++)
        {
            if (RepoRef.TryParse(n == 1 ? wanted.ToString() : $"{wanted}-{n}", out RepoRef? name)
                && await TryCreateAsync(name, files, owner, cancellationToken) is { } made)
            {
                return made;
            }
        }

        throw new ForgeException(ForgeFault.Conflict, $"Every name from '{wanted}' to '{wanted}-{MostNames}' is taken or too long; choose another name.");
    }

    private async Task<RepositoryFacts?> TryCreateAsync(RepoRef name, WorkspaceTree files, ActorId owner, CancellationToken cancellationToken)
    {
        string path = repositories.PathOf(name);
        await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
        if (Directory.Exists(path) || await LocalRepositories.FindAsync(db, name, cancellationToken) is not null)
        {
            return null;
        }

        string unfinished = $"{path}.{random.NextBase32(8)}.tmp";
        CommitId head = await FillAsync(unfinished, files, cancellationToken);
        LocalRepositoryRow row = new() { Key = LocalRepositories.KeyOf(name), FullName = name.ToString(), DefaultBranch = DefaultBranch, CreatedAt = time.GetUtcNow() };
        try
        {
            // The name is ours when the row is in; the folder comes before the commit, so that no row is ever without one.
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            db.Add(row);
            await db.SaveChangesAsync(cancellationToken);
            db.Add(new LocalAccessRow { RepositoryId = row.Id, ActorId = owner.Id, Permission = RepositoryPermission.Admin });
            db.Add(new LocalAccessRow { RepositoryId = row.Id, ActorId = LocalForge.Bot.Id, Permission = RepositoryPermission.Write });
            await db.SaveChangesAsync(cancellationToken);
            Directory.Move(unfinished, path);
            CrashPoint.Here("uncommitted:repository");
            await transaction.CommitAsync(CancellationToken.None); // The folder is there: its row has to follow.
        }
        catch (DbUpdateException exception) when (StorageErrors.IsDuplicate(exception))
        {
            Directory.Delete(unfinished, recursive: true);
            return null;
        }
        catch (IOException) when (Directory.Exists(path) && Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
            return null;
        }

        return new RepositoryFacts(row.Id, name, DefaultBranch, head, path, Archived: false);
    }

    private async Task<CommitId> FillAsync(string path, WorkspaceTree files, CancellationToken cancellationToken)
    {
        BareRepository.Create(path, DefaultBranch).Dispose();
        (CommitId commit, _) = repositories.WriteCommit(path, files, parent: null, LocalForge.Committer, time.GetUtcNow(), "Start the repository\n");
        await repositories.TryMoveAsync(path, DefaultBranch, expected: null, commit, cancellationToken);
        return commit;
    }
}
