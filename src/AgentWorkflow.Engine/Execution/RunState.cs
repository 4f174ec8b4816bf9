using System.Collections.Immutable;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Engine.Execution;

/// <summary>The states of a run; <c>docs/run-states.md</c> draws the moves.</summary>
public enum RunStatus
{
    /// <summary>Stored, not yet begun: its turn in the concurrency group or a worker is awaited.</summary>
    Queued,

    /// <summary>A step is at work, or about to be.</summary>
    Running,

    /// <summary>Nothing is at work: an answer or a time is awaited.</summary>
    Waiting,

    /// <summary>Final: no step failed, but for those that may.</summary>
    Succeeded,

    /// <summary>Final: a step failed, a ceiling was reached, or the run could not go on.</summary>
    Failed,

    /// <summary>Final: a person or a newer run of its group stopped it.</summary>
    Cancelled,
}

/// <summary>The states of a step.</summary>
public enum StepStatus
{
    /// <summary>Its needs are not all over.</summary>
    Pending,

    /// <summary>It is to be called, or being called.</summary>
    Running,

    /// <summary>It asked for effects, which are being applied.</summary>
    Acting,

    /// <summary>It waits for an answer or a time.</summary>
    Waiting,

    /// <summary>It failed and waits for its next attempt.</summary>
    Retrying,

    /// <summary>Final: done.</summary>
    Succeeded,

    /// <summary>Final: all attempts failed.</summary>
    Failed,

    /// <summary>Final: its condition was false or a need failed.</summary>
    Skipped,

    /// <summary>Final: the run was stopped before it was over.</summary>
    Cancelled,
}

/// <summary>One step's state, or one item's of a <c>for-each</c> step.</summary>
public sealed record StepState
{
    /// <summary><c>id</c>, or <c>id[n]</c> for an item; unique in the run.</summary>
    public required string Key { get; init; }

    /// <summary>The step's id.</summary>
    public required string StepId { get; init; }

    /// <summary>The item's index, or null for the step itself.</summary>
    public int? Item { get; init; }

    /// <summary>The item's value.</summary>
    public JsonNode? ItemValue { get; init; }

    /// <summary>The state.</summary>
    public StepStatus Status { get; init; }

    /// <summary>The attempt, from 1; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>What later steps read.</summary>
    public JsonNode? Outputs { get; init; }

    /// <summary>True where a retry of the run calls it again although it is done.</summary>
    public bool Retryable { get; init; }

    /// <summary>A few words for its row.</summary>
    public string? Note { get; init; }

    /// <summary>The stable code of its failure.</summary>
    public string? Code { get; init; }

    /// <summary>One sentence on its failure, or what it waits for.</summary>
    public string? Reason { get; init; }

    /// <summary>What it changed.</summary>
    public TreeDelta Changes { get; init; } = TreeDelta.None;

    /// <summary>The effects of the round that is being applied, in order.</summary>
    public ImmutableList<Effect> Planned { get; init; } = [];

    /// <summary>What the step's last round carried over to the next.</summary>
    public JsonObject? Carry { get; init; }

    /// <summary>The receipts of all effects so far.</summary>
    public ImmutableList<Receipt> Receipts { get; init; } = [];

    /// <summary>The answer that woke it.</summary>
    public JsonObject? Answer { get; init; }

    /// <summary>When it is called again at the latest, while it waits.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>When its first attempt began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it reached a final state.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>True in a final state.</summary>
    public bool IsOver => Status is StepStatus.Succeeded or StepStatus.Failed or StepStatus.Skipped or StepStatus.Cancelled;
}

/// <summary>A run's state: all that <see cref="RunMachine"/> needs to say what comes next.</summary>
public sealed record RunState
{
    private Places _places;

    /// <summary>The state.</summary>
    public RunStatus Status { get; init; }

    /// <summary>The steps in file order, items after their step.</summary>
    public required ImmutableList<StepState> Steps { get; init; }

    /// <summary>How often it was tried, from 1: each retry by a person counts.</summary>
    public int Tries { get; init; } = 1;

    /// <summary>How many processes died with it one after the other and left nothing more done; five give it up (promise P31).</summary>
    public int Deaths { get; init; }

    /// <summary>True where the next death is the third or a later one: it may crash its process, or stand beside a run that does.</summary>
    public bool IsSuspect => Deaths >= 2;

    /// <summary>How many of its effects had a receipt when it was claimed last.</summary>
    public int Recorded { get; init; }

    /// <summary>The stable code of the reason.</summary>
    public string? Code { get; init; }

    /// <summary>Why it failed or was cancelled; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>Until when its time at work is in <see cref="ActiveFor"/>; null while nothing is at work.</summary>
    public DateTimeOffset? ActiveSince { get; init; }

    /// <summary>Time at work before <see cref="ActiveSince"/>: waiting for a person does not count, nor does the time after a death.</summary>
    public TimeSpan ActiveFor { get; init; }

    /// <summary>When the first step began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it reached a final state.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>True in a final state.</summary>
    public bool IsOver => Status is RunStatus.Succeeded or RunStatus.Failed or RunStatus.Cancelled;

    /// <summary>When a waiting run is due; null where only an answer wakes it.</summary>
    public DateTimeOffset? WakeAt => Status == RunStatus.Waiting ? Steps.Where(s => !s.IsOver).Min(s => s.WakeAt) : null;

    /// <summary>The state of a step or item.</summary>
    /// <exception cref="KeyNotFoundException">There is no such step: a bug.</exception>
    public StepState this[string key] => PlaceOf(key) is >= 0 and int place ? Steps[place] : throw new KeyNotFoundException($"The run has no step '{key}'.");

    /// <summary>The state before anything happened.</summary>
    public static RunState Initial(Definition.Workflow workflow) => new()
    {
        Steps = [.. workflow.Steps.Select(s => new StepState { Key = s.Id, StepId = s.Id })],
    };

    /// <summary>The state with one step replaced.</summary>
    public RunState With(StepState step) => this with { Steps = Steps.SetItem(PlaceOf(step.Key), step) };

    // A copy of the state takes the places along; they are made anew where steps came or went.
    private int PlaceOf(string key)
    {
        Dictionary<string, int> places = _places.ByKey ?? [];
        if (places.TryGetValue(key, out int place) && place < Steps.Count && Steps[place].Key == key)
        {
            return place;
        }

        places = new Dictionary<string, int>(Steps.Count, StringComparer.Ordinal);
        foreach ((int at, StepState step) in Steps.Index())
        {
            places.TryAdd(step.Key, at);
        }

        _places = new Places(places);
        return places.GetValueOrDefault(key, -1);
    }

    /// <summary>Where the steps stand. It says nothing that the steps do not, so it takes no part in equality.</summary>
    private readonly struct Places(Dictionary<string, int> byKey) : IEquatable<Places>
    {
        public Dictionary<string, int>? ByKey { get; } = byKey;

        public bool Equals(Places other) => true;

        public override bool Equals(object? obj) => obj is Places;

        public override int GetHashCode() => 0;
    }
}
