using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>What is pinned when a run is created: nothing that changes outside afterwards changes the run (promise P47).</summary>
internal sealed record RunPin
{
    /// <summary>The run's facts; the base tree is kept in the content store and put in when the run is claimed.</summary>
    public required RunFacts Facts { get; init; }

    /// <summary>The forge's numeric id of the repository.</summary>
    public required long RepositoryId { get; init; }

    /// <summary>Where a person finds the repository.</summary>
    public required string RepositoryUrl { get; init; }

    /// <summary>The expression context <c>event</c>.</summary>
    public required JsonObject Event { get; init; }

    /// <summary>The comment that asked; null for other triggers.</summary>
    public long? CommentId { get; init; }

    /// <summary>Where that comment stands.</summary>
    public CommentPlace CommentPlace { get; init; }

    /// <summary>The label that asked; null for other triggers.</summary>
    public string? Label { get; init; }

    /// <summary>The right that the actor must still have before the first write (promise P50); null where nobody's right started the run.</summary>
    public RepositoryPermission? Needs { get; init; }
}

/// <summary>A run to be stored.</summary>
internal sealed record NewRun(string Key, RunPin Pin, string WorkflowPath, string WorkflowText, string ConcurrencyGroup, bool CancelInProgress);

/// <summary>A held run: its state as saved last, and the fencing token that every write carries.</summary>
internal sealed record RunLease
{
    public required string Id { get; init; }

    public required string Key { get; init; }

    public required long Fencing { get; init; }

    public required bool TakenOver { get; init; }

    public required RunPin Pin { get; init; }

    public required string WorkflowPath { get; init; }

    public required string WorkflowText { get; init; }

    public required string ConcurrencyGroup { get; init; }

    public required Engine.Execution.RunState? State { get; init; }
}

/// <summary>A word to a run.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Kind"><c>cancel</c>, <c>answer</c> or <c>retry</c>.</param>
/// <param name="Payload">What it says.</param>
internal sealed record RunSignal(long Id, string Kind, JsonObject Payload)
{
    /// <summary>Stop the run: <c>reason</c>.</summary>
    public const string Cancel = "cancel";

    /// <summary>Answer a step that waits: <c>step</c>, and what the step type wants to know.</summary>
    public const string Answer = "answer";

    /// <summary>Try a run again that is over.</summary>
    public const string Retry = "retry";
}

/// <summary>Another process holds the run now: this one stops without a word, whatever it was about to write.</summary>
internal sealed class LeaseLostException(string runId) : Exception($"The run {runId} is held by another process.");
