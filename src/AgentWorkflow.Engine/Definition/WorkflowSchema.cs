using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition.Raw;
using AgentWorkflow.Engine.Expressions;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Engine.Definition;

/// <summary>The JSON Schema (draft 2020-12) of the workflow language, made from the records that the parser reads.</summary>
public static class WorkflowSchema
{
    private const string Expression = "#/$defs/expression";

    /// <summary>The schema with the step types of a registry.</summary>
    public static JsonObject Create(StepRegistry registry)
    {
        JsonObject definitions = new()
        {
            ["expression"] = new JsonObject { ["type"] = "string", ["pattern"] = @"\$\{\{", ["description"] = "A text with ${{ }}." },
        };
        JsonObject root = new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "AgentWorkflow workflow",
        };
        foreach ((string name, JsonNode? value) in RecordSchema(RawShape.Of(typeof(RawWorkflow)), definitions).ToList())
        {
            root[name] = value?.DeepClone();
        }

        AddStepTypes(definitions, registry);
        root["$defs"] = definitions;
        return root;
    }

    /// <summary>The schema as indented text that ends with a line break.</summary>
    public static string Print(StepRegistry registry) => Create(registry).ToJsonString(Values.Indented) + "\n";

    private static JsonObject RecordSchema(RawShape shape, JsonObject definitions)
    {
        JsonObject properties = [];
        JsonArray required = [];
        foreach (RawKey key in shape.Keys)
        {
            JsonObject value = KeySchema(key, definitions);
            value["description"] = key.Description;
            properties[key.Name] = value;
            if (key.IsRequired)
            {
                required.Add(key.Name);
            }
        }

        JsonObject schema = new() { ["description"] = shape.Description, ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        schema["additionalProperties"] = false;
        return schema;
    }

    private static JsonObject KeySchema(RawKey key, JsonObject definitions)
    {
        switch (key.Kind)
        {
            case RawKind.List:
                JsonObject element = ValueSchema(key, key.ElementKind, definitions);
                JsonObject list = new() { ["type"] = "array", ["items"] = element };
                if (key.Count is var (least, most))
                {
                    list["minItems"] = least;
                    list["maxItems"] = most;
                }

                return key.OneOrMany ? new JsonObject { ["anyOf"] = new JsonArray(element.DeepClone(), list) } : list;
            case RawKind.Table:
                return new JsonObject
                {
                    ["type"] = "object",
                    ["propertyNames"] = new JsonObject { ["pattern"] = key.Pattern },
                    ["additionalProperties"] = Reference(key.Element, definitions),
                };
            default:
                return ValueSchema(key, key.Kind, definitions);
        }
    }

    private static JsonObject ValueSchema(RawKey key, RawKind kind, JsonObject definitions)
    {
        switch (kind)
        {
            case RawKind.Record:
                return Reference(key.Element, definitions);
            case RawKind.Text:
                JsonObject text = new() { ["type"] = "string" };
                Set(text, "enum", key.Allowed.Count > 0 ? new JsonArray([.. key.Allowed.Select(a => JsonValue.Create(a))]) : null);
                Set(text, "pattern", key.Pattern);
                Set(text, "minLength", key.Allowed.Count > 0 || key.Pattern is not null ? null : 1);
                Set(text, "maxLength", key.MaxLength);
                return text;
            case RawKind.Whole or RawKind.Number:
                JsonObject number = new() { ["type"] = kind == RawKind.Whole ? "integer" : "number" };
                Set(number, "minimum", key.Range?.Least);
                Set(number, "maximum", key.Range?.Most);
                return number;
            case RawKind.Truth:
                return new JsonObject { ["type"] = "boolean" };
            case RawKind.Duration:
                return new JsonObject
                {
                    ["anyOf"] = new JsonArray(
                        new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = 86_400 },
                        new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{1,7}(s|m|h)?$" }),
                };
            case RawKind.Scalar:
                return new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") };
            case RawKind.Mapping:
                return new JsonObject { ["type"] = "object" };
            default:
                return new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "array" }, new JsonObject { ["$ref"] = Expression }) };
        }
    }

    private static JsonObject Reference(Type? type, JsonObject definitions)
    {
        RawShape shape = RawShape.Of(type ?? typeof(RawWorkflow));
        string name = JsonNamingPolicy.KebabCaseLower.ConvertName(shape.Type.Name["Raw".Length..]);
        if (!definitions.ContainsKey(name))
        {
            definitions[name] = new JsonObject();
            definitions[name] = RecordSchema(shape, definitions);
        }

        JsonObject reference = new() { ["$ref"] = $"#/$defs/{name}" };
        return shape.Shorthand is null ? reference : new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, reference) };
    }

    // `with` depends on `uses`: one condition a step type.
    private static void AddStepTypes(JsonObject definitions, StepRegistry registry)
    {
        JsonArray conditions = [];
        foreach (IStepType type in registry.Types)
        {
            JsonObject inputs = InputSchema.WithExpressions(type, Expression);
            JsonObject then = new() { ["properties"] = new JsonObject { ["with"] = new JsonObject { ["$ref"] = $"#/$defs/with_{type.Kind}" } } };
            if (inputs["required"] is JsonArray { Count: > 0 })
            {
                then["required"] = new JsonArray("with");
            }

            definitions[$"with_{type.Kind}"] = inputs;
            conditions.Add(new JsonObject
            {
                ["if"] = new JsonObject { ["properties"] = new JsonObject { ["uses"] = new JsonObject { ["const"] = type.Kind } }, ["required"] = new JsonArray("uses") },
                ["then"] = then,
            });
        }

        if (definitions["step"] is JsonObject step && step["properties"]?["uses"] is JsonObject uses)
        {
            uses["enum"] = new JsonArray([.. registry.Types.Select(t => JsonValue.Create(t.Kind))]);
            uses.Remove("minLength");
            Set(step, "allOf", conditions.Count > 0 ? conditions : null);
        }
    }

    private static void Set(JsonObject schema, string keyword, JsonNode? value)
    {
        if (value is not null)
        {
            schema[keyword] = value;
        }
    }
}
