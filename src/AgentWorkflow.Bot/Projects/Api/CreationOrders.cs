using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>Which resource can be created before which.</summary>
internal static class CreationOrders
{
    /// <summary>
    /// The resources' indices, each after those it must refer to; ties keep the idea's order. A ring of required references cannot be
    /// started by anyone, so the first reference that closes it becomes optional, with a note.
    /// </summary>
    public static IReadOnlyList<int> Sort(IReadOnlyList<Resource> resources, List<string> notes, out IReadOnlyList<Resource> acyclic)
    {
        var open = resources.ToArray();
        var order = new List<int>();
        while (order.Count < open.Length)
        {
            var left = open.Where(resource => !order.Contains(resource.Index)).ToList();

            // Optional references are met too where that is possible, so that samples hold them.
            var next = left.Find(resource => Met(resource, order, everyReference: true)) ?? left.Find(resource => Met(resource, order, everyReference: false));
            if (next is null)
            {
                Relax(open, left[0].Index, order, notes);
                continue;
            }

            order.Add(next.Index);
        }

        acyclic = open;
        return order;
    }

    /// <summary>The field cannot be left out or empty: its target must exist first.</summary>
    public static bool IsNeeded(FieldPlan field) =>
        field.Target is not null && ((field.Kind == FieldKind.Reference && field.Required) || (field.Required && field.Rule<Rule.MinItems>() is not null));

    private static bool Met(Resource resource, List<int> order, bool everyReference) =>
        resource.Fields.All(field => field.Target is not { } target || order.Contains(target) || (!IsNeeded(field) && (!everyReference || target == resource.Index)));

    private static void Relax(Resource[] open, int index, List<int> order, List<string> notes)
    {
        var resource = open[index];
        open[index] = resource with
        {
            Fields = [.. resource.Fields.Select(field =>
            {
                if (!IsNeeded(field) || order.Contains(field.Target ?? index))
                {
                    return field;
                }

                notes.Add($"{resource.Entity.Name}.{field.Source.Name}: required references in a ring can never be created, so this one is optional.");
                return field with { Required = false, Rules = [.. field.Rules.Where(rule => rule is not Rule.MinItems)] };
            })],
        };
    }
}
