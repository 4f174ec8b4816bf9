using System.Globalization;
using System.Text.Json;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>The default of a field as JSON text.</summary>
internal static class Defaults
{
    /// <summary>The default, or null with a note when what the idea says does not fit type and rules.</summary>
    public static string? Of(FieldPlan field, string said, List<string> notes)
    {
        if (field.Source.Default is not { } text)
        {
            return null;
        }

        var json = Json(field.Kind, text.Trim());
        if (json is not null && RuleCheck.Failures(field, json).Count == 0 && !field.Unique)
        {
            return json;
        }

        notes.Add($"{said}: the default \"{text}\" does not fit, so there is none.");
        return null;
    }

    private static string? Json(FieldKind kind, string text) => kind switch
    {
        FieldKind.Reference or FieldKind.List or FieldKind.File => null,
        FieldKind.Boolean => bool.TryParse(text, out var flag) ? (flag ? "true" : "false") : null,
        FieldKind.Integer or FieldKind.Decimal or FieldKind.Money =>
            decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : null,
        FieldKind.Time when text.Length == 5 => JsonSerializer.Serialize(text + ":00"),
        FieldKind.Uuid => JsonSerializer.Serialize(text.ToLowerInvariant()),
        FieldKind.DateTime => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? JsonSerializer.Serialize(moment.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)) : null,
        _ => JsonSerializer.Serialize(text),
    };
}
