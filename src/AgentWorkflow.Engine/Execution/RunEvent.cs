using System.Collections.Immutable;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Engine.Execution;

/// <summary>What happened to a run.</summary>
public abstract record RunEvent
{
    private RunEvent()
    {
    }

    /// <summary>A process has the run: for the first time, after a wait, or after another process died with it.</summary>
    /// <param name="TakenOver">True where a process died with it.</param>
    /// <param name="Recorded">How many of its effects have a receipt: more than at the last claim means that the run got on.</param>
    public sealed record Claimed(bool TakenOver, int Recorded) : RunEvent;

    /// <summary>A process has had the run for another minute: its death would hardly be the run's doing, and the time is kept.</summary>
    public sealed record Endured : RunEvent;

    /// <summary>A step was called and answered.</summary>
    public sealed record Returned(string Key, StepResult Result, TreeDelta Changes) : RunEvent;

    /// <summary>The effects that a step asked for have receipts.</summary>
    public sealed record Applied(string Key, ImmutableList<Receipt> Receipts) : RunEvent;

    /// <summary>The forge wants to be left alone until then: what is planned stays planned, and nobody waits for it meanwhile.</summary>
    public sealed record Deferred(string Key, DateTimeOffset Until, string Reason) : RunEvent;

    /// <summary>Somebody answered.</summary>
    /// <param name="Key">The step that is meant; null means every step that waits, and each finds out whether it was.</param>
    /// <param name="Answer">What was said.</param>
    public sealed record Answered(string? Key, JsonObject Answer) : RunEvent;

    /// <summary>Nothing but time: waits and pauses that are over by now end.</summary>
    public sealed record TimePassed : RunEvent;

    /// <summary>A person, or a newer run of the same group, stops the run.</summary>
    public sealed record CancelRequested(string Reason) : RunEvent;

    /// <summary>A ceiling was reached or the run cannot go on.</summary>
    public sealed record Aborted(string Code, string Reason) : RunEvent;

    /// <summary>A person asks for another try: failed, skipped and cancelled steps start anew, finished ones stay.</summary>
    public sealed record RetryRequested : RunEvent;
}

/// <summary>What the driver is to do next.</summary>
public abstract record RunAction
{
    private RunAction()
    {
    }

    /// <summary>Call the step.</summary>
    public sealed record Call(string Key) : RunAction;

    /// <summary>Apply its planned effects, in order.</summary>
    /// <param name="Key">The step.</param>
    /// <param name="Fresh">False where a process that died may have applied some: look each up first.</param>
    public sealed record Apply(string Key, bool Fresh) : RunAction;
}

/// <summary>A state and what to do in it. No action and a run that is not over means: wait.</summary>
public sealed record Transition(RunState State, IReadOnlyList<RunAction> Actions);
