using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Rig.Contract;

/// <summary>
/// Completes an answer: what a schema requires and nobody set gets the emptiest value that fits. So the routes say what
/// matters, and a strict client still finds every member that the real forge sends.
/// </summary>
internal sealed class SchemaFill(SchemaBook schemas, string address)
{
    private const int Deepest = 12;

    /// <summary>Completes a value in place (or returns a new one where there was none).</summary>
    public JsonNode? Fill(JsonElement schema, JsonNode? node) => Fill(schema, node, 0);

    private JsonNode? Fill(JsonElement schema, JsonNode? node, int depth)
    {
        schema = schemas.Follow(schema);
        if (depth > Deepest)
        {
            return node;
        }

        switch (node)
        {
            case JsonObject members:
                FillMembers(schema, members, depth);
                break;
            case JsonArray items when Items(schema) is { } item:
                foreach (JsonNode? entry in items)
                {
                    Fill(item, entry, depth + 1);
                }

                break;
        }

        return node;
    }

    private JsonElement? Items(JsonElement schema)
    {
        if (schema.TryGetProperty("items", out JsonElement item))
        {
            return item;
        }

        JsonElement list = schemas.Branches(schema).FirstOrDefault(b => b.TryGetProperty("items", out _));
        return list.ValueKind == JsonValueKind.Undefined ? null : list.GetProperty("items");
    }

    private void FillMembers(JsonElement schema, JsonObject members, int depth)
    {
        if (schema.TryGetProperty("allOf", out JsonElement all))
        {
            foreach (JsonElement part in all.EnumerateArray())
            {
                Fill(part, members, depth);
            }
        }

        JsonElement choice = Choice(schema, members);
        if (choice.ValueKind != JsonValueKind.Undefined)
        {
            Fill(choice, members, depth);
        }

        if (!schema.TryGetProperty("properties", out JsonElement known))
        {
            return;
        }

        foreach (JsonProperty member in known.EnumerateObject())
        {
            if (members.TryGetPropertyValue(member.Name, out JsonNode? there))
            {
                Fill(member.Value, there, depth + 1);
            }
            else if (schema.TryGetProperty("required", out JsonElement required) && required.EnumerateArray().Any(r => r.GetString() == member.Name))
            {
                members[member.Name] = Emptiest(member.Value, depth + 1);
            }
        }
    }

    /// <summary>Of alternatives the one that leaves the least to say.</summary>
    private JsonElement Choice(JsonElement schema, JsonObject members)
    {
        JsonElement best = default;
        int fewest = int.MaxValue;
        foreach (string word in new[] { "anyOf", "oneOf" })
        {
            foreach (JsonElement part in schema.TryGetProperty(word, out JsonElement list) ? list.EnumerateArray().Select(schemas.Follow) : [])
            {
                List<string> wrong = [];
                schemas.Check(part, members, "", strict: false, wrong);
                int others = wrong.Count(w => !w.EndsWith("is missing", StringComparison.Ordinal)) * 1000;
                if (others + wrong.Count < fewest)
                {
                    (best, fewest) = (part, others + wrong.Count);
                }
            }
        }

        return best;
    }

    private JsonNode? Emptiest(JsonElement schema, int depth)
    {
        schema = schemas.Follow(schema);
        if (schemas.MayBeNull(schema))
        {
            return null;
        }

        if (schema.TryGetProperty("enum", out JsonElement values))
        {
            return JsonValue.Create(values[0]);
        }

        JsonElement branch = schemas.Branches(schema).FirstOrDefault();
        return (schema.TryGetProperty("type", out JsonElement type) ? type.GetString() : null) switch
        {
            "string" => schema.TryGetProperty("format", out JsonElement format) ? format.GetString() switch { "uri" => address, "date-time" => "2026-01-01T00:00:00Z", _ => "" } : "",
            "integer" or "number" => 0,
            "boolean" => false,
            "array" => new JsonArray(),
            "object" => Fill(schema, new JsonObject(), depth),
            _ => branch.ValueKind == JsonValueKind.Undefined ? Fill(schema, new JsonObject(), depth) : Emptiest(branch, depth),
        };
    }
}
