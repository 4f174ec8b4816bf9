using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentWorkflow.Bot.Intake.Watching;

/// <summary>A repository that the bot is installed on, and how far it is known what happened in it.</summary>
internal sealed class WatchRow
{
    public required string Forge { get; set; }

    public required long RepositoryId { get; set; }

    /// <summary>The forge's sign that nothing was pushed since.</summary>
    public string? Stamp { get; set; }

    /// <summary>The head of the default branch that was worked off last; null where there was none.</summary>
    public string? Head { get; set; }

    /// <summary>The labels that start something, as of that head.</summary>
    public List<string> Labels { get; set; } = [];

    /// <summary>What happened before is known.</summary>
    public required DateTimeOffset Since { get; set; }

    /// <summary>When it was looked at last.</summary>
    public required DateTimeOffset LookedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<WatchRow>
    {
        public void Configure(EntityTypeBuilder<WatchRow> builder)
        {
            builder.ToTable("Watched");
            builder.HasKey(w => new { w.Forge, w.RepositoryId });
        }
    }
}
