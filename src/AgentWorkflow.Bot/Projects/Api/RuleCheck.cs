using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>The meaning of types and rules, as every generated service implements it: <c>type</c> and <c>format</c> end the check, then each rule counts.</summary>
internal static partial class RuleCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    /// <summary>The codes of all failures of a value, given as JSON text; references are not looked up here.</summary>
    public static IReadOnlyList<string> Failures(FieldPlan field, string json)
    {
        using var document = JsonDocument.Parse(json);
        var value = document.RootElement;
        if (field.Kind == FieldKind.List)
        {
            return ListFailures(field, value);
        }

        if (ShapeFailure(field.Kind, value) is { } failure)
        {
            return [failure];
        }

        return [.. field.Rules.Where(rule => !Holds(rule, field, value)).Select(rule => rule.Code)];
    }

    private static List<string> ListFailures(FieldPlan field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return ["type"];
        }

        var items = value.EnumerateArray().ToList();
        if (items.Select(item => ShapeFailure(field.Item ?? FieldKind.Text, item)).FirstOrDefault(failure => failure is not null) is { } failure)
        {
            return [failure];
        }

        return [.. field.Rules.Where(rule => rule switch
        {
            Rule.MinItems min => items.Count < min.Count,
            Rule.MaxItems max => items.Count > max.Count,
            Rule.OneOf => items.Exists(item => !field.Values.Contains(item.GetString())),
            _ => false,
        }).Select(rule => rule.Code)];
    }

    private static bool Holds(Rule rule, FieldPlan field, JsonElement value) => rule switch
    {
        Rule.NotBlank => !string.IsNullOrWhiteSpace(value.GetString()),
        Rule.MinLength min => Length(value) >= min.Length,
        Rule.MaxLength max => Length(value) <= max.Length,
        Rule.Min min => value.GetDecimal() >= min.Value,
        Rule.Max max => value.GetDecimal() <= max.Value,
        Rule.Pattern pattern => Matches(pattern.Expression, value.GetString() ?? string.Empty),
        Rule.OneOf => field.Values.Contains(value.GetString()),
        _ => true,
    };

    private static int Length(JsonElement value) => (value.GetString() ?? string.Empty).EnumerateRunes().Count();

    private static bool Matches(string expression, string text)
    {
        try
        {
            return Regex.IsMatch(text, expression, RegexOptions.CultureInvariant, Patience);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    // The code of what is wrong with type or form; null when nothing is.
    private static string? ShapeFailure(FieldKind kind, JsonElement value) => kind switch
    {
        FieldKind.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "type",
        FieldKind.Integer or FieldKind.Reference => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var whole) && Math.Abs((decimal)whole) <= RulePlanner.Greatest ? null : "type",
        FieldKind.Decimal or FieldKind.Money => NumberFailure(kind, value),
        FieldKind.File => value.ValueKind != JsonValueKind.Object ? "type" : FileFailure(value),
        _ => value.ValueKind != JsonValueKind.String ? "type" : TextFailure(kind, value.GetString() ?? string.Empty),
    };

    private static string? NumberFailure(FieldKind kind, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number) || Math.Abs(number) > RulePlanner.Greatest)
        {
            return "type";
        }

        return kind == FieldKind.Money && decimal.Round(number, 2) != number ? "format" : null;
    }

    private static string? FileFailure(JsonElement value) =>
        value.EnumerateObject().Count() == 3
        && value.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(name.GetString())
        && value.TryGetProperty("mediaType", out var media) && media.ValueKind == JsonValueKind.String && MediaType().IsMatch(media.GetString() ?? string.Empty)
        && value.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var bytes) && bytes >= 0
            ? null
            : "format";

    private static string? TextFailure(FieldKind kind, string text) => kind switch
    {
        FieldKind.Text => text.AsSpan().ContainsAnyInRange('\u0000', '\u001F') ? "format" : null,
        FieldKind.Date => Iso(text, "yyyy-MM-dd"),
        FieldKind.DateTime => Moment().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _) ? null : "format",
        FieldKind.Time => TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "format",
        FieldKind.Email => text.Length <= 254 && Mail().IsMatch(text) ? null : "format",
        FieldKind.Url => Web().IsMatch(text) ? null : "format",
        FieldKind.Uuid => Guid.TryParseExact(text, "D", out _) ? null : "format",
        _ => null,
    };

    private static string? Iso(string text, string format) =>
        DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? null : "format";

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Moment();

    [GeneratedRegex(@"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Mail();

    [GeneratedRegex(@"^https?://[^\s/?#]+([/?#]\S*)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 200)]
    private static partial Regex Web();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex MediaType();
}
