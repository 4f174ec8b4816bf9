using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AgentWorkflow.Engine.Steps;

/// <summary>Put on a converter of an input, it says for refusals and for the schema what the converter reads.</summary>
public interface IInputFormat
{
    /// <summary>What is expected, as in "is a list of texts".</summary>
    string Expected { get; }

    /// <summary>The JSON Schema of what is read.</summary>
    JsonNode Schema { get; }
}

/// <summary>Reads one argument list (<c>[dotnet, test]</c>) or a list of them; each has at least a program.</summary>
public sealed class ArgumentListsConverter : JsonConverter<IReadOnlyList<IReadOnlyList<string>>>, IInputFormat
{
    /// <inheritdoc/>
    public string Expected => "an argument list like [dotnet, test], or a list of them";

    /// <inheritdoc/>
    public JsonNode Schema => JsonNode.Parse(
        """{ "anyOf": [ { "type": "array", "items": { "type": "string" } }, { "type": "array", "items": { "type": "array", "minItems": 1, "items": { "type": "string" } } } ] }""") ?? new JsonObject();

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<string>> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        JsonNode? node = JsonNode.Parse(ref reader);
        if (node is not JsonArray list)
        {
            throw new JsonException(Expected);
        }

        return list.Count == 0 ? [] : list[0] is JsonArray ? [.. list.Select(Arguments)] : [Arguments(list)];
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<IReadOnlyList<string>> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (IReadOnlyList<string> arguments in value)
        {
            writer.WriteStartArray();
            foreach (string argument in arguments)
            {
                writer.WriteStringValue(argument);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private IReadOnlyList<string> Arguments(JsonNode? node) =>
        node is JsonArray { Count: > 0 } list && list.All(a => a?.GetValueKind() == JsonValueKind.String)
            ? [.. list.Select(a => a?.GetValue<string>() ?? "")]
            : throw new JsonException(Expected);
}

/// <summary>Reads one text or a list of texts.</summary>
public sealed class OneOrManyTextsConverter : JsonConverter<IReadOnlyList<string>>, IInputFormat
{
    /// <inheritdoc/>
    public string Expected => "a text or a list of texts";

    /// <inheritdoc/>
    public JsonNode Schema => JsonNode.Parse("""{ "anyOf": [ { "type": "string" }, { "type": "array", "items": { "type": "string" } } ] }""") ?? new JsonObject();

    /// <inheritdoc/>
    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonNode.Parse(ref reader) switch
        {
            JsonValue one when one.GetValueKind() == JsonValueKind.String => [one.GetValue<string>()],
            JsonArray list when list.All(t => t?.GetValueKind() == JsonValueKind.String) => [.. list.Select(t => t?.GetValue<string>() ?? "")],
            _ => throw new JsonException(Expected),
        };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (string text in value)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
