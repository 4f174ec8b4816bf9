using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Bot.Tests.Rig;

/// <summary>Compares an answer with a recorded one by its members and their kinds, not by values.</summary>
internal static class RecordedShape
{
    /// <summary>Members of the recording that ours lacks, or that are of another kind (null goes with everything).</summary>
    public static IEnumerable<string> Missing(JsonNode? recorded, JsonNode? ours, int depth, string at = "")
    {
        if (recorded is null || ours is null)
        {
            yield break;
        }

        if (Kind(recorded) != Kind(ours))
        {
            yield return $"{at} is {Kind(ours)}, not {Kind(recorded)}";
            yield break;
        }

        if (recorded is JsonArray { Count: > 0 } theirs && ours is JsonArray { Count: > 0 } list)
        {
            foreach (string wrong in Missing(theirs[0], list[0], depth, at + "[]"))
            {
                yield return wrong;
            }
        }

        if (depth == 0 || recorded is not JsonObject members || ours is not JsonObject mine)
        {
            yield break;
        }

        foreach ((string name, JsonNode? value) in members)
        {
            if (!mine.TryGetPropertyValue(name, out JsonNode? there))
            {
                yield return $"{at}.{name}";
                continue;
            }

            foreach (string wrong in Missing(value, there, depth - 1, $"{at}.{name}"))
            {
                yield return wrong;
            }
        }
    }

    private static JsonValueKind Kind(JsonNode node) => node.GetValueKind() == JsonValueKind.False ? JsonValueKind.True : node.GetValueKind();
}
