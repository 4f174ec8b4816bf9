using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;

/// <summary>Where ideas and their expected requirements are.</summary>
internal static class IdeaFiles
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Up("AgentWorkflow.Bot.sln") ?? throw new InvalidOperationException("The tests run outside the repository.");

    public static string Golden => Path.Combine(Root, "tests", "AgentWorkflow.Bot.Tests", "Agents", "Offline", "Ideas", "Golden");

    public static string Examples => Path.Combine(Root, "examples", "ideas");

    /// <summary>Ideas written by strangers, beside the repository; null on machines without them.</summary>
    public static string? Strangers => Up(Path.Combine("shared", "data", "ideas")) is { } parent ? Path.Combine(parent, "shared", "data", "ideas") : null;

    /// <summary>Requirements without what is absent, so that a difference is seen at once.</summary>
    public static string Say(Requirements requirements)
    {
        JsonNode? node = JsonSerializer.SerializeToNode(requirements, Readable);
        Prune(node);
        return node?.ToJsonString(Readable) + "\n";
    }

    // Empty lists and texts and a false say nothing either.
    private static void Prune(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (JsonNode? item in list)
            {
                Prune(item);
            }
        }
        else if (node is JsonObject map)
        {
            foreach ((string name, JsonNode? value) in map.ToList())
            {
                Prune(value);
                if (value is JsonArray { Count: 0 } || value is JsonValue plain && (plain.GetValueKind() == JsonValueKind.False || plain.ToJsonString() == "\"\""))
                {
                    map.Remove(name);
                }
            }
        }
    }

    private static string? Up(string what)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Exists(Path.Combine(folder.FullName, what)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
