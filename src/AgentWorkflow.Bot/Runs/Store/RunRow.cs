using AgentWorkflow.Bot.Guards;

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>A run. What is asked for in queries stands in columns; the rest is in <see cref="Facts"/> and <see cref="State"/>.</summary>
internal sealed class RunRow : IOfRepository
{
    public required string Id { get; set; }

    public required string Key { get; set; }

    public required string Forge { get; set; }

    public required string Repository { get; set; }

    public long? Issue { get; set; }

    public required string Branch { get; set; }

    public int Generation { get; set; }

    public required string WorkflowName { get; set; }

    public required string WorkflowPath { get; set; }

    public required string ConcurrencyGroup { get; set; }

    public required string Status { get; set; }

    public string? Code { get; set; }

    public string? Reason { get; set; }

    /// <summary>The digest of the base tree in the content store.</summary>
    public required string BaseTree { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>When a waiting run is due; null where only a signal wakes it.</summary>
    public DateTimeOffset? WakeAt { get; set; }

    public string? LeaseOwner { get; set; }

    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Raised by every claim; a write that carries an older one is refused.</summary>
    public long Fencing { get; set; }

    /// <summary>How often it was saved: who watches it reads it again only when this has changed.</summary>
    public long Moves { get; set; }

    // The long ones come last: a list of runs is read without them.

    /// <summary>The pinned file: a later edit changes nothing for this run.</summary>
    public required string WorkflowText { get; set; }

    /// <summary>JSON of <see cref="RunPin"/>.</summary>
    public required string Facts { get; set; }

    /// <summary>JSON of the run's state without its steps.</summary>
    public required string State { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<RunRow>
    {
        public void Configure(EntityTypeBuilder<RunRow> builder)
        {
            builder.ToTable("Runs");
            builder.HasKey(r => r.Id);
            builder.Property(r => r.Id).HasMaxLength(26);
            builder.HasIndex(r => r.Key).IsUnique();
            builder.HasIndex(r => r.Status).HasFilter("\"FinishedAt\" IS NULL");
            builder.HasIndex(r => new { r.Forge, r.Repository, r.Issue, r.CreatedAt });
            builder.HasIndex(r => new { r.CreatedAt, r.Id });
            builder.HasIndex(r => new { r.Repository, r.CreatedAt, r.Id });
        }
    }
}

/// <summary>A step's state, or an item's.</summary>
internal sealed class RunStepRow
{
    public required string RunId { get; set; }

    public required string Key { get; set; }

    /// <summary>The place in file order, items after their step.</summary>
    public int Ordinal { get; set; }

    /// <summary>JSON of <see cref="Engine.Execution.StepState"/>.</summary>
    public required string State { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<RunStepRow>
    {
        public void Configure(EntityTypeBuilder<RunStepRow> builder)
        {
            builder.ToTable("RunSteps");
            builder.HasKey(r => new { r.RunId, r.Key });
        }
    }
}

/// <summary>An effect that was asked for: written before it is applied, the receipt after.</summary>
internal sealed class RunEffectRow
{
    public required string RunId { get; set; }

    public required string Key { get; set; }

    public required string Kind { get; set; }

    public int Ordinal { get; set; }

    public required string Outcome { get; set; }

    /// <summary>JSON of the receipt; null while planned.</summary>
    public string? Receipt { get; set; }

    public DateTimeOffset PlannedAt { get; set; }

    public DateTimeOffset? DoneAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<RunEffectRow>
    {
        public void Configure(EntityTypeBuilder<RunEffectRow> builder)
        {
            builder.ToTable("RunEffects");
            builder.HasKey(r => new { r.RunId, r.Key });
        }
    }
}

/// <summary>A word from outside to a run: cancel, answer, retry. Whoever has the lease takes it in.</summary>
internal sealed class RunSignalRow
{
    public long Id { get; set; }

    public required string RunId { get; set; }

    public required string Kind { get; set; }

    public required string Payload { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<RunSignalRow>
    {
        public void Configure(EntityTypeBuilder<RunSignalRow> builder)
        {
            builder.ToTable("RunSignals");
            builder.HasKey(r => r.Id);
            builder.HasIndex(r => r.RunId);
        }
    }
}

/// <summary>Which run has its concurrency group: the primary key is the lock.</summary>
internal sealed class RunGroupRow
{
    public required string Name { get; set; }

    public required string RunId { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<RunGroupRow>
    {
        public void Configure(EntityTypeBuilder<RunGroupRow> builder)
        {
            builder.ToTable("RunGroups");
            builder.HasKey(r => r.Name);
        }
    }
}
