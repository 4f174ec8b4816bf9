using AgentWorkflow.Rig.Faults;

namespace AgentWorkflow.Rig.GitHub.World;

/// <summary>An issue, or the issue's side of a pull request.</summary>
public sealed class Issue : Sighted
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>The repository.</summary>
    public required ForgeRepository Repository { get; init; }

    /// <summary>The number within the repository.</summary>
    public required long Number { get; init; }

    /// <summary>The author.</summary>
    public required Account Author { get; init; }

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; set; }

    /// <summary>The text.</summary>
    public string Body { get; set; } = "";

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When its text was last edited, or null.</summary>
    public DateTimeOffset? EditedAt { get; set; }

    /// <summary>When it was closed, or null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>Whether nobody may comment.</summary>
    public bool Locked { get; set; }

    /// <summary>The labels' names.</summary>
    public List<string> Labels { get; } = [];

    /// <summary>Who put which label on, and when.</summary>
    public List<LabelEvent> LabelEvents { get; } = [];

    /// <summary>The assignees.</summary>
    public List<Account> Assignees { get; } = [];

    /// <summary>The milestone's number, or null.</summary>
    public int? Milestone { get; set; }

    /// <summary>The comments.</summary>
    public List<Comment> Comments { get; } = [];

    /// <summary>The reactions.</summary>
    public List<Reaction> Reactions { get; } = [];

    /// <summary>The pull request's side, or null.</summary>
    public PullRequest? Pull { get; init; }

    /// <summary><c>open</c> or <c>closed</c>.</summary>
    public string State => ClosedAt is null ? "open" : "closed";
}

/// <summary>What a pull request has over an issue.</summary>
public sealed class PullRequest
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>The branch it comes from.</summary>
    public required string Head { get; init; }

    /// <summary>The repository it comes from; null after it was deleted.</summary>
    public required ForgeRepository? HeadRepository { get; set; }

    /// <summary>The branch it goes to.</summary>
    public required string Base { get; set; }

    /// <summary>The head's commit.</summary>
    public required string HeadSha { get; set; }

    /// <summary>Whether it is a draft.</summary>
    public bool Draft { get; set; }

    /// <summary>When it was merged, or null.</summary>
    public DateTimeOffset? MergedAt { get; set; }

    /// <summary>The comments on lines.</summary>
    public List<ReviewComment> ReviewComments { get; } = [];
}

/// <summary>A comment of an issue or pull request.</summary>
public sealed class Comment : Sighted
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required Issue Issue { get; init; }

    /// <summary>The author.</summary>
    public required Account Author { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The text.</summary>
    public required string Body { get; set; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Whether a person wrote it through an app.</summary>
    public bool ThroughAnApp { get; init; }

    /// <summary>The reactions.</summary>
    public List<Reaction> Reactions { get; } = [];
}

/// <summary>A comment on a line of a pull request.</summary>
public sealed class ReviewComment
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required Issue Issue { get; init; }

    /// <summary>The author.</summary>
    public required Account Author { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The text.</summary>
    public required string Body { get; set; }

    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The line.</summary>
    public required int Line { get; init; }

    /// <summary>The comment it answers, or null.</summary>
    public long? InReplyTo { get; init; }

    /// <summary>The reactions.</summary>
    public List<Reaction> Reactions { get; } = [];
}

/// <summary>A reaction.</summary>
public sealed class Reaction : Sighted
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>Whose.</summary>
    public required Account Author { get; init; }

    /// <summary><c>+1</c>, <c>eyes</c>, ...</summary>
    public required string Content { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A label was put on.</summary>
/// <param name="Label">The label's name.</param>
/// <param name="By">Who did it.</param>
/// <param name="At">When.</param>
public sealed record LabelEvent(string Label, Account By, DateTimeOffset At);
