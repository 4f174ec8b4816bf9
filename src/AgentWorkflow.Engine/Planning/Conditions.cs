using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Expressions;

namespace AgentWorkflow.Engine.Planning;

/// <summary>Whether a step whose needs are finished runs or is skipped.</summary>
public static class Conditions
{
    /// <summary>
    /// True when it runs. Without <c>if</c>, and with one that asks for no status, only after its needs succeeded; while
    /// the run is being cancelled only what asks for it.
    /// </summary>
    /// <exception cref="ExpressionException">The condition could not be evaluated.</exception>
    public static bool ShouldRun(Step step, ExpressionContext context) =>
        step.If is { AsksStatus: true } asking
            ? Expression.IsTrue(asking.Evaluate(context))
            : context.Needs == NeedsStatus.Success && (step.If is null || Expression.IsTrue(step.If.Evaluate(context)));
}
