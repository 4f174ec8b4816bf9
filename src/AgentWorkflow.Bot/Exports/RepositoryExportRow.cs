using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentWorkflow.Bot.Exports;

/// <summary>An archive that was written.</summary>
internal sealed class RepositoryExportRow
{
    public required string Id { get; set; }

    /// <summary>The project it was made for; null where a run asked before its project was recorded. The tree then tells.</summary>
    public string? ProjectId { get; set; }

    /// <summary>The git tree that it holds.</summary>
    public required string Tree { get; set; }

    public required string RootFolder { get; set; }

    public required string Format { get; set; }

    /// <summary>queued, running, succeeded or failed.</summary>
    public required string Status { get; set; }

    public required long Size { get; set; }

    public required string Sha256 { get; set; }

    /// <summary>The file's name in <c>DataDirectory/exports</c>.</summary>
    public required string FileName { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }
}

/// <summary>The table.</summary>
internal sealed class RepositoryExportConfiguration : IEntityTypeConfiguration<RepositoryExportRow>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<RepositoryExportRow> builder)
    {
        builder.ToTable("RepositoryExports").HasKey(e => e.Id);
        builder.Property(e => e.Id).HasMaxLength(26);
        builder.HasIndex(e => e.FileName).IsUnique();
        builder.HasIndex(e => e.Tree);
        builder.HasIndex(e => e.ProjectId);
    }
}
