using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Tests.Storage;

/// <summary>A migrated, empty database and a data directory, one for each test class.</summary>
/// <remarks>
/// A contract is an abstract class that takes one; it is run by two derived classes:
/// <c>public sealed class SqliteXTests(SqliteDatabase d) : XContract(d), IClassFixture&lt;SqliteDatabase&gt;</c> and the same with <see cref="PostgresDatabase"/>.
/// The properties skip the test where the database is not installed.
/// </remarks>
public interface IDatabaseFixture
{
    internal StorageOptions Options { get; }

    internal IDbContextFactory<BotDb> Factory { get; }
}
