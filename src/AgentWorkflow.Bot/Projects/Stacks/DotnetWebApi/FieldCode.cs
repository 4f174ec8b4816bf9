using System.Globalization;

using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;

/// <summary>The C# and SQL of one plan.</summary>
internal sealed class FieldCode(FieldPlan plan, string property, string column)
{
    /// <summary>The plan.</summary>
    public FieldPlan Field => plan;

    /// <summary>The property.</summary>
    public string Property => property;

    /// <summary>The column; of a list of references there is none.</summary>
    public string Column => column;

    /// <summary>The null of the type: an optional list is empty instead.</summary>
    public bool IsNullable => !plan.Required && plan.Kind != FieldKind.List;

    /// <summary>The property's type.</summary>
    public string Type => (plan.Kind == FieldKind.List ? $"IReadOnlyList<{Plain(plan.Item ?? FieldKind.Text)}>" : Plain(plan.Kind)) + (IsNullable ? "?" : string.Empty);

    /// <summary>The expression that reads and checks the member of a body.</summary>
    /// <param name="choices">The name of the list of the enum's values.</param>
    /// <param name="pattern">The name of the method with the pattern.</param>
    public string Reading(string choices, string pattern)
    {
        var read = plan.Kind == FieldKind.List
            ? $"body.ReadList({CSharpText.Literal(plan.JsonName)}, JsonTypes.{Reader(plan.Item ?? FieldKind.Text)})"
            : $"body.Read({CSharpText.Literal(plan.JsonName)}, JsonTypes.{Reader(plan.Kind)})";
        var fallback = plan.Default is null ? string.Empty : $".Or({Constant(plan.Default)})";
        var required = plan.Required ? ".Required()" : string.Empty;
        var rules = string.Concat(plan.Rules.Select(rule => RuleCall(rule, choices, pattern)));
        var end = plan.Required ? ".Value" : plan.Kind == FieldKind.List ? ".OrEmpty()" : ".OrNull()";
        return read + fallback + required + rules + end;
    }

    /// <summary>How the column is kept, e.g. <c>title TEXT NOT NULL UNIQUE</c>; null for a list of references.</summary>
    /// <param name="target">The table that a reference points to.</param>
    public string? Definition(string? target) => plan.IsReferenceList
        ? null
        : $"{column} {SqlType}{(IsNullable ? string.Empty : " NOT NULL")}{(plan.Unique ? " UNIQUE" : string.Empty)}{(target is null ? string.Empty : $" REFERENCES {target} (id)")}";

    /// <summary>The value for the column from <c>input</c>.</summary>
    public string Write => plan.Kind switch
    {
        FieldKind.Money => $"SqlValues.Cents(input.{property})",
        FieldKind.Decimal => $"SqlValues.Of(input.{property})",
        FieldKind.List or FieldKind.File => $"SqlValues.Json(input.{property})",
        _ => $"input.{property}",
    };

    /// <summary>The value of column number <paramref name="ordinal"/> of <c>row</c>.</summary>
    public string Read(int ordinal)
    {
        var at = ordinal.ToString(CultureInfo.InvariantCulture);
        return plan.Kind switch
        {
            FieldKind.Money => $"SqlValues.Money({Get("long", at)})",
            FieldKind.Decimal => $"SqlValues.Decimal({Get("double", at)})",
            FieldKind.DateTime => $"SqlValues.Utc({Get("DateTime", at)})",
            FieldKind.List => $"SqlValues.List<{Plain(plan.Item ?? FieldKind.Text)}>({Get("string", at)})",
            FieldKind.File => $"SqlValues.File{(IsNullable ? "OrNull" : string.Empty)}({Get("string", at)})",
            _ => Get(Plain(plan.Kind), at),
        };
    }

    /// <summary>The condition that <c>input</c> brings another value than <c>stored</c>.</summary>
    public string Changed => plan.IsReferenceList
        ? $"!input.{property}.Distinct().Order().SequenceEqual(stored.{property})"
        : plan.Kind == FieldKind.List ? $"!input.{property}.SequenceEqual(stored.{property})" : $"input.{property} != stored.{property}";

    /// <summary>The function that reads a filter's value; <c>null</c> when there is none.</summary>
    public string Filter => !plan.Filterable ? "null" : "Filters." + plan.Kind switch
    {
        FieldKind.Reference => "Integer",
        FieldKind.Integer or FieldKind.Decimal or FieldKind.Money or FieldKind.Boolean or FieldKind.Date or FieldKind.Time or FieldKind.Uuid => plan.Kind.ToString(),
        FieldKind.DateTime => "Moment",
        _ => "Text",
    };

    private string Get(string type, string at) => (IsNullable ? $"row.IsDBNull({at}) ? null : " : string.Empty) + $"row.GetFieldValue<{type}>({at})";

    private string SqlType => plan.Kind switch
    {
        FieldKind.Integer or FieldKind.Money or FieldKind.Boolean or FieldKind.Reference => "INTEGER",
        FieldKind.Decimal => "REAL",
        _ => "TEXT",
    };

    private static string Plain(FieldKind kind) => kind switch
    {
        FieldKind.Integer or FieldKind.Reference => "long",
        FieldKind.Decimal or FieldKind.Money => "decimal",
        FieldKind.Boolean => "bool",
        FieldKind.Date => "DateOnly",
        FieldKind.DateTime => "DateTime",
        FieldKind.Time => "TimeOnly",
        FieldKind.Uuid => "Guid",
        FieldKind.File => "StoredFile",
        _ => "string",
    };

    private static string Reader(FieldKind kind) => kind switch
    {
        FieldKind.Reference => "Integer",
        FieldKind.DateTime => "Moment",
        FieldKind.Enum => "LongText",
        _ => kind.ToString(),
    };

    private string Constant(string json) => plan.Kind switch
    {
        FieldKind.Integer or FieldKind.Boolean => json,
        FieldKind.Decimal or FieldKind.Money => json + "m",
        FieldKind.Date => $"new DateOnly({Parts(json, '-')})",
        FieldKind.Time => $"new TimeOnly({Parts(json, ':')})",
        FieldKind.DateTime => $"new DateTime({Parts(json.TrimEnd('"').TrimEnd('Z') + "\"", '-', 'T', ':')}, DateTimeKind.Utc)",
        FieldKind.Uuid => $"Guid.Parse({CSharpText.Literal(json.Trim('"'))})",
        _ => CSharpText.Literal(System.Text.Json.Nodes.JsonNode.Parse(json)?.GetValue<string>() ?? string.Empty),
    };

    private static string Parts(string json, params char[] separators) =>
        string.Join(", ", json.Trim('"').Split(separators).Select(part => int.Parse(part, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)));

    private string RuleCall(Rule rule, string choices, string pattern) => rule switch
    {
        Rule.NotBlank => ".NotBlank()",
        Rule.MinLength min => $".MinLength({Text(min.Length)})",
        Rule.MaxLength max => $".MaxLength({Text(max.Length)})",
        Rule.MinItems min => $".MinItems({Text(min.Count)})",
        Rule.MaxItems max => $".MaxItems({Text(max.Count)})",
        Rule.Min min => $".Min({Bound(min.Value)})",
        Rule.Max max => $".Max({Bound(max.Value)})",
        Rule.Pattern => $".Matches({pattern}())",
        _ => $".OneOf({choices})",
    };

    private string Bound(decimal value) => Candidates.Plain(value) + (plan.Kind == FieldKind.Integer ? string.Empty : "m");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
