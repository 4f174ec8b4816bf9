using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentWorkflow.Bot.Web.Access;

/// <summary>An API token. Its text is nowhere: only the hash is kept.</summary>
internal sealed class ApiTokenRow
{
    public required string Id { get; set; }

    public required string Name { get; set; }

    public required Role Role { get; set; }

    /// <summary>A pattern of <see cref="Guards.RepositoryScope"/>.</summary>
    public required string Repository { get; set; }

    public required string Hash { get; set; }

    /// <summary>The caller who made it; <c>command line</c> for <c>token create</c>.</summary>
    public required string CreatedBy { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When it was used last, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<ApiTokenRow>
    {
        public void Configure(EntityTypeBuilder<ApiTokenRow> builder)
        {
            builder.ToTable("ApiTokens").HasKey(t => t.Id);
            builder.Property(t => t.Id).HasMaxLength(26);
            builder.Property(t => t.Name).HasMaxLength(100);
            builder.Property(t => t.Role).HasConversion(role => role.ToString().ToLowerInvariant(), text => Enum.Parse<Role>(text, ignoreCase: true));
            builder.Property(t => t.Hash).HasMaxLength(64);
            builder.HasIndex(t => t.Hash).IsUnique();
        }
    }
}
