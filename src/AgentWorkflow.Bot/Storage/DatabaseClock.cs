using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Storage;

/// <summary>The time by which leases are judged: the database's on PostgreSQL, so that the replicas' clocks do not matter (promise P22).</summary>
internal sealed class DatabaseClock(StorageOptions options, TimeProvider time)
{
    /// <summary>The time now, UTC.</summary>
    public async Task<DateTimeOffset> NowAsync(BotDb db, CancellationToken cancellationToken) => options.Provider switch
    {
        DatabaseProvider.PostgreSql => new DateTimeOffset(await db.Database.SqlQuery<DateTime>($"SELECT now() AS \"Value\"").SingleAsync(cancellationToken), TimeSpan.Zero),
        _ => time.GetUtcNow(),
    };
}
