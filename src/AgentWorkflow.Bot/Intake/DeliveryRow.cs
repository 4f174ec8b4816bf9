using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentWorkflow.Bot.Intake;

/// <summary>A webhook as it arrived. The delivery id is unique: a second copy does nothing.</summary>
internal sealed class DeliveryRow
{
    public required string Forge { get; set; }

    public required string DeliveryId { get; set; }

    public required string Event { get; set; }

    public required byte[] Body { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>When it was decided on; null while it waits.</summary>
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>What was decided, one sentence.</summary>
    public string? Decision { get; set; }

    /// <summary>The run it started, or the one that the same cause had started.</summary>
    public string? RunId { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<DeliveryRow>
    {
        public void Configure(EntityTypeBuilder<DeliveryRow> builder)
        {
            builder.ToTable("Deliveries");
            builder.HasKey(d => new { d.Forge, d.DeliveryId });
            builder.HasIndex(d => d.ReceivedAt).HasFilter("\"DecidedAt\" IS NULL");
        }
    }
}
