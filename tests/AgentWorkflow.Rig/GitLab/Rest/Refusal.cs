using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitLab.Rest;

/// <summary>Refusals in GitLab's words.</summary>
internal static class Refusal
{
    public static Answer Unauthorized { get; } = Error(401, "401 Unauthorized");

    public static Answer Error(int status, string message) => new(status, new JsonObject { ["message"] = message });

    public static Answer NotFound(string what) => Error(404, what.Length == 0 ? "404 Not Found" : $"404 {what} Not Found");

    public static Answer Forbidden(string why = "") => Error(403, why.Length == 0 ? "403 Forbidden" : $"403 Forbidden - {why}");

    /// <summary>What Grape says of a parameter.</summary>
    public static Answer Parameter(string sentence) => new(400, new JsonObject { ["error"] = sentence });

    /// <summary>What a model's validation says of one of its members.</summary>
    public static Answer Invalid(string member, string sentence) => new(400, new JsonObject { ["message"] = new JsonObject { [member] = new JsonArray(sentence) } });

    public static Answer Token(string code, string sentence) => new(code == "insufficient_scope" ? 403 : 401, new JsonObject { ["error"] = code, ["error_description"] = sentence });
}
