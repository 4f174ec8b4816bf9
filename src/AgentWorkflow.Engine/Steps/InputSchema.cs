using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

using Microsoft.Extensions.AI;

namespace AgentWorkflow.Engine.Steps;

/// <summary>The JSON Schema of a step type's inputs, for editors, the builder and the reference.</summary>
public static class InputSchema
{
    /// <summary>The schema as the record says it: every value is written out.</summary>
    public static JsonObject Of(IStepType type) => Create(type, AsWritten);

    /// <summary>The schema of <c>with</c> in a file: a value may also be an expression.</summary>
    /// <param name="type">The step type.</param>
    /// <param name="expression">The reference to the schema of a text with expressions.</param>
    public static JsonObject WithExpressions(IStepType type, string expression) =>
        Create(type, (context, schema) => OrExpression(AsWritten(context, schema), context, expression));

    private static JsonObject Create(IStepType type, Func<AIJsonSchemaCreateContext, JsonNode, JsonNode> transform)
    {
        AIJsonSchemaCreateOptions options = new() { TransformSchemaNode = transform };
        JsonNode? schema = JsonNode.Parse(AIJsonUtilities.CreateJsonSchema(type.InputsType, serializerOptions: InputContract.Options, inferenceOptions: options).GetRawText());
        JsonObject record = schema as JsonObject ?? [];
        AddDefaults(type.InputsType, record);
        return record;
    }

    // The library knows the defaults of constructors; those of properties are in a fresh instance.
    private static void AddDefaults(Type type, JsonObject schema)
    {
        if (type.GetConstructor(Type.EmptyTypes) is not { } constructor || schema["properties"] is not JsonObject properties)
        {
            return;
        }

        object fresh = constructor.Invoke(null);
        HashSet<string> required = [.. (schema["required"] as JsonArray ?? []).Select(r => r?.ToString() ?? "")];
        foreach (JsonPropertyInfo property in InputContract.Options.GetTypeInfo(type).Properties.Where(p => !required.Contains(p.Name)))
        {
            object? value = property.Get?.Invoke(fresh);
            if (value is null or ICollection { Count: 0 } || properties[property.Name] is not JsonObject described || described.ContainsKey("default"))
            {
                continue;
            }

            described["default"] = JsonSerializer.SerializeToNode(value, property.PropertyType, InputContract.Options);
        }
    }

    private static JsonNode AsWritten(AIJsonSchemaCreateContext context, JsonNode schema)
    {
        object? converter = context.PropertyInfo?.CustomConverter ?? (context.TypeInfo.Converter as object);
        if (converter is not IInputFormat format)
        {
            return schema;
        }

        JsonObject written = format.Schema.DeepClone() as JsonObject ?? [];
        Move("description", schema as JsonObject, written);
        Move("default", schema as JsonObject, written);
        return written;
    }

    private static JsonNode OrExpression(JsonNode schema, AIJsonSchemaCreateContext context, string expression)
    {
        bool isRoot = context.Path.IsEmpty;
        if (isRoot || schema is not JsonObject value || AcceptsAnyText(value))
        {
            return schema;
        }

        JsonObject outer = [];
        Move("description", value, outer);
        Move("default", value, outer);
        outer["anyOf"] = new JsonArray(value, new JsonObject { ["$ref"] = expression });
        return outer;
    }

    private static bool AcceptsAnyText(JsonObject schema)
    {
        bool isText = schema["type"] switch
        {
            JsonValue one => one.ToString() == "string",
            JsonArray many => many.Any(t => t?.ToString() == "string"),
            _ => schema["enum"] is null && schema["anyOf"] is null && schema["$ref"] is null,
        };
        return isText && schema["enum"] is null && schema["pattern"] is null && schema["format"] is null;
    }

    private static void Move(string name, JsonObject? from, JsonObject to)
    {
        if (from is not null && from.TryGetPropertyValue(name, out JsonNode? value))
        {
            from.Remove(name);
            to[name] = value;
        }
    }
}
