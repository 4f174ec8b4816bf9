using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AgentWorkflow.Bot.Projects.Specification;

/// <summary><see cref="Requirements"/> as outputs of a step: camel case, names of enums too, absent things null.</summary>
internal static class RequirementsJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>As JSON.</summary>
    public static JsonObject Write(Requirements requirements) => JsonSerializer.SerializeToNode(requirements, Options)?.AsObject() ?? [];

    /// <summary>From JSON; null where it has another shape.</summary>
    public static Requirements? Read(JsonNode? node)
    {
        try
        {
            return node is JsonObject ? node.Deserialize<Requirements>(Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
