using System.Globalization;
using System.Text.Json;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>Values that may be valid, likely ones first, always the same; <see cref="RuleCheck"/> picks.</summary>
internal static class Candidates
{
    private const int Tries = 200;

    /// <summary>JSON texts for a field that is no reference.</summary>
    public static IEnumerable<string> For(FieldPlan field) => field.Kind == FieldKind.List ? Lists(field) : Scalars(field, field.Kind);

    /// <summary>Texts that match the pattern, if there is one, and have exactly that length.</summary>
    public static IEnumerable<string> OfLength(FieldPlan field, int length)
    {
        if (field.Rule<Rule.Pattern>() is { } pattern)
        {
            return PatternSamples.Of(pattern.Expression, Tries, length).Where(text => text.Length == length).Select(Json);
        }

        var domain = "@example.com";
        return field.Kind switch
        {
            FieldKind.Email when length > 254 => [],
            FieldKind.Email when length > domain.Length => [Json(new string('a', length - domain.Length) + domain)],
            FieldKind.Email => length >= 6 ? [Json(new string('a', length - 5) + "@b.co")] : [],
            FieldKind.Url => length >= 12 ? [Json("https://a.b/" + new string('a', length - 12))] : [],
            _ => [Json(new string('a', length))],
        };
    }

    private static IEnumerable<string> Scalars(FieldPlan field, FieldKind kind)
    {
        var slug = field.Words.Kebab;
        return kind switch
        {
            FieldKind.Text or FieldKind.LongText or FieldKind.Email or FieldKind.Url => Texts(field, kind, slug),
            FieldKind.Integer or FieldKind.Decimal or FieldKind.Money => Numbers(field, kind),
            FieldKind.Boolean => ["true", "false"],
            FieldKind.Date => Range(28, k => Json($"2026-01-{k + 1:00}")),
            FieldKind.DateTime => Range(28, k => Json($"2026-01-{k + 1:00}T10:00:00Z")),
            FieldKind.Time => Range(9, k => Json($"{k + 9:00}:30:00")),
            FieldKind.Uuid => Range(9, k => Json($"00000000-0000-4000-8000-{k + 1:000000000000}")),
            FieldKind.Enum => field.Values.Select(Json),
            FieldKind.File => Range(3, k => $$"""{"name":"{{slug}}-{{k + 1}}.pdf","mediaType":"application/pdf","size":{{1024 + k}}}"""),
            _ => [],
        };
    }

    private static IEnumerable<string> Texts(FieldPlan field, FieldKind kind, string slug)
    {
        if (field.Rule<Rule.Pattern>() is { } pattern)
        {
            var least = field.Rule<Rule.MinLength>()?.Length ?? 0;
            return PatternSamples.Of(pattern.Expression, Tries, least).Select(Json);
        }

        var usual = Range(ApiPlan.Samples, k => kind switch
        {
            FieldKind.Email => Json($"{slug}{k + 1}@example.com"),
            FieldKind.Url => Json($"https://example.com/{slug}/{k + 1}"),
            _ => Json($"{field.Words.Sentence} {k + 1}"),
        });
        var min = field.Rule<Rule.MinLength>()?.Length ?? 1;
        var max = field.Rule<Rule.MaxLength>()?.Length ?? Math.Max(min, 20);
        var short1 = Math.Min(Math.Max(min, kind is FieldKind.Email ? 6 : kind is FieldKind.Url ? 12 : 1), max);
        return usual
            .Concat(Range(ApiPlan.Samples, k => Json(Letters(k, short1, kind))))
            .Concat(Range(ApiPlan.Samples, k => Json($"{field.Words.Sentence} {k + 1} ".PadRight(Math.Max(min, 8), 'a'))));
    }

    private static string Letters(int k, int length, FieldKind kind)
    {
        var letter = (char)('a' + k);
        return kind switch
        {
            FieldKind.Email => new string(letter, Math.Max(1, length - 5)) + "@b.co",
            FieldKind.Url => "https://a.b/".PadRight(length - 1, 'a') + (length > 12 ? letter : string.Empty),
            _ => new string('a', Math.Max(0, length - 1)) + letter,
        };
    }

    private static IEnumerable<string> Numbers(FieldPlan field, FieldKind kind)
    {
        var (min, max) = (field.Rule<Rule.Min>()?.Value, field.Rule<Rule.Max>()?.Value);
        var start = min ?? (max is < 3 ? decimal.Floor(max.Value) - 3 : 0);
        var nice = kind switch { FieldKind.Money => 0.99m, FieldKind.Decimal => 0.5m, _ => min is null ? 1m : 0m };
        var steps = new[] { 1m, 0.1m, 0.01m, 0.0001m };
        return steps.SelectMany(step => Range(ApiPlan.Samples, k => start + (nice + k) * step))
            .Concat(Range(4, k => start + k))
            .Append(max ?? start)
            .Select(number => Plain(kind == FieldKind.Money ? decimal.Round(number, 2) : number));
    }

    private static IEnumerable<string> Lists(FieldPlan field)
    {
        var least = field.Rule<Rule.MinItems>()?.Count ?? 1;
        var item = field with { Kind = field.Item ?? FieldKind.Text, Item = null, Rules = [] };
        var items = Scalars(item, item.Kind).Distinct(StringComparer.Ordinal).ToList();
        return Range(ApiPlan.Samples, k => "[" + string.Join(',', Enumerable.Range(0, least).Select(i => items[(i + k) % items.Count])) + "]");
    }

    /// <summary>A number as JSON text, without trailing zeros.</summary>
    public static string Plain(decimal number) =>
        (number / 1.000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    /// <summary>A text as JSON text in ASCII.</summary>
    public static string Json(string text) => JsonSerializer.Serialize(text);

    private static IEnumerable<T> Range<T>(int count, Func<int, T> make) => Enumerable.Range(0, count).Select(make);
}
