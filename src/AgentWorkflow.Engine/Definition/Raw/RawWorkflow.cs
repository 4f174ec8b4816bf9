using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

using AgentWorkflow.Engine.Definition.Yaml;

namespace AgentWorkflow.Engine.Definition.Raw;

// These records are the language: the parser reads them, the JSON Schema and the reference are made from them. Everything is
// nullable, because a file may lack anything; what is required says so with an attribute.

/// <summary>A workflow file.</summary>
[Description("A workflow.")]
internal sealed record RawWorkflow : RawRecord
{
    [Description("The name, unique in the repository. The file's name without its ending unless told."), Pattern(Names.Workflow)]
    public Located<string>? Name { get; init; }

    [Description("What the workflow does, for people."), MaxLength(1000)]
    public Located<string>? Description { get; init; }

    [Description("What starts it."), Required]
    public RawTriggers? On { get; init; }

    [Description("Values that the person who starts it can give."), Pattern(Names.Simple)]
    public RawTable<RawInput>? Inputs { get; init; }

    [Description("The effects that it may ask for. What is absent is not allowed.")]
    public RawPermissions? Permissions { get; init; }

    [Description("Which runs may not be at work together; a text is the group.")]
    public RawConcurrency? Concurrency { get; init; }

    [Description("Ceilings. The operator's ceilings hold as well; a workflow can only lower them.")]
    public RawLimits? Limits { get; init; }

    [Description("The steps."), Required, Length(1, 1000)]
    public RawList<RawStep>? Steps { get; init; }
}

/// <summary><c>on</c>.</summary>
[Description("What starts a workflow; at least one entry.")]
internal sealed record RawTriggers : RawRecord
{
    [Description("The word after the slash: `command: go` makes the comment line `/go` start it."), Pattern(Names.Command)]
    public Located<string>? Command { get; init; }

    [Description("Labels on issues that start it.")]
    public RawIssues? Issues { get; init; }

    [Description("Pushes to the default branch that start it.")]
    public RawPush? Push { get; init; }

    [Description("Times at which it starts.")]
    public RawList<RawSchedule>? Schedule { get; init; }

    [Description("True where the REST API, a page or the command line may start it.")]
    public Located<bool>? Manual { get; init; }
}

/// <summary><c>on.issues</c>.</summary>
[Description("Events of issues.")]
internal sealed record RawIssues : RawRecord
{
    [Description("Which events; `labeled` is the one there is."), AllowedValues("labeled"), Length(1, 1)]
    public RawList<Located<string>>? Types { get; init; }

    [Description("The labels that start it; any one of them."), Required, Length(1, 100), MaxLength(100)]
    public RawList<Located<string>>? Labels { get; init; }
}

/// <summary><c>on.push</c>.</summary>
[Description("Pushes to the default branch.")]
internal sealed record RawPush : RawRecord
{
    [Description("Globs; a push that changes a matching file starts it."), Required, Length(1, 100)]
    public RawList<Located<string>>? Paths { get; init; }
}

/// <summary>An element of <c>on.schedule</c>.</summary>
[Description("A time.")]
internal sealed record RawSchedule : RawRecord
{
    [Description("Minute, hour, day of month, month and day of week, in UTC."), Required]
    public Located<string>? Cron { get; init; }
}

/// <summary>An input.</summary>
[Description("An input of a workflow.")]
internal sealed record RawInput : RawRecord
{
    [Description("The type; `string` unless told."), AllowedValues("string", "number", "boolean", "choice")]
    public Located<string>? Type { get; init; }

    [Description("What it is for, for people."), MaxLength(1000)]
    public Located<string>? Description { get; init; }

    [Description("True where a run without it is refused; false unless told.")]
    public Located<bool>? Required { get; init; }

    [Description("The value when none is given.")]
    public ScalarNode? Default { get; init; }

    [Description("The values of a choice."), Length(1, 100)]
    public RawList<Located<string>>? Options { get; init; }
}

/// <summary><c>permissions</c>.</summary>
[Description("Effects that are allowed: `write` or `none`.")]
internal sealed record RawPermissions : RawRecord
{
    [Description("Branches and commits."), AllowedValues("write", "none")]
    public Located<string>? Contents { get; init; }

    [Description("Pull and merge requests."), AllowedValues("write", "none")]
    public Located<string>? PullRequests { get; init; }

    [Description("Issues and comments."), AllowedValues("write", "none")]
    public Located<string>? Issues { get; init; }

    [Description("Checks and commit statuses."), AllowedValues("write", "none")]
    public Located<string>? Checks { get; init; }
}

/// <summary><c>concurrency</c>.</summary>
[Description("Runs of one group wait for each other."), Shorthand("group")]
internal sealed record RawConcurrency : RawRecord
{
    [Description("The group's name, mostly with expressions; `event`, `inputs`, `run`, `repository` and `actor` can be read."), Required]
    public ScalarNode? Group { get; init; }

    [Description("True where a newer run cancels the older one instead of waiting; false unless told.")]
    public Located<bool>? CancelInProgress { get; init; }
}

/// <summary><c>limits</c>.</summary>
[Description("Ceilings of a run.")]
internal sealed record RawLimits : RawRecord
{
    [Description("Wall-clock minutes of a run; 30 unless told."), Range(1, 1440)]
    public Located<long>? Minutes { get; init; }

    [Description("Money for models in US dollars; the operator's ceiling alone unless told."), Range(0, 10_000)]
    public Located<decimal>? CostUsd { get; init; }

    [Description("Files that a run may write; 200 unless told."), Range(1, 10_000)]
    public Located<long>? Files { get; init; }
}

/// <summary>A step.</summary>
[Description("A step.")]
internal sealed record RawStep : RawRecord
{
    [Description("The name, unique in the workflow."), Required, Pattern(Names.Simple)]
    public Located<string>? Id { get; init; }

    [Description("The step type."), Required]
    public Located<string>? Uses { get; init; }

    [Description("The step type's inputs.")]
    public MapNode? With { get; init; }

    [Description("The steps it waits for: one id or a list. The step above unless told; `[]` starts at once."), OneOrMany]
    public RawList<Located<string>>? Needs { get; init; }

    [Description("An expression, with or without `${{ }}`; the step is skipped when it is false. `success()` unless told.")]
    public ScalarNode? If { get; init; }

    [Description("A list, or an expression that gives one: the step runs once for each element, bound as `item`; its `outputs` is then the list of the items' outputs.")]
    public Node? ForEach { get; init; }

    [Description("Items of `for-each` at once; 1 unless told."), Range(1, 32)]
    public Located<long>? MaxParallel { get; init; }

    [Description("The limit of one attempt in minutes; the run's limit alone unless told."), Range(0.1, 1440)]
    public Located<decimal>? TimeoutMinutes { get; init; }

    [Description("How failed attempts are repeated.")]
    public RawRetry? Retry { get; init; }

    [Description("True where the run goes on as if the step had succeeded when it failed; false unless told.")]
    public Located<bool>? ContinueOnError { get; init; }
}

/// <summary><c>retry</c>.</summary>
[Description("Repeats failed attempts where the failure may pass.")]
internal sealed record RawRetry : RawRecord
{
    [Description("Attempts in all."), Required, Range(1, 10)]
    public Located<long>? Attempts { get; init; }

    [Description("The pause before the second attempt, doubled each time: seconds, or a text like `30s`, `5m`, `1h`; 10 seconds unless told.")]
    public Located<TimeSpan>? Backoff { get; init; }
}
