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
    public bool MayRun(RunState state, Step definition, StepState step) => Conditions.ShouldRun(definition, Context(state, step, StepsReadBy(definition.If)));

    /// <summary>The items of a <c>for-each</c> step.</summary>
    /// <exception cref="ExpressionException">The value is no list.</exception>
    public JsonArray Items(RunState state, Step definition, StepState step)
    {
        JsonNode? value = definition.ForEach?.Evaluate(Context(state, step, StepsReadBy(definition.ForEach)));
        return value as JsonArray ?? throw new ExpressionException(
            $"'for-each' of step '{definition.Id}' needs a list but got {value?.GetValueKind().ToString() ?? "null"}.", definition.Position.Line, definition.Position.Column);
    }

    /// <summary>The contexts at this moment.</summary>
    /// <param name="state">The run.</param>
    /// <param name="step">Whose contexts they are.</param>
    /// <param name="read">The steps to put in, as <see cref="StepsReadBy(ValueTemplate?)"/> says: copying the outputs of all is what long runs would spend their time on.</param>
    public ExpressionContext Context(RunState state, StepState step, IReadOnlySet<string>? read)
    {
        IEnumerable<StepState> steps = read is { Count: 0 } ? [] : state.Steps.Where(s => s.Item is null && s.IsOver && read?.Contains(s.StepId) != false);
        Dictionary<string, JsonNode?> all = new(roots, StringComparer.Ordinal)
        {
            ["steps"] = new JsonObject(steps.Select(s => KeyValuePair.Create<string, JsonNode?>(
                s.StepId,
                new JsonObject { ["outcome"] = OutcomeName(s.Status), ["outputs"] = s.Outputs?.DeepClone() }))),
            ["item"] = step.ItemValue?.DeepClone(),
        };
        return new ExpressionContext(all) { Needs = StatusOfNeeds(state, step.StepId) };
    }

    /// <summary>The steps whose outcome or outputs a value reads; null where that cannot be told and all are needed.</summary>
    public static IReadOnlySet<string>? StepsReadBy(ValueTemplate? value) => value is null or Template ? StepsReadBy((value as Template)?.Expressions ?? []) : null;

    /// <inheritdoc cref="StepsReadBy(ValueTemplate?)"/>
    public static IReadOnlySet<string>? StepsReadBy(Expression? expression) => expression switch
    {
        null => StepsReadBy([]),
        ParsedExpression parsed => StepsReadBy([parsed]),
        TemplateExpression written => StepsReadBy(written.Template),
        _ => null,
    };

    private static HashSet<string>? StepsReadBy(IEnumerable<ParsedExpression> expressions)
    {
        List<Term> terms = [.. expressions.SelectMany(e => e.Term.All())];
        string[] names = [.. terms.OfType<Term.Member>().Where(m => m.Target is Term.Root { Name: "steps" }).Select(m => m.Name)];

        // 'steps' without a name right behind it means all of them.
        return names.Length == terms.Count(t => t is Term.Root { Name: "steps" }) ? [.. names] : null;
    }

    /// <summary>All steps a step stands on, through its needs.</summary>
    public IReadOnlySet<string> Ancestors(string stepId) => _graph.AncestorsOf(stepId);

    // A step whose own condition was false does not stop what stands on it: by default every step stands on the one above.
    private NeedsStatus StatusOfNeeds(RunState state, string stepId) =>
        state.Steps.Exists(s => s.Status is StepStatus.Failed or StepStatus.Cancelled)
            && workflow.Steps.Any(s => !s.ContinueOnError && Ancestors(stepId).Contains(s.Id) && (state[s.Id].Status is StepStatus.Failed or StepStatus.Cancelled))
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
