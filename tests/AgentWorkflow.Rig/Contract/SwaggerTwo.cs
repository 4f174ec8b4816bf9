using System.Text.Json.Nodes;

namespace AgentWorkflow.Rig.Contract;

/// <summary>
/// Reads a Swagger 2 description as the OpenAPI 3 one that <see cref="ApiContract"/> knows, after a supplement in the same format
/// was laid over it: its paths and definitions come to (or replace) the description's, and each of its repairs replaces one value
/// of the description that is known to be wrong.
/// </summary>
internal static class SwaggerTwo
{
    private static readonly string[] Methods = ["get", "post", "put", "patch", "delete", "head"];

    /// <summary>Both documents as one OpenAPI 3 document.</summary>
    public static JsonObject Lift(JsonObject description, JsonObject supplement)
    {
        Lay(description, supplement, "paths");
        Lay(description, supplement, "definitions");
        foreach (JsonNode? repair in supplement["repairs"]!.AsArray())
        {
            Repair(description, repair!.AsObject());
        }

        JsonObject definitions = description["definitions"]!.AsObject();
        JsonObject paths = [];
        foreach ((string path, JsonNode? methods) in description["paths"]!.AsObject())
        {
            JsonObject lifted = [];
            foreach ((string method, JsonNode? operation) in methods!.AsObject().Where(m => Methods.Contains(m.Key)))
            {
                lifted[method] = Operation(operation!.AsObject());
            }

            paths[path] = lifted;
        }

        JsonObject schemas = [];
        foreach ((string name, JsonNode? schema) in definitions)
        {
            JsonObject lifted = Referring(schema!).AsObject();

            // Bodies of requests have names in lower case, and they are taken at their word.
            schemas[name] = char.IsUpper(name[0]) ? Loosened(lifted) : lifted;
        }

        return new JsonObject { ["paths"] = paths, ["components"] = new JsonObject { ["schemas"] = schemas } };
    }

    /// <summary>Lays a part of a supplement over the same part of a description.</summary>
    public static void Lay(JsonObject description, JsonObject supplement, string part)
    {
        JsonObject target = description[part]!.AsObject();
        foreach ((string name, JsonNode? value) in supplement[part]!.AsObject())
        {
            if (part == "paths" && target[name] is JsonObject methods)
            {
                foreach ((string method, JsonNode? operation) in value!.AsObject())
                {
                    methods[method] = operation!.DeepClone();
                }
            }
            else
            {
                target[name] = value!.DeepClone();
            }
        }
    }

    private static void Repair(JsonObject description, JsonObject repair)
    {
        JsonArray at = repair["at"]!.AsArray();
        JsonNode place = description;
        foreach (JsonNode? part in at.SkipLast(1))
        {
            place = Step(place, part!) ?? throw new InvalidDataException($"The description has no {at.ToJsonString()}: is the repair '{repair["fault"]}' still needed?");
        }

        place[at[^1]!.GetValue<string>()] = repair["put"]!.DeepClone();
    }

    // Parameters stand in a list and are found by their name.
    private static JsonNode? Step(JsonNode place, JsonNode part) => place is JsonArray list
        ? list.FirstOrDefault(i => i?["name"]?.ToString() == part.ToString())
        : place[part.GetValue<string>()];

    private static JsonObject Operation(JsonObject operation)
    {
        JsonArray parameters = [];
        JsonObject lifted = new() { ["parameters"] = parameters, ["responses"] = new JsonObject() };
        foreach (JsonObject parameter in (operation["parameters"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (parameter["in"]!.ToString() == "body")
            {
                lifted["requestBody"] = new JsonObject { ["required"] = parameter["required"]?.DeepClone() ?? false, ["content"] = Json(parameter["schema"]!) };
                continue;
            }

            JsonObject schema = Referring(parameter).AsObject();
            foreach (string word in new[] { "in", "name", "required", "description", "example" })
            {
                schema.Remove(word);
            }

            parameters.Add(new JsonObject { ["in"] = parameter["in"]!.DeepClone(), ["name"] = parameter["name"]!.DeepClone(), ["required"] = parameter["required"]?.DeepClone() ?? false, ["schema"] = schema });
        }

        foreach ((string status, JsonNode? response) in operation["responses"]!.AsObject())
        {
            lifted["responses"]![status] = response?["schema"] is JsonObject schema && schema["type"]?.ToString() != "file" ? new JsonObject { ["content"] = Json(OneOrMany((JsonObject)schema.DeepClone())) } : [];
        }

        return lifted;
    }

    private static JsonObject Json(JsonNode schema) => new() { ["application/json"] = new JsonObject { ["schema"] = Referring(schema) } };

    // In what the forge answers, the generator writes "string" for every member whose type nobody said, and one thing for a list
    // of them; it never says what may be null.
    private static JsonObject Loosened(JsonObject schema)
    {
        foreach ((_, JsonNode? member) in schema["properties"] as JsonObject ?? [])
        {
            JsonObject there = Loosened(OneOrMany(member!.AsObject()));
            if (there["type"] is JsonValue type && type.ToString() == "string" && there["format"] is null)
            {
                there.Remove("type");
            }

            there["nullable"] = true;
        }

        return schema;
    }

    private static JsonObject OneOrMany(JsonObject schema)
    {
        if (schema["$ref"] is { } reference)
        {
            schema.Remove("$ref");
            JsonObject one = new() { ["$ref"] = reference.DeepClone() };
            schema["anyOf"] = new JsonArray(one.DeepClone(), new JsonObject { ["type"] = "array", ["items"] = one });
        }

        return schema;
    }

    private static JsonNode Referring(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                JsonObject copy = [];
                foreach ((string name, JsonNode? value) in members)
                {
                    copy[name] = (name, value) switch
                    {
                        ("$ref", JsonValue) => value.ToString().Replace("#/definitions/", "#/components/schemas/", StringComparison.Ordinal),
                        // Words of the generator's own language that got into the description.
                        ("type", JsonValue) when value.ToString() is "symbol" or "text" => "string",
                        _ => value is null ? null : Referring(value),
                    };
                }

                return copy;
            case JsonArray items:
                return new JsonArray([.. items.Select(i => i is null ? null : Referring(i))]);
            default:
                return node.DeepClone();
        }
    }
}
