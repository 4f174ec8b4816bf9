using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>A run to look at.</summary>
internal sealed record RunDetails
{
    public required string Id { get; init; }

    public required string Workflow { get; init; }

    /// <summary>The pinned file: <c>path@commit</c>, or <c>built-in</c>.</summary>
    public required string WorkflowSource { get; init; }

    public required string Status { get; init; }

    public string? Code { get; init; }

    public string? Reason { get; init; }

    public required string Forge { get; init; }

    public required string Repository { get; init; }

    public required string BaseCommit { get; init; }

    public long? Issue { get; init; }

    public required string Branch { get; init; }

    public required string AskedBy { get; init; }

    public required JsonObject Inputs { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public required double Seconds { get; init; }

    /// <summary>How often it was tried.</summary>
    public required int Tries { get; init; }

    public required IReadOnlyList<RunStep> Steps { get; init; }

    public RunPullRequest? PullRequest { get; init; }

    public required RunVerification Verification { get; init; }

    /// <summary>The id of the project that it left; null while there is none.</summary>
    public string? Project { get; init; }

    /// <summary>Reads them.</summary>
    public static RunDetails Of(RunView view, string? project) => new()
    {
        Id = view.Facts.Id,
        Workflow = view.Facts.WorkflowName,
        WorkflowSource = view.Facts.WorkflowSource,
        Status = Word.Of(view.State.Status),
        Code = view.State.Code,
        Reason = view.State.Reason,
        Forge = view.Facts.Forge,
        Repository = view.Facts.Repository.ToString(),
        BaseCommit = view.Facts.BaseCommit.Value,
        Issue = view.Facts.Issue?.Number,
        Branch = view.Facts.Branch.Value,
        AskedBy = view.Facts.Actor.Login,
        Inputs = view.Facts.Inputs.DeepClone().AsObject(),
        CreatedAt = view.Facts.CreatedAt,
        StartedAt = view.State.StartedAt,
        FinishedAt = view.State.FinishedAt,
        Seconds = Math.Round(view.Duration.TotalSeconds, 1),
        Tries = view.State.Tries,
        Steps = [.. view.State.Steps.Select(RunStep.Of)],
        PullRequest = RunPullRequest.Of(view.Summary.PullRequest),
        Verification = new RunVerification(view.Summary.VerificationStatus, view.Summary.Reason, view.Summary.Tests.Passed, view.Summary.Tests.Failed, view.Summary.Tests.Skipped),
        Project = project,
    };
}

/// <summary>A step of a run, or an item of one.</summary>
/// <param name="Key"><c>id</c>, or <c>id[n]</c> for an item.</param>
/// <param name="Status">Its state.</param>
/// <param name="Attempt">The attempt, from 1; 0 before the first.</param>
/// <param name="Note">A few words on what it did.</param>
/// <param name="Code">The stable code of its failure.</param>
/// <param name="Reason">Why it failed, or what it waits for.</param>
/// <param name="StartedAt">When its first attempt began.</param>
/// <param name="FinishedAt">When it was over.</param>
internal sealed record RunStep(string Key, string Status, int Attempt, string? Note, string? Code, string? Reason, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    /// <summary>Reads it.</summary>
    public static RunStep Of(StepState step) => new(step.Key, Word.Of(step.Status), step.Attempt, step.Note, step.Code, step.Reason, step.StartedAt, step.FinishedAt);
}

/// <summary>The pull request of a run.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Title">Its title.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Commit">Its commit.</param>
/// <param name="Draft">True where it is not tested.</param>
/// <param name="Verified">True where its commands passed in a sandbox on exactly its files.</param>
internal sealed record RunPullRequest(long Number, string? Title, string? Url, string? Commit, bool Draft, bool Verified)
{
    /// <summary>Reads the outputs of the step that opened it.</summary>
    public static RunPullRequest? Of(JsonObject? pull) => pull?["number"]?.GetValue<long>() is { } number
        ? new RunPullRequest(number, pull["title"]?.ToString(), pull["url"]?.ToString(), pull["commit"]?.ToString(), pull["draft"]?.GetValue<bool>() is true, pull["verified"]?.GetValue<bool>() is true)
        : null;
}

/// <summary>How the result was tested.</summary>
/// <param name="Status">passed, failed or skipped.</param>
/// <param name="Reason">Why it is not verified; null when it is.</param>
/// <param name="Passed">Tests that passed, as the runner's report says.</param>
/// <param name="Failed">Tests that failed.</param>
/// <param name="Skipped">Tests that were skipped.</param>
internal sealed record RunVerification(string Status, string? Reason, int Passed, int Failed, int Skipped);
