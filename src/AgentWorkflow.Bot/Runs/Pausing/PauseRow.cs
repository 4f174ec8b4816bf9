using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentWorkflow.Bot.Runs.Pausing;

/// <summary>That the operator paused everything or a repository.</summary>
internal sealed class PauseRow
{
    /// <summary>The row of a pause of everything.</summary>
    public const string Everything = "*";

    /// <summary><c>owner/name</c>, or <see cref="Everything"/>.</summary>
    public required string Repository { get; set; }

    public DateTimeOffset PausedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<PauseRow>
    {
        public void Configure(EntityTypeBuilder<PauseRow> builder)
        {
            builder.ToTable("Pauses");
            builder.HasKey(p => p.Repository);
        }
    }
}
