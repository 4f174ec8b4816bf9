using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Expressions;
using AgentWorkflow.Engine.Planning;

namespace AgentWorkflow.Engine.Execution;

/// <summary>What a step's expressions see, and what they decide: whether it runs, and for which items.</summary>
internal sealed class StepConditions(Workflow workflow, IReadOnlyDictionary<string, JsonNode?> roots)
{
    private readonly StepGraph _graph = StepGraph.Of(workflow);

    /// <summary>Whether a step whose needs are over runs.</summary>
    public bool MayRun(RunState state, Step definition, StepState step) => Conditions.ShouldRun(definition, Context(state, step));

    /// <summary>The items of a <c>for-each</c> step.</summary>
    /// <exception cref="ExpressionException">The value is no list.</exception>
    public JsonArray Items(RunState state, Step definition, StepState step)
    {
        JsonNode? value = definition.ForEach?.Evaluate(Context(state, step));
        return value as JsonArray ?? throw new ExpressionException(
            $"'for-each' of step '{definition.Id}' needs a list but got {value?.GetValueKind().ToString() ?? "null"}.", definition.Position.Line, definition.Position.Column);
    }

    /// <summary>The contexts at this moment.</summary>
    public ExpressionContext Context(RunState state, StepState step)
    {
        Dictionary<string, JsonNode?> all = new(roots, StringComparer.Ordinal)
        {
            ["steps"] = new JsonObject(state.Steps.Where(s => s.Item is null && s.IsOver).Select(s => KeyValuePair.Create<string, JsonNode?>(
                s.StepId,
                new JsonObject { ["outcome"] = OutcomeName(s.Status), ["outputs"] = s.Outputs?.DeepClone() }))),
            ["item"] = step.ItemValue?.DeepClone(),
        };
        return new ExpressionContext(all) { Needs = StatusOfNeeds(state, step.StepId) };
    }

    /// <summary>All steps a step stands on, through its needs.</summary>
    public IReadOnlySet<string> Ancestors(string stepId) => _graph.AncestorsOf(stepId);

    // A step whose own condition was false does not stop what stands on it: by default every step stands on the one above.
    private NeedsStatus StatusOfNeeds(RunState state, string stepId) =>
        workflow.Steps.Any(s => !s.ContinueOnError && Ancestors(stepId).Contains(s.Id) && (state[s.Id].Status is StepStatus.Failed or StepStatus.Cancelled))
            ? NeedsStatus.Failure
            : NeedsStatus.Success;

    private static string OutcomeName(StepStatus status) => status switch
    {
        StepStatus.Succeeded => "success",
        StepStatus.Failed => "failure",
        StepStatus.Cancelled => "cancelled",
        _ => "skipped",
    };
}
