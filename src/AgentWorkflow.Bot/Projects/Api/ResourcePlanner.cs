using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>Entities to resources: names, types and rules, without samples. What cannot hold is left out, with a note.</summary>
internal sealed class ResourcePlanner(Requirements requirements, List<string> notes)
{
    private static readonly string[] ReservedPaths = ["health", "openapi"];
    private static readonly string[] ReservedNames = ["id", "unknownField"];
    private static readonly string[] ReservedQueries = ["limit", "offset", "sort"];

    /// <summary>The resources in the idea's order.</summary>
    public IReadOnlyList<Resource> Plan()
    {
        var singulars = new NameScope();
        var plurals = new NameScope(ReservedPaths);
        return [.. requirements.Entities.Select((entity, index) =>
        {
            var words = singulars.Take(Words.Of(entity.Name, "item"), w => w.Pascal);
            return new Resource
            {
                Index = index,
                Entity = entity,
                Words = words,
                Plural = plurals.Take(words.Plural(), w => w.Kebab),
                Fields = Fields(entity),
            };
        })];
    }

    private List<FieldPlan> Fields(Entity entity)
    {
        var names = new NameScope(ReservedNames);
        return [.. entity.Fields.Select(field => Plan(entity, field, names.Take(Words.Of(field.Name, "field"), w => w.Camel)))];
    }

    private FieldPlan Plan(Entity entity, Field field, Words words)
    {
        var said = $"{entity.Name}.{field.Name}";
        var (kind, item, target) = Shape(field.Type, said);
        var values = kind == FieldKind.Enum || item == FieldKind.Enum ? field.Type.Values.Distinct(StringComparer.Ordinal).ToArray() : [];
        var unique = field.Unique && kind is not (FieldKind.List or FieldKind.File);
        if (field.Unique && !unique)
        {
            notes.Add($"{said}: \"unique\" is not checked for a {(kind == FieldKind.List ? "list" : "file")}.");
        }

        var scalar = kind is not (FieldKind.List or FieldKind.File or FieldKind.LongText);
        var plan = new FieldPlan
        {
            Source = field,
            Words = words,
            Kind = kind,
            Item = item,
            Target = target,
            Values = values,
            Required = field.Required,
            Unique = unique,
            Immutable = field.Immutable,
            Filterable = scalar && !ReservedQueries.Contains(words.Camel)
                && (field.Indexed || unique || kind is not (FieldKind.Decimal or FieldKind.Money or FieldKind.DateTime or FieldKind.Time)),
            Sortable = scalar && kind is not (FieldKind.Boolean or FieldKind.Enum or FieldKind.Uuid or FieldKind.Reference),
        };
        plan = plan with { Rules = new RulePlanner(said, notes).Rules(plan) };
        return plan with { Default = Defaults.Of(plan, said, notes) };
    }

    private (FieldKind Kind, FieldKind? Item, int? Target) Shape(FieldType type, string said)
    {
        var target = Target(type.Target);
        switch (type.Kind)
        {
            case FieldKind.Reference when target is null:
                notes.Add($"{said}: it refers to \"{type.Target}\", which is no entity, so it is kept as text.");
                return (FieldKind.Text, null, null);
            case FieldKind.Reference:
                return (FieldKind.Reference, null, target);
            case FieldKind.Enum when type.Values.Count == 0:
                notes.Add($"{said}: an enum without values is kept as text.");
                return (FieldKind.Text, null, null);
            case FieldKind.List when target is not null && type.Item is null or FieldKind.Reference:
                return (FieldKind.List, FieldKind.Reference, target);
            case FieldKind.List:
                var item = type.Item is null or FieldKind.List or FieldKind.File or FieldKind.Reference ? FieldKind.Text : type.Item.Value;
                return (FieldKind.List, item == FieldKind.Enum && type.Values.Count == 0 ? FieldKind.Text : item, null);
            default:
                return (type.Kind, null, null);
        }
    }

    private int? Target(string? name)
    {
        for (var i = 0; name is not null && i < requirements.Entities.Count; i++)
        {
            if (string.Equals(requirements.Entities[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return null;
    }
}
