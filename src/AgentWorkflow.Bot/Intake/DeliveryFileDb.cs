using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Intake;

/// <summary>The file of deliveries on SQLite, for those who read it; it is made and written by <see cref="SqliteDeliveryTable"/>.</summary>
internal sealed class DeliveryFileDb(DbContextOptions<DeliveryFileDb> options) : DbContext(options)
{
    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyConfiguration(new DeliveryRow.Configuration());

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
}
