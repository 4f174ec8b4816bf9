using AgentWorkflow.Bot.Storage.Objects;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentWorkflow.Bot.Storage;

/// <summary>The room's registration.</summary>
internal static class StorageServices
{
    /// <summary>Adds the database of the settings, its migrator and the source of random ids.</summary>
    /// <exception cref="StorageException">A setting is wrong.</exception>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration) =>
        services.AddStorage(StorageOptions.Read(configuration));

    /// <summary>Adds the database of these options.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRandomSource, SystemRandomSource>();
        services.AddSingleton(options);
        services.AddSingleton<DatabaseMigrator>();
        services.AddSingleton<DatabaseClock>();
        services.AddSingleton<CommitProbe>();
        services.AddSingleton<ObjectStoreProbe>();
        AddContents(services, options);
        services.TryAddSingleton(static provider => (IContentCollector)provider.GetRequiredService<IContentStore>());
        return options.Provider is DatabaseProvider.Sqlite
            ? services.AddPooledDbContextFactory<SqliteDb>(builder => Configure(builder, options)).AddSingleton<IDbContextFactory<BotDb>, BotDbFactory<SqliteDb>>()
            : services.AddPooledDbContextFactory<PgDb>(builder => Configure(builder, options)).AddSingleton<IDbContextFactory<BotDb>, BotDbFactory<PgDb>>();
    }

    private static void AddContents(IServiceCollection services, StorageOptions options)
    {
        if (options.S3 is not { } s3)
        {
            services.TryAddSingleton<IContentStore>(_ => new DiskContentStore(Path.Combine(options.DataDirectory, "contents")));
            services.TryAddSingleton<IObjectStore>(provider => new DiskObjectStore(options.DataDirectory, provider.GetRequiredService<IRandomSource>()));
            return;
        }

        services.TryAddSingleton<IObjectStore>(provider => new S3ObjectStore(s3, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IContentStore>(provider =>
            new ObjectContentStore(provider.GetRequiredService<IObjectStore>(), new DiskContentStore(Path.Combine(options.DataDirectory, "cache")), provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Chooses the provider: the same for the program, its design-time tools and tests.</summary>
    public static void Configure(DbContextOptionsBuilder builder, StorageOptions options)
    {
        if (options.Provider is DatabaseProvider.Sqlite)
        {
            builder.UseSqlite(options.ConnectionString).AddInterceptors(new SqliteSettings());
        }
        else
        {
            builder.UseNpgsql(options.ConnectionString);
        }
    }
}

/// <summary>Gives rooms the model without the provider.</summary>
internal sealed class BotDbFactory<TContext>(IDbContextFactory<TContext> factory) : IDbContextFactory<BotDb>
    where TContext : BotDb
{
    /// <inheritdoc/>
    public BotDb CreateDbContext() => factory.CreateDbContext();

    /// <inheritdoc/>
    public async Task<BotDb> CreateDbContextAsync(CancellationToken cancellationToken = default) => await factory.CreateDbContextAsync(cancellationToken);
}
