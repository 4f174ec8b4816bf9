using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>Values that break one rule, and values on its edge; each is checked against <see cref="RuleCheck"/> before a test may claim it.</summary>
internal static class InvalidValues
{
    private static readonly string[] Strangers = ["!", "~~~", "0", "a", "A", "no match here", "000000000000000000000000"];

    /// <summary>A value of another JSON type.</summary>
    public static string WrongType(FieldPlan field) => field.Kind switch
    {
        FieldKind.Integer or FieldKind.Decimal or FieldKind.Money or FieldKind.Reference => "\"not a number\"",
        FieldKind.Boolean => "\"maybe\"",
        FieldKind.List => "\"not a list\"",
        FieldKind.File => "\"not a file\"",
        _ => "12345",
    };

    /// <summary>A value of the right JSON type that is not written as the type asks; null for types that take any.</summary>
    public static string? BadFormat(FieldPlan field) => field.Kind switch
    {
        FieldKind.Text => "\"two\\nlines\"",
        FieldKind.Date => "\"2026-02-30\"",
        FieldKind.DateTime => "\"2026-01-01 at noon\"",
        FieldKind.Time => "\"25:00\"",
        FieldKind.Email => "\"not-an-email\"",
        FieldKind.Url => "\"ftp://example.com\"",
        FieldKind.Uuid => "\"not-a-uuid\"",
        FieldKind.Money => "1.234",
        FieldKind.File => "{\"name\":\"\"}",
        _ => null,
    };

    /// <summary>A value that breaks the rule and has the right type and form; null when none is known.</summary>
    public static string? Breaking(Rule rule, FieldPlan field)
    {
        IEnumerable<string> values = rule switch
        {
            Rule.MinLength { Length: > 1 } min => Candidates.OfLength(field, min.Length - 1).Append(Candidates.Json(new string('a', min.Length - 1))),
            Rule.MinLength when !field.Required => ["\"\""],
            Rule.MaxLength { Length: <= RulePlanner.LongestLength } max =>
                Candidates.OfLength(field, max.Length + 1).Append(Candidates.Json(new string('a', max.Length + 1))),
            Rule.Pattern => Strangers.Select(Candidates.Json),
            Rule.OneOf => field.Kind == FieldKind.List ? ["[\"no such value\"]"] : ["\"no such value\""],
            Rule.Min min => [Candidates.Plain(min.Value - Step(field))],
            Rule.Max max => [Candidates.Plain(max.Value + Step(field))],
            Rule.MinItems min => [Items(field, min.Count - 1)],
            Rule.MaxItems { Count: < 100 } max when field.Item != FieldKind.Reference => [Items(field, max.Count + 1)],
            _ => [],
        };
        return values.FirstOrDefault(json => RuleCheck.Failures(field, json).Contains(rule.Code));
    }

    /// <summary>A valid value on the edge of the rule; null where there is none to name.</summary>
    public static string? Edge(Rule rule, FieldPlan field)
    {
        IEnumerable<string> values = rule switch
        {
            Rule.MinLength min => Candidates.OfLength(field, min.Length),
            Rule.MaxLength { Length: <= RulePlanner.LongestLength } max => Candidates.OfLength(field, max.Length),
            Rule.Min min => [Candidates.Plain(min.Value)],
            Rule.Max max => [Candidates.Plain(max.Value)],
            Rule.MinItems min when field.Item != FieldKind.Reference => [Items(field, min.Count)],
            Rule.MaxItems { Count: < 100 } max when field.Item != FieldKind.Reference => [Items(field, max.Count)],
            _ => [],
        };
        return values.FirstOrDefault(json => RuleCheck.Failures(field, json).Count == 0);
    }

    /// <summary>An id that is not there; for a list as many of them as its rules ask for, so that only the reference is wrong.</summary>
    public static string UnknownReference(FieldPlan field) => field.IsReferenceList
        ? $"[{string.Join(',', Enumerable.Range(0, Math.Max(1, field.Rule<Rule.MinItems>()?.Count ?? 1)).Select(i => 999999 + i))}]"
        : "999999";

    private static decimal Step(FieldPlan field) => field.Kind switch { FieldKind.Integer => 1m, FieldKind.Money => 0.01m, _ => 0.5m };

    private static string Items(FieldPlan field, int count)
    {
        var item = field with { Kind = field.Item ?? FieldKind.Text, Item = null, Rules = [] };
        var samples = field.Item == FieldKind.Reference ? [] : Candidates.For(item).Distinct(StringComparer.Ordinal).ToList();
        return "[" + string.Join(',', Enumerable.Range(0, Math.Max(0, count)).Select(i => samples.Count == 0 ? "1" : samples[i % samples.Count])) + "]";
    }
}
