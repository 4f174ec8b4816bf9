using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bot.Tests.Storage;

public sealed class PostgresDatabase(PostgresServer server) : IDatabaseFixture, IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServiceProvider? _services;

    StorageOptions IDatabaseFixture.Options => Services.GetRequiredService<StorageOptions>();

    IDbContextFactory<BotDb> IDatabaseFixture.Factory => Services.GetRequiredService<IDbContextFactory<BotDb>>();

    private ServiceProvider Services
    {
        get
        {
            Assert.SkipWhen(_services is null, PostgresServer.Absence ?? "PostgreSQL was not started");
            return _services!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (PostgresServer.Absence is null)
        {
            _services = PostgresServer.Services(await server.CreateDatabaseAsync(TestContext.Current.CancellationToken), _folder.Path);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _folder.Dispose();
    }
}
