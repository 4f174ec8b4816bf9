using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Expressions;

namespace AgentWorkflow.Engine.Execution;

/// <summary>What a step's expressions see, and what they decide: whether it runs, and for which items.</summary>
internal sealed class StepConditions(Workflow workflow, IReadOnlyDictionary<string, JsonNode?> roots)
{
    /// <summary>Without <c>if</c> a step runs when no step it stands on failed; one that may fail counts as fine.</summary>
    public bool MayRun(RunState state, Step definition, StepState step) =>
        definition.If is null ? Succeeded(state, definition) : Truth(definition.If.Evaluate(Context(state, step)));

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
        return new ExpressionContext(all);
    }

    /// <summary>All steps a step stands on, through its needs.</summary>
    public IEnumerable<Step> Ancestors(Step definition)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        Queue<string> open = new(definition.Needs);
        while (open.TryDequeue(out string? id))
        {
            if (seen.Add(id))
            {
                Step ancestor = workflow.Steps.First(s => s.Id == id);
                yield return ancestor;
                ancestor.Needs.ToList().ForEach(open.Enqueue);
            }
        }
    }

    private bool Succeeded(RunState state, Step definition) => Ancestors(definition).All(a =>
        state[a.Id].Status is not (StepStatus.Failed or StepStatus.Cancelled) || a.ContinueOnError);

    private static string OutcomeName(StepStatus status) => status switch
    {
        StepStatus.Succeeded => "success",
        StepStatus.Failed => "failure",
        StepStatus.Cancelled => "cancelled",
        _ => "skipped",
    };

    private static bool Truth(JsonNode? value) => value?.GetValueKind() switch
    {
        null or System.Text.Json.JsonValueKind.Null or System.Text.Json.JsonValueKind.False => false,
        System.Text.Json.JsonValueKind.Number => value.GetValue<double>() != 0,
        System.Text.Json.JsonValueKind.String => value.GetValue<string>().Length > 0,
        _ => true,
    };
}
