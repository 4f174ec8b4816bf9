using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>A request that named a key, and how it was answered.</summary>
internal sealed class IdempotencyRow
{
    /// <summary>The caller's id: keys of others are other keys.</summary>
    public required string Caller { get; set; }

    public required string Key { get; set; }

    /// <summary>The SHA-256 of method, address and body.</summary>
    public required string Fingerprint { get; set; }

    /// <summary>The answer's status; null while there is none.</summary>
    public int? Status { get; set; }

    public string? ContentType { get; set; }

    public string? Location { get; set; }

    public byte[]? Body { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<IdempotencyRow>
    {
        public void Configure(EntityTypeBuilder<IdempotencyRow> builder)
        {
            builder.ToTable("IdempotencyKeys").HasKey(r => new { r.Caller, r.Key });
            builder.Property(r => r.Caller).HasMaxLength(26);
            builder.Property(r => r.Key).HasMaxLength(Idempotency.MostKeyLength);
            builder.HasIndex(r => r.CreatedAt);
        }
    }
}
