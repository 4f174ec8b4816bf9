using System.Text.Json.Nodes;

namespace AgentWorkflow.Rig.Serving;

/// <summary>What a route answers; the words of refusals are each forge's own.</summary>
internal sealed record Answer(int Status, JsonNode? Body = null)
{
    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Bytes instead of JSON: files and archives.</summary>
    public byte[]? Raw { get; init; }

    public static Answer NoContent { get; } = new(204);

    public static Answer Ok(JsonNode body) => new(200, body);

    public static Answer Created(JsonNode body) => new(201, body);
}
