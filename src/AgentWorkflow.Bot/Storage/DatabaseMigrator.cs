using System.Data.Common;
using System.Reflection;

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentWorkflow.Bot.Storage;

/// <summary>Brings the database to this version. When it is there already, that costs one plain query and no EF model.</summary>
internal sealed class DatabaseMigrator(IDbContextFactory<BotDb> factory, StorageOptions options, TimeProvider time)
{
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(60);

    /// <summary>Migrates where needed. Two processes may call it at once: one migrates, the other waits.</summary>
    /// <exception cref="StorageException">The disk is full, the database is locked, of a newer version, or cannot be reached.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        PrepareFolder();
        try
        {
            await using BotDb db = await factory.CreateDbContextAsync(cancellationToken);
            if (await IsCurrentAsync(db, cancellationToken))
            {
                return;
            }

            using DataDirectoryLock held = await LockAsync(cancellationToken);
            if (!await IsCurrentAsync(db, cancellationToken))
            {
                await ForgetDeadMigrationAsync(db, cancellationToken);
                await db.Database.MigrateAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (exception is DbException or IOException or UnauthorizedAccessException or InvalidOperationException
            && Explain(exception) is not null)
        {
            throw Explain(exception) ?? exception;
        }
    }

    private void PrepareFolder()
    {
        try
        {
            Directory.CreateDirectory(options.DataDirectory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && StorageErrors.Classify(e) is StorageFault.None)
        {
            throw new StorageException("AW2522", $"The data directory '{options.DataDirectory}' cannot be made ({e.Message.TrimEnd('.')}); set DataDirectory to a folder that this user may write.", e);
        }
    }

    private StorageException? Explain(Exception exception) =>
        exception is UnauthorizedAccessException
            ? new StorageException("AW2522", $"'{options.DataDirectory}' cannot be written; give this user the right to write there, or set DataDirectory to another folder.", exception)
            : StorageErrors.Explain(exception, options);

    private static async Task<bool> IsCurrentAsync(BotDb db, CancellationToken cancellationToken)
    {
        List<string> known = Known(db.GetType());
        List<string> applied = await AppliedAsync(db, cancellationToken);
        if (applied.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } foreign)
        {
            throw new StorageException("AW2513", $"The database was written by another version (it holds the migration '{foreign}', which this one does not know); use that version, or another DataDirectory or database.");
        }

        return applied.Count == known.Count;
    }

    private static List<string> Known(Type context) =>
        [.. typeof(BotDb).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(Migration)) && t.GetCustomAttribute<DbContextAttribute>()?.ContextType == context)
            .Select(t => t.GetCustomAttribute<MigrationAttribute>()?.Id)
            .OfType<string>()];

    private static async Task<List<string>> AppliedAsync(BotDb db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            DbConnection connection = db.Database.GetDbConnection();
            await using DbCommand exists = connection.CreateCommand();
            if (db is SqliteDb)
            {
                exists.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = '__EFMigrationsHistory'";
            }
            else
            {
                exists.CommandText = "SELECT count(*) FROM pg_class WHERE oid = to_regclass('\"__EFMigrationsHistory\"')";
            }

            if (await exists.ExecuteScalarAsync(cancellationToken) is not > 0L)
            {
                return [];
            }

            await using DbCommand list = connection.CreateCommand();
            list.CommandText = "SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\"";
            await using DbDataReader reader = await list.ExecuteReaderAsync(cancellationToken);
            List<string> applied = [];
            while (await reader.ReadAsync(cancellationToken))
            {
                applied.Add(reader.GetString(0));
            }

            return applied;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    // On SQLite, EF's own lock is a row, which a killed process leaves behind and every later one waits for without end.
    // The file lock above is the kernel's, so whoever holds it knows that the row's owner is dead.
    private static async Task ForgetDeadMigrationAsync(BotDb db, CancellationToken cancellationToken)
    {
        if (db is SqliteDb)
        {
            await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
        }
    }

    private async Task<DataDirectoryLock> LockAsync(CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            if (DataDirectoryLock.TryAcquire(options.DataDirectory, "migrate", out DataDirectoryLock? held, out _))
            {
                return held;
            }

            if (time.GetElapsedTime(start) > LockWait)
            {
                return DataDirectoryLock.Acquire(options.DataDirectory, "migrate");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        }
    }
}
