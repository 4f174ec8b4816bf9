using System.Text.Json.Nodes;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>The examples of the description: data beside the code, held against the real types by a test.</summary>
internal static class ApiExamples
{
    private static readonly Lazy<JsonObject> s_all = new(Read);

    /// <summary><c>request</c> and <c>response</c> of an operation; null where it has none.</summary>
    public static JsonNode? Of(string operation) => s_all.Value[operation];

    private static JsonObject Read()
    {
        using Stream text = typeof(ApiExamples).Assembly.GetManifestResourceStream("api-examples.json") ?? throw new InvalidOperationException("The examples of the API are not in the program.");
        return JsonNode.Parse(text)?.AsObject() ?? [];
    }
}
