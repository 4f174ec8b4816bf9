using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Expressions;

namespace AgentWorkflow.Engine.Steps;

/// <summary>Turns evaluated <c>with</c> values into a step's inputs record, naming the field that does not fit.</summary>
public static class InputBinder
{
    /// <summary>How inputs are read and written: names in kebab-case, nothing unknown, nothing guessed.</summary>
    public static JsonSerializerOptions Options => InputContract.Options;

    /// <summary>
    /// Binds, or says in one sentence which field is wrong and why (<see cref="Codes.BindingFailed"/>). A null for a field
    /// that need not be given counts as not given: what a trigger lacks is null.
    /// </summary>
    public static bool TryBind(IStepType type, JsonNode? values, out object? inputs, out string? refusal)
    {
        inputs = null;
        JsonNode given = values?.DeepClone() ?? new JsonObject();
        IReadOnlyList<InputProblem> problems = InputContract.Check(type, AsTemplate(given));
        refusal = problems.Count == 0 ? null : string.Join(' ', problems.Select(Say).Take(3));
        if (refusal is not null)
        {
            return false;
        }

        try
        {
            LeaveOutNulls(Options.GetTypeInfo(type.InputsType), given);
            inputs = given.Deserialize(type.InputsType, Options);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException)
        {
            refusal = $"the inputs of '{type.Kind}' do not fit: {e.Message}";
        }

        refusal ??= inputs is null ? $"the inputs of '{type.Kind}' are nothing." : null;
        return refusal is null;
    }

    private static string Say(InputProblem problem) =>
        problem.Suggestion is null ? problem.Message : $"{problem.Message} Did you mean '{problem.Suggestion}'?";

    private static void LeaveOutNulls(JsonTypeInfo type, JsonNode? value)
    {
        if (type.Kind != JsonTypeInfoKind.Object || value is not JsonObject map)
        {
            return;
        }

        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (!map.TryGetPropertyValue(property.Name, out JsonNode? member))
            {
                continue;
            }

            if (member is null && !property.IsRequired)
            {
                map.Remove(property.Name);
            }
            else if (property.CustomConverter is null)
            {
                LeaveOutNulls(Options.GetTypeInfo(property.PropertyType), member);
            }
        }
    }

    private static Template AsTemplate(JsonNode? value)
    {
        SourcePosition nowhere = new(1, 1);
        return value switch
        {
            JsonObject map => new Template.Mapping(nowhere, [.. map.Select(m => new TemplateEntry(m.Key, nowhere, AsTemplate(m.Value)))]),
            JsonArray list => new Template.Sequence(nowhere, [.. list.Select(AsTemplate)]),
            _ => new Template.Constant(nowhere, value),
        };
    }
}
