using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>A circle of required references could never be filled: the first row would need one that is not there yet.</summary>
internal static class ReferenceCircles
{
    /// <summary>Makes one reference of each circle optional, in the idea's order, with a note.</summary>
    public static void Open(List<Entity> entities, List<string> notes)
    {
        for (int e = 0; e < entities.Count; e++)
        {
            List<Field> fields = [.. entities[e].Fields];
            for (int f = 0; f < fields.Count; f++)
            {
                Field field = fields[f];
                if (field is { Required: true, Type: { Target: { } target } type } && (type.Kind == FieldKind.Reference || field.MinLength > 0) && Reaches(entities, target, entities[e].Name))
                {
                    fields[f] = field with { Required = false, MinLength = null };
                    entities[e] = entities[e] with { Fields = fields };
                    notes.Add($"{entities[e].Name}.{field.Name}: made optional, because required references in a circle could never be filled.");
                }
            }
        }
    }

    private static bool Reaches(List<Entity> entities, string from, string to)
    {
        HashSet<string> seen = [];
        var next = new Queue<string>([from]);
        while (next.TryDequeue(out string? name))
        {
            if (name == to)
            {
                return true;
            }

            if (seen.Add(name) && entities.Find(e => e.Name == name) is { } entity)
            {
                foreach (Field field in entity.Fields.Where(f => f.Required && f.Type.Target is not null && (f.Type.Kind == FieldKind.Reference || f.MinLength > 0)))
                {
                    next.Enqueue(field.Type.Target ?? "");
                }
            }
        }

        return false;
    }
}
