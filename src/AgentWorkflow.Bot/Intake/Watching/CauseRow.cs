using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentWorkflow.Bot.Intake.Watching;

/// <summary>Something a person did that was decided on: whoever tells of it again, by another way, is told nothing new.</summary>
internal sealed class CauseRow
{
    public required string Forge { get; set; }

    public required long RepositoryId { get; set; }

    /// <summary><c>comment</c>, <c>review</c> or <c>label:NAME</c>.</summary>
    public required string Kind { get; set; }

    /// <summary>The comment's id, or the number.</summary>
    public required long Number { get; set; }

    /// <summary>When the label was put on; the beginning of time for a comment.</summary>
    public required DateTimeOffset At { get; set; }

    /// <summary>The delivery that told of it first.</summary>
    public required string DeliveryId { get; set; }

    public required DateTimeOffset DecidedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<CauseRow>
    {
        public void Configure(EntityTypeBuilder<CauseRow> builder)
        {
            builder.ToTable("Causes");
            builder.HasKey(c => new { c.Forge, c.RepositoryId, c.Kind, c.Number, c.At });
            builder.HasIndex(c => c.DecidedAt);
        }
    }
}
