using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AgentWorkflow.Bot.Storage;

/// <summary>Finds out whether something could be committed now, by beginning to write.</summary>
internal sealed class CommitProbe(IDbContextFactory<BotDb> databases, StorageOptions storage, IEnumerable<ICommitCheck> others)
{
    /// <summary>Null when it could; else why not, in one sentence with its code.</summary>
    /// <param name="isServing">True to ask also what only a server writes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<StorageException?> TryAsync(bool isServing, CancellationToken cancellationToken)
    {
        try
        {
            // A read-only file or a full disk answers reads for a long time, so a statement that may write is needed.
            await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
            await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            await db.Database.ExecuteSqlAsync($"UPDATE \"Deliveries\" SET \"Decision\" = \"Decision\" WHERE 1 = 0", cancellationToken);
            await transaction.RollbackAsync(cancellationToken);
            if (storage.Provider is DatabaseProvider.Sqlite)
            {
                await WriteFileAsync(storage.DataDirectory, cancellationToken);
            }

            foreach (ICommitCheck other in isServing ? others : [])
            {
                await other.CheckAsync(cancellationToken);
            }

            return null;
        }
        catch (StorageException e)
        {
            return e;
        }
        catch (UnauthorizedAccessException e)
        {
            return new StorageException("AW2522", $"'{storage.DataDirectory}' cannot be written; give this user the right to write there, or set DataDirectory to another folder.", e);
        }
        catch (Exception e) when (StorageErrors.Explain(e, storage) is not null)
        {
            return StorageErrors.Explain(e, storage);
        }
    }

    // The database keeps its journal beside its file, and contents are files: without space or the right to make one nothing is kept.
    private static async Task WriteFileAsync(string directory, CancellationToken cancellationToken)
    {
        string path = Path.Combine(directory, $".probe-{Environment.ProcessId}");
        try
        {
            await File.WriteAllBytesAsync(path, new byte[4096], cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

/// <summary>A way of writing that is another room's own, and that must work too before the program is ready.</summary>
internal interface ICommitCheck
{
    /// <summary>Commits an empty change.</summary>
    /// <exception cref="StorageException">It could not.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}
