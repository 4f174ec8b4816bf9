using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentWorkflow.Bot.Intake;

/// <summary>An event of a forge as it arrived. Forge and delivery id are unique: a second copy does nothing.</summary>
internal sealed class DeliveryRow
{
    public required string Forge { get; set; }

    public required string DeliveryId { get; set; }

    public required string Event { get; set; }

    /// <summary>A member of <see cref="DeliverySource"/>.</summary>
    public required string Source { get; set; }

    /// <summary>The hook that sent it, and what the hook is installed on, as the headers say.</summary>
    public long? HookId { get; set; }

    public string? TargetType { get; set; }

    public long? TargetId { get; set; }

    /// <summary>The raw body as <see cref="PackedBody"/> keeps it; null once its time is over.</summary>
    public byte[]? Body { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>When it is to be decided on next; in the past unless a try failed.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>How often it could not be decided on.</summary>
    public int Attempts { get; set; }

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
            builder.HasIndex(d => d.DueAt).HasFilter("\"DecidedAt\" IS NULL");
            builder.HasIndex(d => d.ReceivedAt);
        }
    }
}

/// <summary>How a delivery came in.</summary>
internal static class DeliverySource
{
    /// <summary>A webhook with a right signature: the raw bytes as they were sent.</summary>
    public const string Webhook = "webhook";

    /// <summary>Fetched from the forge afterwards, which answers with parsed JSON; trusted because of who was asked.</summary>
    public const string Fetched = "fetched";

    /// <summary>Found out by the bot itself: a schedule's time, or what a look at the forge found.</summary>
    public const string Own = "own";

    /// <summary>The Local forge, in the transaction of the deed.</summary>
    public const string Local = "local";
}
