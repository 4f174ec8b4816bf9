using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentWorkflow.Bot.Intake.Schedules;

/// <summary>A schedule of a workflow on a default branch, as it was read last; so nobody is asked while nothing is due.</summary>
internal sealed class ScheduleRow
{
    public required string Forge { get; set; }

    public required long RepositoryId { get; set; }

    /// <summary>The workflow's file.</summary>
    public required string Path { get; set; }

    public required string Cron { get; set; }

    /// <summary>The repository's name when it was read.</summary>
    public required string Repository { get; set; }

    /// <summary>The next time, or one that was missed.</summary>
    public required DateTimeOffset DueAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<ScheduleRow>
    {
        public void Configure(EntityTypeBuilder<ScheduleRow> builder)
        {
            builder.ToTable("Schedules");
            builder.HasKey(s => new { s.Forge, s.RepositoryId, s.Path, s.Cron });
            builder.HasIndex(s => s.DueAt);
        }
    }
}
