using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Serving;

namespace AgentWorkflow.Rig.GitHub.Rest;

/// <summary>Refusals in GitHub's words.</summary>
internal static class Refusal
{
    public static Answer NotFound { get; } = Error(404, "Not Found");

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
