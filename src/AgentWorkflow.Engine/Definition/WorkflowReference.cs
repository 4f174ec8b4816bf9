using System.Text;

using AgentWorkflow.Engine.Definition.Raw;
using AgentWorkflow.Engine.Definition.Yaml;
using AgentWorkflow.Engine.Expressions;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Engine.Definition;

/// <summary>The reference of the workflow language as Markdown, made from what the parser and the step types use.</summary>
public static class WorkflowReference
{
    private static readonly (string Title, Type Record)[] Records =
    [
        ("Workflow", typeof(RawWorkflow)),
        ("on", typeof(RawTriggers)),
        ("on.issues", typeof(RawIssues)),
        ("on.push", typeof(RawPush)),
        ("on.schedule", typeof(RawSchedule)),
        ("inputs.NAME", typeof(RawInput)),
        ("permissions", typeof(RawPermissions)),
        ("concurrency", typeof(RawConcurrency)),
        ("limits", typeof(RawLimits)),
        ("steps", typeof(RawStep)),
        ("steps.retry", typeof(RawRetry)),
    ];

    /// <summary>The whole document.</summary>
    public static string Create(StepRegistry registry)
    {
        StringBuilder text = new();
        text.Append(
            $"""
            # Workflow reference

            Made by a program from the code that reads workflows; a test keeps it up to date. Workflows are files `*.yml` under
            `.agentworkflow/workflows/` on the default branch. `agentworkflow validate FILE` checks one, `agentworkflow schema`
            prints the JSON Schema for editors.

            ## Values

            A file is one YAML document in UTF-8 of at most {SourceText.MaxBytes / 1024 / 1024} MiB, {NodeReader.MaxNodes} values and keys, {NodeReader.MaxDepth} levels, and {NodeReader.MaxTextLength} characters in one
            text. Anchors, aliases, merge keys, tags, directives and repeated keys are refused. An unquoted text is null (`null`, `~`,
            nothing), `true`, `false`, a number as JSON writes it, or else text: `no`, `0o17`, `12:30:45` and `2026-01-01` are texts.

            ## Keys


            """);
        foreach ((string title, Type record) in Records)
        {
            AddRecord(text, title, RawShape.Of(record));
        }

        AddRules(text);
        AddExpressions(text);
        AddStepTypes(text, registry);
        AddCodes(text);
        return text.Replace("\r\n", "\n").ToString();
    }

    private static void AddRecord(StringBuilder text, string title, RawShape shape)
    {
        text.Append($"### {title}\n\n{shape.Description}\n\n| key | value | |\n|---|---|---|\n");
        foreach (RawKey key in shape.Keys)
        {
            text.Append($"| `{key.Name}`{(key.IsRequired ? " (required)" : "")} | {ValueOf(key)} | {Cell(key.Description)} |\n");
        }

        text.Append('\n');
    }

    private static string ValueOf(RawKey key)
    {
        string kind = KindOf(key.Kind is RawKind.List or RawKind.Table ? key.ElementKind : key.Kind);
        string value = key.Allowed.Count > 0 ? string.Join(", ", key.Allowed.Select(a => $"`{a}`"))
            : key.Range is var (least, most) ? FormattableString.Invariant($"{kind}, {least} to {most}")
            : key.MaxLength is int length ? $"{kind}, at most {length} characters"
            : kind;
        string count = key.Count is (int fewest, int largest) && fewest != largest ? $" ({fewest} to {largest})" : "";
        return key.Kind switch
        {
            RawKind.List => key.OneOrMany ? $"{value}, or a list of them" : $"list of {value}{count}",
            RawKind.Table => $"name: {value}",
            _ => value,
        };
    }

    private static string KindOf(RawKind kind) => kind switch
    {
        RawKind.Text => "text",
        RawKind.Whole => "whole number",
        RawKind.Number => "number",
        RawKind.Truth => "`true`, `false`",
        RawKind.Duration => "time",
        RawKind.Scalar => "single value",
        RawKind.Anything => "list or expression",
        _ => "mapping",
    };

    private static void AddRules(StringBuilder text) =>
        text.Append(
            $"""
            Names of steps and inputs are {Names.InWords(Names.Simple)}.
            The bot's own commands cannot be taken: {string.Join(", ", ReservedWords.Commands.Order(StringComparer.Ordinal).Select(w => $"`{w}`"))}.
            Globs know `*`, `?` and `**`. Steps that may run side by side and have `writes` that overlap are refused.


            """);

