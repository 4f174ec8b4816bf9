using System.Text.Json.Nodes;

namespace AgentWorkflow.Engine.Steps;

/// <summary>Says in a few words what a JSON Schema accepts.</summary>
internal static class SchemaWords
{
    /// <summary>The words for a schema.</summary>
    public static string Of(JsonNode? node)
    {
        if (node is not JsonObject schema)
        {
            return "anything";
        }

        if (schema["enum"] is JsonArray values)
        {
            return string.Join(", ", values.Where(v => v is not null).Select(v => $"`{v}`"));
        }

        if (schema["anyOf"] is JsonArray choices)
        {
            return string.Join(", or ", choices.Select(Of).Distinct());
        }

        IReadOnlyList<string> types = schema["type"] switch
        {
            JsonArray many => [.. many.Select(t => t?.ToString() ?? "").Where(t => t != "null")],
            JsonValue one => [one.ToString()],
            _ => [],
        };
        return types.Count == 0 ? "anything" : string.Join(" or ", types.Select(t => Of(t, schema)));
    }

    private static string Of(string type, JsonObject schema) => type switch
    {
        "string" => "text",
        "integer" => "whole number" + Range(schema),
        "number" => "number" + Range(schema),
        "boolean" => "`true`, `false`",
        "array" => "list of " + Of(schema["items"]),
        _ when schema["properties"] is JsonObject { Count: > 0 } properties => "`{ " + string.Join(", ", properties.Select(p => p.Key)) + " }`",
        _ => "mapping",
    };

    private static string Range(JsonObject schema) =>
        schema["minimum"] is { } least && schema["maximum"] is { } most ? $", {least} to {most}" : "";
}
