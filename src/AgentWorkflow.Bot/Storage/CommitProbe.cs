using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AgentWorkflow.Bot.Storage;

/// <summary>Finds out whether something could be committed now, by beginning to write.</summary>
internal sealed class CommitProbe(IDbContextFactory<BotDb> databases, StorageOptions storage)
{
    /// <summary>Null when it could; else why not, in one sentence with its code.</summary>
    public async Task<StorageException?> TryAsync(CancellationToken cancellationToken)
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

            return null;
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
