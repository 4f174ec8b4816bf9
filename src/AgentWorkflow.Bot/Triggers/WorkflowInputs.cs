using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>Turns <c>key=value</c> into a workflow's inputs: typed, defaulted, complete.</summary>
internal static class WorkflowInputs
{
    /// <summary>Binds, or says in one sentence what is wrong and what is possible.</summary>
    public static bool TryBind(
        Workflow workflow, IReadOnlyDictionary<string, string> given, [NotNullWhen(true)] out JsonObject? inputs, [NotNullWhen(false)] out string? refusal)
    {
        inputs = null;
        refusal = null;
        string? unknown = given.Keys.FirstOrDefault(k => workflow.Inputs.All(i => i.Name != k));
        if (unknown is not null)
        {
            string known = workflow.Inputs.Count == 0 ? "it has none" : $"it has {string.Join(", ", workflow.Inputs.Select(i => i.Name))}";
            refusal = $"The workflow `{workflow.Name}` has no input `{unknown}`; {known}.";
            return false;
        }

        JsonObject bound = [];
        foreach (WorkflowInput input in workflow.Inputs)
        {
            if (!TryValue(input, given.GetValueOrDefault(input.Name), out JsonNode? value))
            {
                refusal = $"The input `{input.Name}` of `{workflow.Name}` must be {Expected(input)}.";
                return false;
            }

            bound[input.Name] = value;
        }

        inputs = bound;
        return true;
    }

    private static bool TryValue(WorkflowInput input, string? text, out JsonNode? value)
    {
        value = input.Default?.DeepClone();
        if (text is null)
        {
            return !input.Required || value is not null;
        }

        value = input.Type switch
        {
            "number" => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal number) ? JsonValue.Create(number) : null,
            "boolean" => bool.TryParse(text, out bool flag) ? JsonValue.Create(flag) : null,
            "choice" => input.Options.Contains(text) ? JsonValue.Create(text) : null,
            _ => JsonValue.Create(text),
        };
        return value is not null;
    }

    private static string Expected(WorkflowInput input) => input.Type switch
    {
        "number" => "a number",
        "boolean" => "true or false",
        "choice" => $"one of {string.Join(", ", input.Options)}",
        _ => "given",
    };
}
