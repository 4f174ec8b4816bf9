using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bench.Stores;

/// <summary>A step that does nothing: what is left is the engine's own cost.</summary>
internal sealed class NoStep : StepType<NoStep.Inputs>
{
    /// <inheritdoc/>
    public override string Kind => "nothing";

    /// <inheritdoc/>
    public override string Summary => "Does nothing.";

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs => [];

    /// <inheritdoc/>
    protected override Task<StepResult> RunAsync(Inputs inputs, StepContext context, CancellationToken cancellationToken) =>
        Task.FromResult<StepResult>(new StepResult.Done([]));

    /// <summary>None.</summary>
    internal sealed record Inputs;
}
