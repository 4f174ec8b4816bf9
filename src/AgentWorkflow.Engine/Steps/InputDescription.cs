using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Expressions;

namespace AgentWorkflow.Engine.Steps;

/// <summary>One input of a step type, for people: the reference and <c>steps show</c>.</summary>
/// <param name="Name">The key under <c>with</c>.</param>
/// <param name="Value">What it accepts, in a few words.</param>
/// <param name="IsRequired">True where a step without it is refused.</param>
/// <param name="Default">The default as JSON on one line, or null.</param>
/// <param name="Description">One sentence.</param>
public sealed record InputDescription(string Name, string Value, bool IsRequired, string? Default, string Description)
{
    /// <summary>The inputs of a step type in the order of its record.</summary>
    public static IReadOnlyList<InputDescription> Of(IStepType type)
    {
        JsonObject schema = InputSchema.Of(type);
        HashSet<string> required = [.. (schema["required"] as JsonArray ?? []).Select(r => r?.ToString() ?? "")];
        return [.. (schema["properties"] as JsonObject ?? []).Select(p => Of(p.Key, p.Value, required.Contains(p.Key)))];
    }

    private static InputDescription Of(string name, JsonNode? property, bool isRequired)
    {
        string? standard = property is JsonObject value && value["default"] is { } given
            ? given.ToJsonString(Values.Indented).ReplaceLineEndings(" ")
            : null;
        return new InputDescription(name, SchemaWords.Of(property), isRequired, standard, property is JsonObject map ? map["description"]?.ToString() ?? "" : "");
    }
}
