using System.Globalization;
using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Specification;

using static AgentWorkflow.Bot.Projects.Stacks.PythonApi.PythonExpression;

namespace AgentWorkflow.Bot.Projects.Stacks.PythonApi;

/// <summary>The declaration of a resource: <c>BOOKS = Resource(...)</c> with a line a field.</summary>
internal static class PythonFields
{
    private static readonly Atom True = new("True");

    /// <summary>The declaration.</summary>
    public static string Declaration(PythonResource resource, IReadOnlyList<PythonResource> all)
    {
        var fields = resource.Resource.Fields.Select(field => new Item(string.Empty, Field(resource, field, all))).ToList();
        var call = new Group(
            "Resource(",
            [
                new("name=", PythonLiteral.Of(resource.Resource.Words.Spaced)),
                new("schema=", PythonLiteral.Of(resource.Resource.Words.Pascal)),
                new("path=", PythonLiteral.Of(resource.Resource.Path)),
                new("table=", PythonLiteral.Of(resource.Table)),
                new("fields=", new Group("(", fields, ")") { Tall = true }),
            ],
            ")")
        { Tall = true };
        return $"{resource.Constant} = {call.Format(0, 0, 0)}";
    }

    /// <summary>The import of the classes of the fields; empty when there are no fields.</summary>
    public static string Imports(Resource resource)
    {
        var classes = resource.Fields.SelectMany(field => field is { Kind: FieldKind.List, IsReferenceList: false }
                ? [Class(field), Class(field.Item ?? FieldKind.Text)]
                : new[] { Class(field) })
            .Distinct().Order(StringComparer.Ordinal).ToList();
        var line = $"from ..validation import {string.Join(", ", classes)}";
        return classes.Count == 0 || line.Length <= 120
            ? classes.Count == 0 ? string.Empty : line
            : "from ..validation import (\n" + string.Concat(classes.Select(name => $"    {name},\n")) + ")";
    }

    /// <summary>Some bound or default has a fraction, which is written as <c>Decimal("0.1")</c>.</summary>
    public static bool UseDecimal(Resource resource) => resource.Fields.Any(field => field.IsNumber && Numbers(field).Any(number => number != decimal.Truncate(number)));

    private static IEnumerable<decimal> Numbers(FieldPlan field)
    {
        var bounds = new[] { field.Rule<Rule.Min>()?.Value, field.Rule<Rule.Max>()?.Value }.OfType<decimal>();
        return field.Default is { } text ? bounds.Append(decimal.Parse(text, CultureInfo.InvariantCulture)) : bounds;
    }

    private static Group Field(PythonResource resource, FieldPlan field, IReadOnlyList<PythonResource> all)
    {
        var items = new List<Item> { new(string.Empty, PythonLiteral.Of(field.JsonName)) };
        AddIf(items, field.Column != field.JsonName, "column", PythonLiteral.Of(field.Column));
        AddIf(items, field.Required, "required", True);
        AddIf(items, field.Unique, "unique", True);
        AddIf(items, field.Immutable, "immutable", True);
        items.AddRange(field.Rules.Select(rule => RuleItem(rule, field)).OfType<Item>());
        if (field.Kind == FieldKind.List && !field.IsReferenceList)
        {
            items.Add(new("item=", ListItem(field)));
        }

        AddIf(items, field.Target is not null, "table", PythonLiteral.Of(field.Target is { } target ? all[target].Table : string.Empty));
        AddIf(items, field.IsReferenceList, "links", PythonLiteral.Of(resource.Links.GetValueOrDefault(field, string.Empty)));
        AddIf(items, field.Default is not null, "default", PythonLiteral.OfJson(field.Default ?? "null", exact: true));
        AddIf(items, field.Filterable, "filterable", True);
        AddIf(items, field.Sortable, "sortable", True);
        return new Group(Class(field) + "(", items, ")");
    }

    private static Group ListItem(FieldPlan field)
    {
        var items = new List<Item> { new(string.Empty, PythonLiteral.Of(field.JsonName)) };
        AddIf(items, field.Item == FieldKind.Enum, "values", Values(field));
        return new Group(Class(field.Item ?? FieldKind.Text) + "(", items, ")");
    }

    private static Item? RuleItem(Rule rule, FieldPlan field) => rule switch
    {
        Rule.MinLength min => Number("min_length", min.Length),
        Rule.MaxLength max => Number("max_length", max.Length),
        Rule.MinItems min => Number("min_items", min.Count),
        Rule.MaxItems max => Number("max_items", max.Count),
        Rule.Min min => new Item("minimum=", PythonLiteral.Exact(min.Value)),
        Rule.Max max => new Item("maximum=", PythonLiteral.Exact(max.Value)),
        Rule.Pattern pattern => new Item("pattern=", PythonLiteral.Of(pattern.Expression)),
        Rule.OneOf when field.Kind == FieldKind.Enum => new Item("values=", Values(field)),
        _ => null, // a list's items know their values; "required" says that a text may not be blank
    };

    private static Group Values(FieldPlan field) => new("(", [.. field.Values.Select(value => new Item(string.Empty, PythonLiteral.Of(value)))], ")");

    private static Item Number(string name, int number) => new(name + "=", new Atom(number.ToString(CultureInfo.InvariantCulture)));

    private static void AddIf(List<Item> items, bool wanted, string name, PythonExpression value)
    {
        if (wanted)
        {
            items.Add(new Item(name + "=", value));
        }
    }

    private static string Class(FieldPlan field) => field.IsReferenceList ? "References" : Class(field.Kind);

    private static string Class(FieldKind kind) => kind switch
    {
        FieldKind.Decimal => "DecimalNumber",
        FieldKind.List => "ListOf",
        _ => kind.ToString(),
    };
}
