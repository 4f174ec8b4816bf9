using System.Data.Common;

using Microsoft.EntityFrameworkCore.Diagnostics;

namespace AgentWorkflow.Bot.Storage;

/// <summary>
/// Makes every SQLite connection durable before anybody uses it: what was committed survives a power cut, readers never
/// block the writer, and a lock is waited for. WAL is a property of the file, so whoever opens it later (Quartz) has it too.
/// </summary>
internal sealed class SqliteSettings : DbConnectionInterceptor
{
    // The page size counts only while the file has no table; bigger pages make fewer frames for the bodies of deliveries.
    private const string Pragmas =
        "PRAGMA busy_timeout=5000; PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;";

    /// <summary>Sets a connection up that was opened without EF.</summary>
    public static void Apply(DbConnection connection)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Apply(connection);

    /// <inheritdoc/>
    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
