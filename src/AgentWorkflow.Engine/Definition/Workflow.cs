using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Expressions;

namespace AgentWorkflow.Engine.Definition;

/// <summary>A valid workflow. It cannot be wrong: only the parser makes it, after it found no error.</summary>
public sealed record Workflow
{
    /// <summary>Unique in a repository; the file's name unless told.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, for people.</summary>
    public string? Description { get; init; }

    /// <summary>The file it came from.</summary>
    public required string Path { get; init; }

    /// <summary>What starts it.</summary>
    public required Triggers On { get; init; }

    /// <summary>The inputs, in file order.</summary>
    public required IReadOnlyList<WorkflowInput> Inputs { get; init; }

    /// <summary>The effects it may ask for; none unless declared.</summary>
    public required Permissions Permissions { get; init; }

    /// <summary>Which runs may not be at work together; null means no limit.</summary>
    public Concurrency? Concurrency { get; init; }

    /// <summary>Its ceilings.</summary>
    public required Limits Limits { get; init; }

    /// <summary>The steps, in file order, acyclic.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }
}

/// <summary>What starts a workflow.</summary>
/// <param name="Command">The word after the slash, or null.</param>
/// <param name="IssueLabels">Labels on issues that start it; empty means none does.</param>
/// <param name="PushPaths">Globs of pushed paths that start it; empty means none does.</param>
/// <param name="Schedules">Cron texts of five fields, UTC.</param>
/// <param name="Manual">True where the API, a page or the command line may start it.</param>
public sealed record Triggers(
    string? Command, IReadOnlyList<string> IssueLabels, IReadOnlyList<string> PushPaths, IReadOnlyList<string> Schedules, bool Manual);

/// <summary>An input of a workflow.</summary>
/// <param name="Name">The name in <c>inputs.NAME</c>.</param>
/// <param name="Type"><c>string</c>, <c>number</c>, <c>boolean</c> or <c>choice</c>.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Required">True where a run without it is refused.</param>
/// <param name="Default">The value when none is given; null means none.</param>
/// <param name="Options">The choices; empty unless the type is <c>choice</c>.</param>
public sealed record WorkflowInput(string Name, string Type, string? Description, bool Required, JsonNode? Default, IReadOnlyList<string> Options);

/// <summary>Effects allowed. Absent means none.</summary>
public sealed record Permissions(bool Contents, bool PullRequests, bool Issues, bool Checks)
{
    /// <summary>True when the permission of that name is declared.</summary>
    public bool Allows(string name) => name switch
    {
        "contents" => Contents,
        "pull-requests" => PullRequests,
        "issues" => Issues,
        "checks" => Checks,
        _ => false,
    };
}

/// <summary>Runs of one group wait for each other, or the newer cancels the older.</summary>
public sealed record Concurrency(ValueTemplate Group, bool CancelInProgress);

/// <summary>Ceilings of a run; an operator can only lower them.</summary>
/// <param name="Time">Wall-clock time; 30 minutes unless told.</param>
/// <param name="CostUsd">Money for models; null means the operator's ceiling alone.</param>
/// <param name="Files">Files a run may write; 200 unless told.</param>
public sealed record Limits(TimeSpan Time, decimal? CostUsd, int Files);

/// <summary>One step.</summary>
public sealed record Step
{
    /// <summary>Unique in the workflow.</summary>
    public required string Id { get; init; }

    /// <summary>The step type's name; it is registered.</summary>
    public required string Uses { get; init; }

    /// <summary>Ids of the steps it waits for; the step above it unless told.</summary>
    public required IReadOnlyList<string> Needs { get; init; }

    /// <summary>The condition; null means "when the needs succeeded".</summary>
    public Expression? If { get; init; }

    /// <summary>The list whose items it runs for; null means once.</summary>
    public Expression? ForEach { get; init; }

    /// <summary>Items at once, from 1.</summary>
    public int MaxParallel { get; init; } = 1;

    /// <summary>The limit of one attempt; null means the run's limit alone.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How failed attempts are repeated.</summary>
    public required Retry Retry { get; init; }

    /// <summary>True where the run goes on when the step failed.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>The inputs, expressions not yet evaluated.</summary>
    public required ValueTemplate With { get; init; }

    /// <summary>Where the step begins in the file.</summary>
    public required SourcePosition Position { get; init; }
}

/// <summary>Attempts in all, from 1, and the pause before the second, doubled each time.</summary>
public sealed record Retry(int Attempts, TimeSpan Backoff)
{
    /// <summary>One attempt.</summary>
    public static Retry None { get; } = new(1, TimeSpan.Zero);
}

/// <summary>A place in a file, from 1.</summary>
public readonly record struct SourcePosition(int Line, int Column);
