using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Rig.Contract;

/// <summary>Holds JSON against the schemas of an OpenAPI 3.0 description: the words that the forges' descriptions use.</summary>
internal sealed class SchemaBook(JsonElement root)
{
    /// <summary>A named schema.</summary>
    public JsonElement this[string name] => root.GetProperty("components").GetProperty("schemas").GetProperty(name);

    /// <summary>Follows a reference to what it means.</summary>
    public JsonElement Follow(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out JsonElement reference))
        {
            JsonElement place = root;
            foreach (string part in (reference.GetString() ?? "").Split('/').Skip(1))
            {
                place = place.GetProperty(part.Replace("~1", "/", StringComparison.Ordinal));
            }

            element = place;
        }

        return element;
    }

    /// <summary>Adds what is wrong to <paramref name="wrong"/>.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="node">The value.</param>
    /// <param name="where">The value's place, for the sentences.</param>
    /// <param name="strict">Members that the schema does not know are wrong too: in requests they are spelling mistakes.</param>
    /// <param name="wrong">The sentences.</param>
    public void Check(JsonElement schema, JsonNode? node, string where, bool strict, List<string> wrong)
    {
        schema = Follow(schema);
        if (node is null)
        {
            if (!MayBeNull(schema))
            {
                wrong.Add($"{where} is null");
            }

            return;
        }

        CheckAlternatives(schema, node, where, strict, wrong);
        if (schema.TryGetProperty("type", out JsonElement type) && !IsOfType(type.GetString(), node))
        {
            wrong.Add($"{where} is no {type.GetString()}");
            return;
        }

        if (schema.TryGetProperty("enum", out JsonElement values) && !values.EnumerateArray().Any(v => JsonNode.DeepEquals(JsonValue.Create(v), node)))
        {
            wrong.Add($"{where} is '{node}', not one of {values}");
        }

        CheckSize(schema, node, where, wrong);
        switch (node)
        {
            case JsonObject members:
                CheckMembers(schema, members, where, strict, wrong);
                break;
            case JsonArray items when schema.TryGetProperty("items", out JsonElement item):
                for (int i = 0; i < items.Count; i++)
                {
                    Check(item, items[i], $"{where}[{i}]", strict, wrong);
                }

                break;
        }
    }

    /// <summary>True where null is allowed.</summary>
    public bool MayBeNull(JsonElement schema)
    {
        schema = Follow(schema);
        return (schema.TryGetProperty("nullable", out JsonElement nullable) && nullable.GetBoolean())
            || Branches(schema).Any(MayBeNull)
            || (!schema.TryGetProperty("type", out _) && !Branches(schema).Any() && !schema.TryGetProperty("properties", out _));
    }

    /// <summary>The schemas of which one or all hold.</summary>
    public IEnumerable<JsonElement> Branches(JsonElement schema) =>
        new[] { "allOf", "anyOf", "oneOf" }.SelectMany(word => schema.TryGetProperty(word, out JsonElement list) ? list.EnumerateArray().Select(Follow) : []);

    private static bool IsOfType(string? type, JsonNode node) => (type, node.GetValueKind()) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number)
            or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) && decimal.IsInteger(number),
        _ => false,
    };

    private static void CheckSize(JsonElement schema, JsonNode node, string where, List<string> wrong)
    {
        foreach ((string word, int size) in Sizes(node))
        {
            if (schema.TryGetProperty("max" + word, out JsonElement max) && size > max.GetInt32())
            {
                wrong.Add($"{where} has more than {max} {word}");
            }

            if (schema.TryGetProperty("min" + word, out JsonElement min) && size < min.GetInt32())
            {
                wrong.Add($"{where} has fewer than {min} {word}");
            }
        }

        if (node.GetValueKind() == JsonValueKind.Number && schema.TryGetProperty("maximum", out JsonElement most) && double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture) > most.GetDouble())
        {
            wrong.Add($"{where} is over {most}");
        }
    }

    private static IEnumerable<(string Word, int Size)> Sizes(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.String => [("Length", node.GetValue<string>().Length)],
        JsonValueKind.Array => [("Items", node.AsArray().Count)],
        JsonValueKind.Object => [("Properties", node.AsObject().Count)],
        _ => [],
    };

    private void CheckAlternatives(JsonElement schema, JsonNode node, string where, bool strict, List<string> wrong)
    {
        if (schema.TryGetProperty("allOf", out JsonElement all))
        {
            foreach (JsonElement part in all.EnumerateArray())
            {
                Check(part, node, where, strict: false, wrong);
            }
        }

        foreach (string word in new[] { "anyOf", "oneOf" })
        {
            if (!schema.TryGetProperty(word, out JsonElement list))
            {
                continue;
            }

            List<string>? nearest = null;
            foreach (JsonElement part in list.EnumerateArray())
            {
                List<string> here = [];
                Check(part, node, where, strict && !schema.TryGetProperty("properties", out _), here);
                nearest = nearest is null || here.Count < nearest.Count ? here : nearest;
            }

            wrong.AddRange(nearest ?? []);
        }
    }

    private void CheckMembers(JsonElement schema, JsonObject members, string where, bool strict, List<string> wrong)
    {
        if (schema.TryGetProperty("required", out JsonElement required))
        {
            wrong.AddRange(required.EnumerateArray().Select(r => r.GetString() ?? "").Where(r => !members.ContainsKey(r)).Select(r => $"{where}.{r} is missing"));
        }

        bool hasMembers = schema.TryGetProperty("properties", out JsonElement known);
        bool open = schema.TryGetProperty("additionalProperties", out JsonElement more) && more.ValueKind != JsonValueKind.False;
        foreach ((string name, JsonNode? value) in members)
        {
            if (hasMembers && known.TryGetProperty(name, out JsonElement member))
            {
                Check(member, value, $"{where}.{name}", strict, wrong);
            }
            else if (open && more.ValueKind == JsonValueKind.Object)
            {
                Check(more, value, $"{where}.{name}", strict, wrong);
            }
            else if (strict && hasMembers && !open && !Branches(schema).Any(b => b.TryGetProperty("properties", out JsonElement p) && p.TryGetProperty(name, out _)))
            {
                wrong.Add($"{where}.{name} is not known");
            }
        }
    }
}
