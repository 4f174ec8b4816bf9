using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentWorkflow.Bot.Exports;

/// <summary>An archive: asked for, being written, or there.</summary>
internal sealed class RepositoryExportRow
{
    public required string Id { get; set; }

    /// <summary>The project it was made for; null where a run asked before its project was recorded. The tree then tells.</summary>
    public string? ProjectId { get; set; }

    /// <summary>The git tree that it holds.</summary>
    public required string Tree { get; set; }

    public required string RootFolder { get; set; }

    public required string Format { get; set; }

    public required ExportStatus Status { get; set; }

    /// <summary>Percent of the files' bytes that are in it.</summary>
    public int Progress { get; set; }

    /// <summary>Why it failed, one sentence; null otherwise.</summary>
    public string? Reason { get; set; }

    public required long Size { get; set; }

    public required string Sha256 { get; set; }

    /// <summary>The object's name in the folder <c>exports</c>.</summary>
    public required string FileName { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>The states of an export.</summary>
internal enum ExportStatus
{
    /// <summary>Asked for.</summary>
    Queued,

    /// <summary>Being written; one that its process left behind is written anew when it is asked for again.</summary>
    Running,

    /// <summary>It is there.</summary>
    Succeeded,

    /// <summary>It is not, and the reason says why.</summary>
    Failed,
}

/// <summary>The table.</summary>
internal sealed class RepositoryExportConfiguration : IEntityTypeConfiguration<RepositoryExportRow>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<RepositoryExportRow> builder)
    {
        builder.ToTable("RepositoryExports").HasKey(e => e.Id);
        builder.Property(e => e.Id).HasMaxLength(26);
        builder.Property(e => e.Status).HasConversion(status => status.ToString().ToLowerInvariant(), text => Enum.Parse<ExportStatus>(text, ignoreCase: true));
        builder.HasIndex(e => e.FileName).IsUnique();
        builder.HasIndex(e => e.Tree);
        builder.HasIndex(e => e.ProjectId);
    }
}
