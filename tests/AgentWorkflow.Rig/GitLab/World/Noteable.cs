using AgentWorkflow.Rig.Faults;

namespace AgentWorkflow.Rig.GitLab.World;

/// <summary>What has notes, labels and emoji: an issue or a merge request.</summary>
public abstract class Noteable : Sighted
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>The number within the project and kind.</summary>
    public required long Iid { get; init; }

    /// <summary>The project.</summary>
    public required Project Project { get; init; }

    /// <summary>The author.</summary>
    public required Account Author { get; init; }

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; set; }

    /// <summary>The text.</summary>
    public string Description { get; set; } = "";

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When its text was last edited, or null.</summary>
    public DateTimeOffset? EditedAt { get; set; }

    /// <summary>When it was closed, or null.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Whether only members may comment.</summary>
    public bool Locked { get; set; }

    /// <summary>The labels' names.</summary>
    public List<string> Labels { get; } = [];

    /// <summary>Who put which label on or took it off, oldest first.</summary>
    public List<LabelEvent> LabelEvents { get; } = [];

    /// <summary>The assignees.</summary>
    public List<Account> Assignees { get; } = [];

    /// <summary>The milestone, or null.</summary>
    public Milestone? Milestone { get; set; }

    /// <summary>The notes, oldest first.</summary>
    public List<Note> Notes { get; } = [];

    /// <summary>The emoji.</summary>
    public List<Award> Awards { get; } = [];

    /// <summary><c>opened</c>, <c>closed</c> or <c>merged</c>.</summary>
    public virtual string State => ClosedAt is null ? "opened" : "closed";

    /// <summary><c>#1</c> or <c>!1</c>.</summary>
    public abstract string Reference { get; }

    /// <summary><c>Issue</c> or <c>MergeRequest</c>.</summary>
    public abstract string Kind { get; }
}

/// <summary>An issue.</summary>
public sealed class Issue : Noteable
{
    /// <summary>Whether only members from Planner on, its author and its assignees see it.</summary>
    public bool Confidential { get; set; }

    /// <inheritdoc/>
    public override string Reference => "#" + Iid;

    /// <inheritdoc/>
    public override string Kind => "Issue";
}

/// <summary>A merge request.</summary>
public sealed class MergeRequest : Noteable
{
    /// <summary>The branch it comes from.</summary>
    public required string Source { get; init; }

    /// <summary>The branch it goes to.</summary>
    public required string Target { get; set; }

    /// <summary>The source's commit.</summary>
    public required string Sha { get; set; }

    /// <summary>When it was merged, or null.</summary>
    public DateTimeOffset? MergedAt { get; set; }

    /// <summary>Who merged it, or null.</summary>
    public Account? MergedBy { get; set; }

    /// <summary>The commit that merged it, or null.</summary>
    public string? MergeSha { get; set; }

    /// <summary>Whether the source goes when it is merged.</summary>
    public bool RemoveSource { get; set; }

    /// <summary>Whether its title says so.</summary>
    public bool Draft => Title.StartsWith("Draft:", StringComparison.OrdinalIgnoreCase) || Title.StartsWith("[Draft]", StringComparison.OrdinalIgnoreCase) || Title.StartsWith("(Draft)", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string State => MergedAt is null ? base.State : "merged";

    /// <inheritdoc/>
    public override string Reference => "!" + Iid;

    /// <inheritdoc/>
    public override string Kind => "MergeRequest";
}

/// <summary>A note of an issue or merge request.</summary>
public sealed class Note : Sighted
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required Noteable Noteable { get; init; }

    /// <summary>The author.</summary>
    public required Account Author { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The text.</summary>
    public required string Body { get; set; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Whether GitLab wrote it.</summary>
    public bool System { get; init; }

    /// <summary>Whether only members from Planner on see it.</summary>
    public bool Internal { get; init; }

    /// <summary>The thread.</summary>
    public required string Discussion { get; init; }

    /// <summary>Whether it stands in a thread that can be answered.</summary>
    public bool Threaded { get; init; }

    /// <summary>The line of a diff that it is about, or null.</summary>
    public DiffLine? Line { get; init; }

    /// <summary>Whether the thread is done.</summary>
    public bool Resolved { get; set; }

    /// <summary>The emoji.</summary>
    public List<Award> Awards { get; } = [];
}

/// <summary>A line of a diff.</summary>
public sealed record DiffLine(string Path, int Line, string Base, string Start, string Head);

/// <summary>An emoji that somebody put on something.</summary>
public sealed class Award : Sighted
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>Whose.</summary>
    public required Account User { get; init; }

    /// <summary><c>thumbsup</c>, <c>eyes</c>, ...</summary>
    public required string Name { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>A label was put on or taken off.</summary>
public sealed record LabelEvent(long Id, Account By, string Label, bool Added, DateTimeOffset At);
