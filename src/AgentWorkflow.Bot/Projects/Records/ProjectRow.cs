using AgentWorkflow.Bot.Guards;

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentWorkflow.Bot.Projects.Records;

/// <summary>A generated project as it is stored.</summary>
internal sealed class ProjectRow : IOfRepository
{
    public required string Id { get; set; }

    public required string RunId { get; set; }

    public required string Forge { get; set; }

    public required string Repository { get; set; }

    public required string Title { get; set; }

    /// <summary>The git tree of the commit that holds the files; null where nothing was committed.</summary>
    public string? Tree { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public List<ProjectFileRow> Files { get; } = [];
}

/// <summary>A file of a generated project.</summary>
internal sealed class ProjectFileRow
{
    public required string ProjectId { get; set; }

    public required string Path { get; set; }

    public required string Sha256 { get; set; }

    public required long Size { get; set; }

    public required bool Executable { get; set; }
}

/// <summary>The tables.</summary>
internal sealed class ProjectRowConfiguration : IEntityTypeConfiguration<ProjectRow>, IEntityTypeConfiguration<ProjectFileRow>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<ProjectRow> builder)
    {
        builder.ToTable("Projects").HasKey(p => p.Id);
        builder.Property(p => p.Id).HasMaxLength(26);
        builder.HasIndex(p => p.RunId).IsUnique();
        builder.HasIndex(p => new { p.Repository, p.CreatedAt });
        builder.HasIndex(p => new { p.CreatedAt, p.Id });
        builder.HasMany(p => p.Files).WithOne().HasForeignKey(f => f.ProjectId);
    }

    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<ProjectFileRow> builder)
    {
        builder.ToTable("ProjectFiles").HasKey(f => new { f.ProjectId, f.Path });
        builder.Property(f => f.Sha256).HasMaxLength(64);
    }
}
