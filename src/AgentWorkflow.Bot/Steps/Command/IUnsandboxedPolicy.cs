using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>
/// The one exception of P83: whether a run may go on where there is no sandbox, because its code comes from neither a model nor
/// a stranger. What such a run tests is never called verified.
/// </summary>
internal interface IUnsandboxedPolicy
{
    /// <summary>True when this run's commands may run on the host itself.</summary>
    bool Allows(StepContext context);
}

/// <summary>No exception: the default.</summary>
internal sealed class NeverUnsandboxed : IUnsandboxedPolicy
{
    /// <inheritdoc/>
    public bool Allows(StepContext context) => false;
}

/// <summary>What was pinned when the run was created.</summary>
internal sealed class PinnedUnsandboxedPolicy : IUnsandboxedPolicy
{
    /// <inheritdoc/>
    public bool Allows(StepContext context) => context.Run.MayRunUnsandboxed;
}
