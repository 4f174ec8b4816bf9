using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>Comparisons and conversions of values, as in Actions, but minding case; no culture anywhere.</summary>
internal static class Values
{
    /// <summary>JSON as people read it.</summary>
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON number, whole where it is whole.</summary>
    public static JsonNode FromNumber(double number) =>
        number == Math.Truncate(number) && Math.Abs(number) < 9e15 ? JsonValue.Create((long)number) : JsonValue.Create(number);

    /// <summary>The kind of a value; null is a kind too.</summary>
    public static JsonValueKind KindOf(JsonNode? value) => value?.GetValueKind() ?? JsonValueKind.Null;

    /// <summary>The value as a number: null and false are 0, true is 1, text is read, all else is not a number.</summary>
    public static double Number(JsonNode? value) => KindOf(value) switch
    {
        JsonValueKind.Null or JsonValueKind.False => 0,
        JsonValueKind.True => 1,
        JsonValueKind.Number => double.TryParse(value?.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN,
        JsonValueKind.String => FromText(Text(value)),
        _ => double.NaN,
    };

    /// <summary>The value as text, or null where a list or a mapping has none.</summary>
    public static string? TextOrNull(JsonNode? value) => KindOf(value) switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => value?.ToJsonString(),
        JsonValueKind.String => value is JsonValue leaf && leaf.TryGetValue(out string? text) ? text : JsonNode.Parse(value?.ToJsonString() ?? "null")?.ToString(),
        _ => null,
    };

    /// <summary>Equality: the same kind by value, else as numbers.</summary>
    public static bool AreEqual(JsonNode? a, JsonNode? b)
    {
        (JsonValueKind kindA, JsonValueKind kindB) = (KindOf(a), KindOf(b));
        if (kindA == JsonValueKind.String && kindB == JsonValueKind.String)
        {
            return string.Equals(Text(a), Text(b), StringComparison.Ordinal);
        }

        if (kindA == JsonValueKind.Number && kindB == JsonValueKind.Number && a?.ToJsonString() == b?.ToJsonString())
        {
            return true;
        }

        return kindA is JsonValueKind.Object or JsonValueKind.Array && kindA == kindB ? JsonNode.DeepEquals(a, b) : Number(a) == Number(b);
    }

    /// <summary>Order: texts by code unit, all else as numbers; null where there is none.</summary>
    public static int? Compare(JsonNode? a, JsonNode? b)
    {
        if (KindOf(a) == JsonValueKind.String && KindOf(b) == JsonValueKind.String)
        {
            return string.CompareOrdinal(Text(a), Text(b));
        }

        (double left, double right) = (Number(a), Number(b));
        return double.IsNaN(left) || double.IsNaN(right) ? null : left.CompareTo(right);
    }

    private static string Text(JsonNode? value) => TextOrNull(value) ?? "";

    private static double FromText(string text) =>
        text.AsSpan().Trim().Length == 0 ? 0
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number
        : double.NaN;
}