    private static void AddExpressions(StringBuilder text)
    {
        text.Append(
            $$$"""
            ## Expressions

            `${{ }}` stands in `with`, `for-each`, `if` and `concurrency.group`. A value that is exactly one expression keeps its type; inside of
            other text it becomes text, and a list or mapping there is an error (`toJSON`, `join`). A member of null is null. At most
            {{{Expression.MaxLength}}} characters, {{{Expression.MaxDepth}}} levels.

            Values are `null`, `true`, `false`, numbers and texts in single quotes (`'it''s'`). Members are read with `.name`, `['name']` and `[0]`.
            Operators, loosest first: `??` (the right side when the left is null), `||`, `&&` (they give one of their sides, as in Actions),
            `==` `!=`, `<` `<=` `>` `>=`, `!`. Null, false, 0 and `''` are false, all else is true. Values of different types are compared as numbers;
            texts mind case.

            | context | members |
            |---|---|

            """);
        foreach (string name in Contexts.All)
        {
            string members = name switch
            {
                "inputs" => "the declared inputs",
                "steps" => "`ID.outputs` (with `for-each`: a list), `ID.outcome` (`success`, `failure`, `skipped`, `cancelled`), for each step that this one waits for",
                "item" => "the element, in a step with `for-each`",
                _ => Shape(Contexts.Fixed[name]).Trim('{', '}'),
            };
            text.Append($"| `{name}` | {(members.Contains('`', StringComparison.Ordinal) || name is "inputs" or "item" ? members : $"`{members}`")} |\n");
        }

        text.Append("\n| function | |\n|---|---|\n");
        foreach (Function function in Functions.All)
        {
            text.Append($"| `{function.Name}({function.Arguments})` | {Cell(function.Summary)}{(function.OnlyInIf ? " In `if` only." : "")} |\n");
        }

        text.Append('\n');
    }

    private static string Shape(ContextShape shape) => shape switch
    {
        ContextShape.Map map => "{" + string.Join(", ", map.Members.Select(m => m.Key + Shape(m.Value))) + "}",
        ContextShape.List => "[]",
        _ => "",
    };

    private static void AddStepTypes(StringBuilder text, StepRegistry registry)
    {
        text.Append("## Step types\n\n");
        foreach (IStepType type in registry.Types)
        {
            text.Append($"### {type.Kind}\n\n{type.Summary}\n\n");
            if (type.Permissions.Count > 0)
            {
                text.Append($"Needs the permissions {string.Join(", ", type.Permissions.Select(p => $"`{p}: write`"))}.\n\n");
            }

            AddInputs(text, InputDescription.Of(type));
            text.Append("| output | |\n|---|---|\n");
            foreach (StepOutput output in type.Outputs)
            {
                text.Append($"| `{output.Name}` | {Cell(output.Description)} |\n");
            }

            text.Append(type.OutputsAreOpen ? "\nMore outputs come from a typed answer: its top-level properties.\n\n" : "\n");
        }

        foreach ((string kind, string sentence) in StepRegistry.Announced.Where(a => registry.Find(a.Key) is null).OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            text.Append($"### {kind}\n\n{char.ToUpperInvariant(sentence[0])}{sentence[1..]}.\n\n");
        }
    }

    private static void AddInputs(StringBuilder text, IReadOnlyList<InputDescription> inputs)
    {
        if (inputs.Count == 0)
        {
            text.Append("It has no inputs.\n\n");
            return;
        }

        text.Append("| input | value | |\n|---|---|---|\n");
        foreach (InputDescription input in inputs)
        {
            string standard = input.Default is null ? "" : $" Default `{input.Default}`.";
            text.Append($"| `{input.Name}`{(input.IsRequired ? " (required)" : "")} | {Cell(input.Value)} | {Cell(input.Description)}{standard} |\n");
        }

        text.Append('\n');
    }

    private static void AddCodes(StringBuilder text)
    {
        text.Append("## Diagnostics\n\n`file:line:column: error AWnnnn: message`, all of a file at once.\n\n| code | |\n|---|---|\n");
        foreach (CodeMeaning code in Codes.All)
        {
            text.Append($"| {code.Code} | {Cell(code.Meaning)} |\n");
        }
    }

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
