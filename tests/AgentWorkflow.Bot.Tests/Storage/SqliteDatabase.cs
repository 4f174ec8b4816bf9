using AgentWorkflow.Bot.Storage;

using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bot.Tests.Storage;

public sealed class SqliteDatabase : IDatabaseFixture, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServiceProvider? _services;

    StorageOptions IDatabaseFixture.Options => _services!.GetRequiredService<StorageOptions>();

    IDbContextFactory<BotDb> IDatabaseFixture.Factory => _services!.GetRequiredService<IDbContextFactory<BotDb>>();

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection()
            .AddStorage(new StorageOptions { DataDirectory = _folder.Path, ConnectionString = StorageOptions.SqliteFile(_folder.Path) })
            .BuildServiceProvider();
        await _services.GetRequiredService<DatabaseMigrator>().MigrateAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _services!.DisposeAsync();
        using (SqliteConnection connection = new(StorageOptions.SqliteFile(_folder.Path)))
        {
            SqliteConnection.ClearPool(connection);
        }

        _folder.Dispose();
    }
}
