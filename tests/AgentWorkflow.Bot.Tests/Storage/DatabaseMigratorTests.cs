using AgentWorkflow.Bot.Storage;

using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bot.Tests.Storage;

public sealed class DatabaseMigratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        using (SqliteConnection connection = new(StorageOptions.SqliteFile(_folder.Path)))
        {
            SqliteConnection.ClearPool(connection);
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Eight_Processes_May_Start_At_Once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(MigrateAsync, TestContext.Current.CancellationToken)));

        await MigrateAsync();
    }

    [Fact]
    public async Task A_File_Is_Durable_And_In_Write_Ahead_Mode_Before_Anybody_Else_Opens_It()
    {
        await MigrateAsync();

        // A connection without our settings, as the scheduler makes one.
        Assert.Equal("wal", await ScalarAsync("PRAGMA journal_mode"));
        Assert.Equal(16384L, await ScalarAsync("PRAGMA page_size"));
        await using ServiceProvider services = Services();
        await using BotDb db = services.GetRequiredService<IDbContextFactory<BotDb>>().CreateDbContext();
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2L, await ScalarAsync(db, "PRAGMA synchronous"));
        Assert.Equal(1L, await ScalarAsync(db, "PRAGMA foreign_keys"));
        Assert.Equal(5000L, await ScalarAsync(db, "PRAGMA busy_timeout"));
    }

    [Fact]
    public async Task A_Migration_That_Was_Killed_Does_Not_Block_The_Next_Start()
    {
        await ScalarAsync("CREATE TABLE \"__EFMigrationsLock\" (\"Id\" INTEGER PRIMARY KEY, \"Timestamp\" TEXT NOT NULL); INSERT INTO \"__EFMigrationsLock\" VALUES (1, 'then')");

        await MigrateAsync();
    }

    [Fact]
    public async Task A_Database_Of_Another_Version_Is_Left_Alone()
    {
        await MigrateAsync();
        await ScalarAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29991231_Future', '99')");

        StorageException refusal = await Assert.ThrowsAsync<StorageException>(MigrateAsync);

        Assert.Equal("AW2513", refusal.Code);
    }

    [Fact]
    public async Task A_File_That_Is_No_Database_Is_Told_In_A_Sentence()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "agentworkflow.db"), new string('x', 20_000), TestContext.Current.CancellationToken);

        StorageException refusal = await Assert.ThrowsAsync<StorageException>(MigrateAsync);

        Assert.Equal("AW2524", refusal.Code);
    }

    [Fact]
    public void The_Migrations_Say_All_That_The_Model_Says()
    {
        using SqliteDb sqlite = new SqliteDesign().CreateDbContext([]);
        using PgDb postgres = new PgDesign().CreateDbContext([]);

        Assert.False(sqlite.Database.HasPendingModelChanges());
        Assert.False(postgres.Database.HasPendingModelChanges());
    }

    private ServiceProvider Services() =>
        new ServiceCollection()
            .AddStorage(new StorageOptions { DataDirectory = _folder.Path, ConnectionString = StorageOptions.SqliteFile(_folder.Path) })
            .BuildServiceProvider();

    private async Task MigrateAsync()
    {
        await using ServiceProvider services = Services();
        await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(TestContext.Current.CancellationToken);
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using SqliteConnection connection = new(StorageOptions.SqliteFile(_folder.Path));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this class's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<object?> ScalarAsync(BotDb db, string sql)
    {
        await using System.Data.Common.DbCommand command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // The texts are this class's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
