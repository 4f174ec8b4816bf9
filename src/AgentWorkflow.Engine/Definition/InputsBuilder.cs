using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition.Raw;
using AgentWorkflow.Engine.Definition.Yaml;

namespace AgentWorkflow.Engine.Definition;

/// <summary>Builds the inputs and checks their defaults.</summary>
internal sealed class InputsBuilder(DiagnosticBag diagnostics)
{
    /// <summary>The inputs, in file order.</summary>
    public IReadOnlyList<WorkflowInput> Build(RawTable<RawInput>? raw) => [.. raw?.Entries.Select(e => Build(e.Key, e.Value)) ?? []];

    private WorkflowInput Build(Located<string> name, RawInput raw)
    {
        string type = raw.Type?.Value ?? "string";
        IReadOnlyList<string> options = [.. raw.Options?.Items.Select(o => o.Value) ?? []];
        if (type == "choice" && raw.Options is null)
        {
            diagnostics.Error(raw.Position, Codes.BadOptions, $"the choice '{name.Value}' needs 'options': the list of its values.");
        }
        else if (type != "choice" && raw.Options is { } unused)
        {
            diagnostics.Error(unused.Position, Codes.BadOptions, $"'{name.Value}' is a {type} and has no options; 'type: choice' has.");
        }

        foreach (Located<string> twice in raw.Options?.Items.GroupBy(o => o.Value, StringComparer.Ordinal).SelectMany(g => g.Skip(1)) ?? [])
        {
            diagnostics.Error(twice.Position, Codes.BadOptions, $"the option '{twice.Value}' stands here a second time.");
        }

        JsonNode? standard = raw.Default is { } node ? ReadDefault(name.Value, type, options, node) : null;
        return new WorkflowInput(name.Value, type, raw.Description?.Value, raw.Required?.Value ?? false, standard, options);
    }

    private JsonNode? ReadDefault(string name, string type, IReadOnlyList<string> options, ScalarNode node)
    {
        if (node.Text.Contains("${{", StringComparison.Ordinal))
        {
            diagnostics.Error(node.Position, Codes.BadDefault, $"the default of '{name}' is a value, not an expression.");
            return null;
        }

        if (!PlainScalar.TryRead(node, out JsonNode? value))
        {
            diagnostics.Error(node.Position, Codes.NumberTooLarge, "the number is too large.");
            return null;
        }

        JsonValueKind kind = value?.GetValueKind() ?? JsonValueKind.Null;
        string? wrong = type switch
        {
            "number" => kind == JsonValueKind.Number ? null : "a number",
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False ? null : "true or false",
            "choice" => options.Count == 0 || (kind == JsonValueKind.String && options.Contains(node.Text)) ? null : $"one of {string.Join(", ", options)}",
            _ => kind == JsonValueKind.String ? null : "text (put quotes around it)",
        };
        if (wrong is not null)
        {
            diagnostics.Error(node.Position, Codes.BadDefault, $"the default of '{name}' is {wrong}, not '{node.Text}'.", NearestName.Of(node.Text, options));
            return null;
        }

        return value;
    }
}
