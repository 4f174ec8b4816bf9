using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;

/// <summary>C# expressions for values. A text can only become a string literal in ASCII, so an idea cannot write code.</summary>
internal static class CSharpText
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A string literal with its quotes; what JSON escapes, C# reads the same.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder();
        foreach (var c in JsonSerializer.Serialize(text, Relaxed))
        {
            _ = c is >= ' ' and <= '~' ? literal.Append(c) : literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return literal.ToString();
    }

    /// <summary>An expression that converts to <c>JsonNode</c>.</summary>
    public static string Node(string json)
    {
        var node = JsonNode.Parse(json);
        return node switch
        {
            null => "null",
            JsonValue value when value.GetValueKind() == JsonValueKind.String => Text(value.GetValue<string>()),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number => Number(json),
            JsonValue => json,
            JsonArray list when list.All(item => item is JsonValue) => $"new JsonArray({string.Join(", ", list.Select(item => Node(item?.ToJsonString() ?? "null")))})",
            _ => $"JsonNode.Parse({Literal(json)})",
        };
    }

    /// <summary>A number literal of the type long or decimal.</summary>
    public static string Number(string json) => json.Contains('.', StringComparison.Ordinal) || !long.TryParse(json, CultureInfo.InvariantCulture, out _) ? json + "m" : json + "L";

    // Long texts of a test are one letter many times; a line of 5,000 letters reads badly.
    private static string Text(string text)
    {
        var run = text.Length - text.TrimStart(text.Length > 0 ? text[0] : ' ').Length;
        return run < 40
            ? Literal(text)
            : $"new string('{(char.IsAsciiLetterOrDigit(text[0]) ? text[0] : 'x')}', {run.ToString(CultureInfo.InvariantCulture)})" + (run < text.Length ? " + " + Literal(text[run..]) : string.Empty);
    }
}
