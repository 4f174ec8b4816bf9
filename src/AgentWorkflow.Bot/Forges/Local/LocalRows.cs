using AgentWorkflow.Engine.Effects;

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>A repository of the Local forge.</summary>
internal sealed class LocalRepositoryRow
{
    public long Id { get; set; }

    /// <summary><c>owner/name</c> in lower case: names that differ in case alone would confuse people and file systems.</summary>
    public required string Key { get; set; }

    public required string FullName { get; set; }

    public required string DefaultBranch { get; set; }

    public string Description { get; set; } = "";

    public RepositoryVisibility Visibility { get; set; }

    public List<string> Topics { get; set; } = [];

    /// <summary>The names of its labels.</summary>
    public List<string> Labels { get; set; } = [];

    /// <summary>How many people must approve a change to the default branch; null where it is not protected.</summary>
    public int? Reviews { get; set; }

    /// <summary>The number that the last issue or pull request got: both draw from this one sequence.</summary>
    public long LastNumber { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A right that a person was given; who has none may read.</summary>
internal sealed class LocalAccessRow
{
    public required long RepositoryId { get; set; }

    public required long ActorId { get; set; }

    public required RepositoryPermission Permission { get; set; }
}

/// <summary>An issue or a pull request.</summary>
internal sealed class LocalIssueRow
{
    public long Id { get; set; }

    public required long RepositoryId { get; set; }

    public required long Number { get; set; }

    public required string Title { get; set; }

    public required string Body { get; set; }

    /// <summary><c>open</c>, <c>closed</c> or <c>merged</c>.</summary>
    public required string State { get; set; }

    public required long AuthorId { get; set; }

    public required string AuthorLogin { get; set; }

    public string? AuthorName { get; set; }

    public List<string> Labels { get; set; } = [];

    public List<long> Assignees { get; set; } = [];

    public string? Milestone { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The head branch of a pull request; null for an issue.</summary>
    public string? Branch { get; set; }

    /// <summary>The head branch while the pull request is open; unique, so that a branch has one open pull request at most.</summary>
    public string? OpenBranch { get; set; }

    public string? BaseBranch { get; set; }

    public bool Draft { get; set; }

    /// <summary>The head when the pull request was last written, closed or merged.</summary>
    public string? Head { get; set; }

    /// <summary>The marker of the run that wrote it last; null where a person did.</summary>
    public string? Marker { get; set; }
}

/// <summary>A comment on an issue or pull request.</summary>
internal sealed class LocalCommentRow
{
    public long Id { get; set; }

    public required long RepositoryId { get; set; }

    public required long Number { get; set; }

    public required string Body { get; set; }

    /// <summary>The marker of our own comment; null for people's, whatever their text says.</summary>
    public string? Marker { get; set; }

    public required long AuthorId { get; set; }

    public required string AuthorLogin { get; set; }

    public string? AuthorName { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>True after a person deleted it: the row stays, so that we do not write it again.</summary>
    public bool Deleted { get; set; }
}

/// <summary>A reaction of one actor to a comment.</summary>
internal sealed class LocalReactionRow
{
    public required long CommentId { get; set; }

    public required long ActorId { get; set; }

    public required string Content { get; set; }
}

/// <summary>A check on a commit.</summary>
internal sealed class LocalCheckRow
{
    public required long RepositoryId { get; set; }

    public required string Commit { get; set; }

    public required string Name { get; set; }

    public required string Conclusion { get; set; }

    public required string Title { get; set; }

    public required string Summary { get; set; }

    /// <summary>The annotations as JSON.</summary>
    public required string Annotations { get; set; }

    public required string RunKey { get; set; }

    public required DateTimeOffset UpdatedAt { get; set; }
}

/// <summary>The tables.</summary>
internal sealed class LocalRowConfiguration :
    IEntityTypeConfiguration<LocalRepositoryRow>,
    IEntityTypeConfiguration<LocalAccessRow>,
    IEntityTypeConfiguration<LocalIssueRow>,
    IEntityTypeConfiguration<LocalCommentRow>,
    IEntityTypeConfiguration<LocalReactionRow>,
    IEntityTypeConfiguration<LocalCheckRow>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<LocalRepositoryRow> builder)
    {
        builder.ToTable("LocalRepositories").HasKey(r => r.Id);
        builder.Property(r => r.Visibility).HasConversion<string>();
        builder.HasIndex(r => r.Key).IsUnique();
    }

    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<LocalAccessRow> builder)
    {
        builder.ToTable("LocalAccess").HasKey(a => new { a.RepositoryId, a.ActorId });
        builder.HasOne<LocalRepositoryRow>().WithMany().HasForeignKey(a => a.RepositoryId);
        builder.Property(a => a.Permission).HasConversion<string>();
    }

    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<LocalIssueRow> builder)
    {
        builder.ToTable("LocalIssues").HasKey(i => i.Id);
        builder.HasIndex(i => new { i.RepositoryId, i.Number }).IsUnique();
        builder.HasIndex(i => new { i.RepositoryId, i.OpenBranch }).IsUnique();
        builder.HasOne<LocalRepositoryRow>().WithMany().HasForeignKey(i => i.RepositoryId);
    }

    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<LocalCommentRow> builder)
    {
        builder.ToTable("LocalComments").HasKey(c => c.Id);
        builder.HasIndex(c => new { c.RepositoryId, c.Number, c.Marker }).IsUnique();
        builder.HasOne<LocalRepositoryRow>().WithMany().HasForeignKey(c => c.RepositoryId);
    }

    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<LocalReactionRow> builder)
    {
        builder.ToTable("LocalReactions").HasKey(r => new { r.CommentId, r.ActorId, r.Content });
        builder.HasOne<LocalCommentRow>().WithMany().HasForeignKey(r => r.CommentId);
    }

    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<LocalCheckRow> builder)
    {
        builder.ToTable("LocalChecks").HasKey(c => new { c.RepositoryId, c.Commit, c.Name });
        builder.HasOne<LocalRepositoryRow>().WithMany().HasForeignKey(c => c.RepositoryId);
    }
}
