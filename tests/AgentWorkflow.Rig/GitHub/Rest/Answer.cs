using System.Text.Json.Nodes;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>What a route answers.</summary>
internal sealed record Answer(int Status, JsonNode? Body = null)
{
    public Dictionary<string, string> Headers { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Bytes instead of JSON: what the raw media type asks for.</summary>
    public byte[]? Raw { get; init; }

    public static Answer NotFound { get; } = Error(404, "Not Found");

    public static Answer NoContent { get; } = new(204);

    public static Answer Ok(JsonNode body) => new(200, body);

    public static Answer Created(JsonNode body) => new(201, body);

    public static Answer Error(int status, string message) =>
        new(status, new JsonObject { ["message"] = message, ["documentation_url"] = "https://docs.github.com/rest", ["status"] = $"{status}" });

    public static Answer Invalid(string resource, string? field, string code, string? message = null)
    {
        JsonObject error = new() { ["resource"] = resource, ["code"] = code };
        if (field is not null)
        {
            error["field"] = field;
        }

        if (message is not null)
        {
            error["message"] = message;
        }

        Answer answer = Error(422, "Validation Failed");
        ((JsonObject)answer.Body!)["errors"] = new JsonArray(error);
        return answer;
    }
}
