using System.Net.Sockets;

using Microsoft.Data.Sqlite;

using Npgsql;

namespace AgentWorkflow.Bot.Storage;

/// <summary>Tells what a database or disk error means, so that no other room knows a provider's numbers.</summary>
internal static class StorageErrors
{
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;
    private const int SqliteReadOnly = 8;
    private const int SqliteIo = 10;
    private const int SqliteCorrupt = 11;
    private const int SqliteFull = 13;
    private const int SqliteCannotOpen = 14;
    private const int SqliteNotADatabase = 26;
    private const int SqlitePrimaryKey = 1555;
    private const int SqliteUnique = 2067;

    // errno values of Linux, as .NET hands them on in IOException.HResult.
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceeded = 122;

    /// <summary>What the error, or the innermost of its causes that is known, means.</summary>
    public static StorageFault Classify(Exception? exception)
    {
        for (Exception? current = exception; current is not null; current = current.InnerException)
        {
            StorageFault fault = current switch
            {
                SqliteException sqlite => Of(sqlite),
                PostgresException postgres => Of(postgres.SqlState),
                NpgsqlException or SocketException => StorageFault.Unavailable,
                IOException io => Of(io.HResult),
                _ => StorageFault.None,
            };
            if (fault is not StorageFault.None)
            {
                return fault;
            }
        }

        return StorageFault.None;
    }

    /// <summary>True when a unique key refused the row: somebody else was first.</summary>
    public static bool IsDuplicate(Exception exception) => Classify(exception) is StorageFault.Duplicate;

    /// <summary>True when the same work may succeed a moment later.</summary>
    public static bool IsTransient(Exception exception) => Classify(exception) is StorageFault.Busy or StorageFault.Unavailable;

    /// <summary>The error as one sentence with its code; null when it is none that people can do something about.</summary>
    public static StorageException? Explain(Exception exception, StorageOptions options) => Classify(exception) switch
    {
        StorageFault.Full => new("AW2520", $"The disk that holds '{options.DataDirectory}' is full; free some space and start again, nothing that was saved is lost.", exception),
        StorageFault.Busy => new("AW2521", $"The database of '{options.DataDirectory}' is locked by another process; end that process or wait, then start again.", exception),
        StorageFault.ReadOnly => new("AW2522", $"'{options.DataDirectory}' cannot be written; give this user the right to write there, or set DataDirectory to another folder.", exception),
        StorageFault.Unavailable when options.Provider is DatabaseProvider.Sqlite =>
            new("AW2523", $"The database file in '{options.DataDirectory}' cannot be opened or read; check the folder and its disk.", exception),
        StorageFault.Unavailable => new("AW2557", "The PostgreSQL server of ConnectionStrings__Default does not answer; check that it runs and that the address is right.", exception),
        StorageFault.Damaged => new("AW2524", $"The database file in '{options.DataDirectory}' is damaged or no SQLite database; restore it from a backup.", exception),
        _ => null,
    };

    private static StorageFault Of(SqliteException exception) => exception.SqliteErrorCode switch
    {
        SqliteBusy or SqliteLocked => StorageFault.Busy,
        SqliteReadOnly => StorageFault.ReadOnly,
        SqliteFull => StorageFault.Full,
        SqliteIo or SqliteCannotOpen => StorageFault.Unavailable,
        SqliteCorrupt or SqliteNotADatabase => StorageFault.Damaged,
        _ => exception.SqliteExtendedErrorCode is SqliteUnique or SqlitePrimaryKey ? StorageFault.Duplicate : StorageFault.None,
    };

    private static StorageFault Of(string sqlState) => sqlState switch
    {
        PostgresErrorCodes.UniqueViolation => StorageFault.Duplicate,
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable => StorageFault.Busy,
        PostgresErrorCodes.DiskFull => StorageFault.Full,
        PostgresErrorCodes.ReadOnlySqlTransaction => StorageFault.ReadOnly,
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => StorageFault.Damaged,
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections =>
            StorageFault.Unavailable,
        _ => StorageFault.None,
    };

    private static StorageFault Of(int hresult) => hresult switch
    {
        NoSpace or QuotaExceeded => StorageFault.Full,
        ReadOnlyFileSystem => StorageFault.ReadOnly,
        _ => StorageFault.None,
    };
}

/// <summary>What went wrong with the database or its disk.</summary>
internal enum StorageFault
{
    /// <summary>Nothing that this room knows.</summary>
    None,

    /// <summary>A unique key is taken.</summary>
    Duplicate,

    /// <summary>Somebody else holds a lock; the same work may succeed a moment later.</summary>
    Busy,

    /// <summary>No space is left.</summary>
    Full,

    /// <summary>It cannot be written.</summary>
    ReadOnly,

    /// <summary>It does not answer.</summary>
    Unavailable,

    /// <summary>What is stored cannot be read any more.</summary>
    Damaged,
}
