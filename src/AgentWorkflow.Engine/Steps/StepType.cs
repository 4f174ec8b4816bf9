namespace AgentWorkflow.Engine.Steps;

/// <summary>
/// A type of step that workflows name in <c>uses</c>. It reads its inputs and the run, works in the workspace, returns
/// outputs and asks for effects; it touches neither a forge nor the database. Schema, reference page, builder form and
/// editor completion follow from <see cref="InputsType"/>.
/// </summary>
public interface IStepType
{
    /// <summary>The name in workflow files: a constant, never the class name.</summary>
    string Kind { get; }

    /// <summary>One sentence for the reference and the editor.</summary>
    string Summary { get; }

    /// <summary>The record that <c>with</c> is bound to: property names in kebab-case, <c>[Description]</c> on each.</summary>
    Type InputsType { get; }

    /// <summary>Permissions that a workflow must declare to use it: <c>contents</c>, <c>pull-requests</c>, <c>issues</c>, <c>checks</c>.</summary>
    IReadOnlyList<string> Permissions { get; }

    /// <summary>What later steps can read as <c>steps.ID.outputs.NAME</c>.</summary>
    IReadOnlyList<StepOutput> Outputs { get; }

    /// <summary>Globs of the files that a step with these inputs may write; empty means none (promise P72).</summary>
    IReadOnlyList<string> WritesOf(object inputs);

    /// <summary>True where a run may have more outputs than <see cref="Outputs"/> says, as a typed answer has.</summary>
    bool OutputsAreOpen => false;

    /// <summary>Runs one attempt. Called again with the receipts after it asked for effects, and with the answer after it waited.</summary>
    /// <param name="inputs">An instance of <see cref="InputsType"/>.</param>
    /// <param name="context">The run, the workspace and what happened so far.</param>
    /// <param name="cancellationToken">Cancelled when the run is cancelled or the process stops.</param>
    Task<StepResult> RunAsync(object inputs, StepContext context, CancellationToken cancellationToken);
}

/// <summary>A named output of a step type.</summary>
/// <param name="Name">The name after <c>outputs.</c>.</param>
/// <param name="Description">One sentence.</param>
public sealed record StepOutput(string Name, string Description);

/// <summary>The typed base of a step type.</summary>
/// <typeparam name="TInputs">The record of its inputs.</typeparam>
public abstract class StepType<TInputs> : IStepType
    where TInputs : class
{
    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <inheritdoc/>
    public abstract string Summary { get; }

    /// <inheritdoc/>
    public Type InputsType => typeof(TInputs);

    /// <inheritdoc/>
    public virtual IReadOnlyList<string> Permissions => [];

    /// <inheritdoc/>
    public abstract IReadOnlyList<StepOutput> Outputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> WritesOf(object inputs) => WritesOf((TInputs)inputs);

    /// <inheritdoc/>
    public virtual bool OutputsAreOpen => false;

    /// <inheritdoc/>
    public Task<StepResult> RunAsync(object inputs, StepContext context, CancellationToken cancellationToken) =>
        RunAsync((TInputs)inputs, context, cancellationToken);

    /// <inheritdoc cref="IStepType.WritesOf"/>
    protected virtual IReadOnlyList<string> WritesOf(TInputs inputs) => [];

    /// <inheritdoc cref="IStepType.RunAsync"/>
    protected abstract Task<StepResult> RunAsync(TInputs inputs, StepContext context, CancellationToken cancellationToken);
}
