using System.Globalization;
using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Stacks.NodeApi;

/// <summary>A field as the object literal that declares it in a resource's module.</summary>
internal sealed class FieldModel
{
    private const int LineLength = 112;
    private readonly IReadOnlyList<Resource> _resources;
    private readonly SortedSet<string> _imports = new(StringComparer.Ordinal);

    private FieldModel(IReadOnlyList<Resource> resources) => _resources = resources;

    /// <summary>The literals of all fields of a resource, each with its indentation, and the functions of <c>types.js</c> that they call.</summary>
    public static (IReadOnlyList<string> Fields, IReadOnlyList<string> Imports) Of(Resource resource, IReadOnlyList<Resource> all)
    {
        var model = new FieldModel(all);
        return ([.. resource.Fields.Select(model.Literal)], [.. model._imports]);
    }

    private string Literal(FieldPlan field)
    {
        List<string> members = [$"name: {JavaScriptLiteral.Text(field.JsonName)}", $"type: {Type(field)}"];
        AddFlag(members, "required", field.Required);
        AddFlag(members, "unique", field.Unique);
        AddFlag(members, "immutable", field.Immutable);
        AddFlag(members, "filterable", field.Filterable);
        AddFlag(members, "sortable", field.Sortable);
        if (field.Default is { } value)
        {
            members.Add($"default: {JavaScriptLiteral.Json(value)}");
        }

        var line = $"    {{ {string.Join(", ", members)} }},";
        return line.Length <= LineLength ? line : $"    {{\n{string.Concat(members.Select(member => $"      {member},\n"))}    }},";
    }

    private static void AddFlag(List<string> members, string name, bool isSet)
    {
        if (isSet)
        {
            members.Add($"{name}: true");
        }
    }

    private string Type(FieldPlan field)
    {
        if (field.Kind != FieldKind.List)
        {
            return Scalar(field.Kind, field, Rules(field));
        }

        var item = Scalar(field.Item ?? FieldKind.Text, field, []);
        return Call("listOf", item, Rules(field));
    }

    private string Scalar(FieldKind kind, FieldPlan field, List<(string, string)> rules) => kind switch
    {
        FieldKind.Enum => Call("oneOf", JavaScriptLiteral.List(field.Values.Select(JavaScriptLiteral.Text)), []),
        FieldKind.Reference => Call("reference", Target(field), []),
        FieldKind.Text => Call("text", null, rules),
        FieldKind.LongText => Call("longText", null, rules),
        FieldKind.Integer => Call("integer", null, rules),
        FieldKind.Decimal => Call("decimal", null, rules),
        FieldKind.Money => Call("money", null, rules),
        FieldKind.Boolean => Call("boolean", null, []),
        FieldKind.Date => Call("date", null, []),
        FieldKind.DateTime => Call("dateTime", null, []),
        FieldKind.Time => Call("time", null, []),
        FieldKind.Email => Call("emailAddress", null, rules),
        FieldKind.Url => Call("webAddress", null, rules),
        FieldKind.Uuid => Call("uniqueId", null, []),
        FieldKind.File => Call("file", null, []),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A list holds no lists."),
    };

    private string Target(FieldPlan field) => JavaScriptLiteral.Text(_resources[field.Target ?? 0].Plural.Kebab);

    private string Call(string function, string? first, List<(string, string)> rules)
    {
        _imports.Add(function);
        IEnumerable<string> arguments = first is null ? [] : [first];
        return $"{function}({string.Join(", ", rules.Count == 0 ? arguments : arguments.Append(JavaScriptLiteral.Object(rules)))})";
    }

    private static List<(string Name, string Value)> Rules(FieldPlan field) =>
        [.. field.Rules.Select(Member).Where(member => member.Name.Length > 0)];

    private static (string Name, string Value) Member(Rule rule) => rule switch
    {
        Rule.NotBlank => ("notBlank", "true"),
        Rule.MinLength min => ("minLength", Number(min.Length)),
        Rule.MaxLength max => ("maxLength", Number(max.Length)),
        Rule.MinItems min => ("minItems", Number(min.Count)),
        Rule.MaxItems max => ("maxItems", Number(max.Count)),
        Rule.Min min => ("min", Number(min.Value)),
        Rule.Max max => ("max", Number(max.Value)),
        Rule.Pattern pattern => ("pattern", JavaScriptLiteral.Pattern(pattern.Expression)),

        // The values of an enum are its type.
        _ => (string.Empty, string.Empty),
    };

    private static string Number(decimal value) => value.ToString(CultureInfo.InvariantCulture);
}
