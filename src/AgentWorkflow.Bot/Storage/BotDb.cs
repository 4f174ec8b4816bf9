using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Storage;

/// <summary>The database. Rooms bring their own rows: every <see cref="IEntityTypeConfiguration{TEntity}"/> of the assembly belongs to the model.</summary>
internal abstract class BotDb(DbContextOptions options) : DbContext(options)
{
    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyConfigurationsFromAssembly(typeof(BotDb).Assembly);
}

/// <summary>The model on SQLite.</summary>
internal sealed class SqliteDb(DbContextOptions<SqliteDb> options) : BotDb(options)
{
    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
}

/// <summary>The model on PostgreSQL.</summary>
internal sealed class PgDb(DbContextOptions<PgDb> options) : BotDb(options)
{
    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
}
