using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Effects;

namespace AgentWorkflow.Engine.Steps;

/// <summary>How an attempt of a step ended. Expected outcomes are values; exceptions are bugs or a broken world.</summary>
public abstract record StepResult
{
    private StepResult()
    {
    }

    /// <summary>The step is done.</summary>
    /// <param name="Outputs">What <c>steps.ID.outputs</c> is from now on.</param>
    /// <param name="Note">A few words for the step's row: <c>24 files</c>.</param>
    /// <param name="Retryable">True where the result is not what one hoped for and another try may do better: a retry of the run
    /// calls it, and what stands on it, again. A verification that did not pass is such a result.</param>
    public sealed record Done(JsonObject Outputs, string? Note = null, bool Retryable = false) : StepResult;

    /// <summary>The step failed.</summary>
    /// <param name="Code">The stable code, <c>AWnnnn</c>.</param>
    /// <param name="Reason">One sentence: what, where, what to do.</param>
    /// <param name="Retryable">True where another attempt may end differently.</param>
    /// <param name="Outputs">What is known all the same, for steps that run on after a failure.</param>
    public sealed record Failed(string Code, string Reason, bool Retryable = false, JsonObject? Outputs = null) : StepResult;

    /// <summary>The step waits, without a thread, for an answer or a time.</summary>
    /// <param name="What">What it waits for, in a few words.</param>
    /// <param name="Until">When to call it again at the latest; null means only an answer wakes it.</param>
    public sealed record Wait(string What, DateTimeOffset? Until) : StepResult;

    /// <summary>
    /// The step asks for effects, in this order, and is called again with their receipts added to
    /// <see cref="StepContext.Receipts"/>. They are stored before the first is applied.
    /// </summary>
    /// <param name="Effects">The effects of this round.</param>
    /// <param name="Carry">What the next round needs to know and could not make again, stored with the effects.</param>
    public sealed record Act(IReadOnlyList<Effect> Effects, JsonObject? Carry = null) : StepResult;
}
