using System.Text.Json.Nodes;

namespace AgentWorkflow.Rig.Control;

/// <summary>Reads the JSON arguments of a verb, and makes its answers.</summary>
internal static class Arguments
{
    public static string Text(JsonObject a, string name, string? otherwise = null) => a[name]?.ToString() ?? otherwise ?? throw new KeyNotFoundException($"'{name}' is missing.");

    public static string? Maybe(JsonObject a, string name) => a[name]?.ToString();

    public static bool Flag(JsonObject a, string name, bool otherwise) => a[name]?.GetValue<bool>() ?? otherwise;

    public static long Long(JsonObject a, string name) => a[name]?.GetValue<long>() ?? throw new KeyNotFoundException($"'{name}' is missing.");

    public static IEnumerable<string> Texts(JsonObject a, string name) => (a[name] as JsonArray ?? []).Select(t => t!.ToString());

    public static Dictionary<string, string?> Files(JsonObject a) => (a["files"] as JsonObject ?? []).ToDictionary(f => f.Key, f => f.Value?.ToString(), StringComparer.Ordinal);

    /// <summary>The files of a new repository; null where the argument is absent.</summary>
    public static Dictionary<string, string>? FirstFiles(JsonObject a) => a["files"] is JsonObject ? Files(a).ToDictionary(f => f.Key, f => f.Value ?? "", StringComparer.Ordinal) : null;

    public static JsonObject Number(long number) => new() { ["number"] = number };

    public static JsonObject Id(long id) => new() { ["id"] = id };

    public static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode?)t)]);

    public static JsonObject Done(Action what)
    {
        what();
        return [];
    }
}
