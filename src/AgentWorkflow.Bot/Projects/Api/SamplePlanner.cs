using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>Valid values for every field, so that every rule can be proved by a test.</summary>
internal static class SamplePlanner
{
    /// <summary>The resources with their samples and capacities, in their own order.</summary>
    public static IReadOnlyList<Resource> Fill(IReadOnlyList<Resource> resources, IReadOnlyList<int> order, List<string> notes)
    {
        var filled = resources.ToArray();
        var ready = new HashSet<int>();
        foreach (var index in order)
        {
            var resource = filled[index];
            var fields = resource.Fields.Select(field => field.Target is { } target
                ? WithReferences(field, ready.Contains(target) ? filled[target] : null)
                : WithValues(resource, field, notes)).ToList();
            filled[index] = resource with
            {
                Fields = fields,
                Capacity = fields.Where(field => field.Unique && field.Samples.Count > 0).Select(field => field.Samples.Count).Append(ApiPlan.Samples).Min(),
            };
            ready.Add(index);
        }

        return filled;
    }

    private static FieldPlan WithReferences(FieldPlan field, Resource? target)
    {
        if (target is null)
        {
            return field;
        }

        if (field.Kind == FieldKind.Reference)
        {
            return field with { Samples = [.. Enumerable.Range(0, target.Capacity).Select(i => new SampleValue.Reference(target.Index, i))] };
        }

        // A list that must hold more than there can be: the rule goes, quietly only because RulePlanner allows three at most.
        var count = Math.Max(1, field.Rule<Rule.MinItems>()?.Count ?? 1);
        return count > target.Capacity
            ? field with
            {
                Rules = [.. field.Rules.Where(rule => rule is not Rule.MinItems)],
                Samples = [new SampleValue.ReferenceList(target.Index, [0])],
            }
            : field with { Samples = [new SampleValue.ReferenceList(target.Index, [.. Enumerable.Range(0, count)])] };
    }

    private static FieldPlan WithValues(Resource resource, FieldPlan field, List<string> notes)
    {
        var values = Valid(field);
        if (values.Count == 0)
        {
            // No value passes all rules together: better no rule than a field that nobody can fill.
            notes.Add($"{resource.Entity.Name}.{field.Source.Name}: no example was found that keeps all its rules together, so only its type is checked.");
            field = field with { Rules = [.. field.Rules.Where(rule => rule is Rule.NotBlank or Rule.OneOf)] };
            values = Valid(field);
        }

        return field with { Samples = values };
    }

    private static List<SampleValue> Valid(FieldPlan field) =>
        [.. Candidates.For(field)
            .Distinct(StringComparer.Ordinal)
            .Where(json => RuleCheck.Failures(field, json).Count == 0)
            .Take(ApiPlan.Samples)
            .Select(json => new SampleValue.Literal(json))];
}
