using System.Text.RegularExpressions;

using AgentWorkflow.Engine.Definition.Raw;
using AgentWorkflow.Engine.Definition.Yaml;
using AgentWorkflow.Engine.Expressions;
using AgentWorkflow.Engine.Planning;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Engine.Definition;

/// <summary>Raw to valid: the rules that one key alone cannot tell.</summary>
internal sealed class WorkflowBuilder(string path, SourceText source, DiagnosticBag diagnostics, StepRegistry registry)
{
    private readonly TemplateReader _templates = new(source, diagnostics);

    /// <summary>The workflow. It counts only when the bag has no error.</summary>
    public Workflow Build(RawWorkflow raw)
    {
        Permissions permissions = BuildPermissions(raw.Permissions);
        StepsBuilder steps = new(_templates, diagnostics, registry);
        IReadOnlyList<Step> built = steps.Build(raw.Steps?.Items ?? [], permissions);
        IReadOnlyList<WorkflowInput> inputs = new InputsBuilder(diagnostics).Build(raw.Inputs);
        Template? group = raw.Concurrency?.Group is { } text ? _templates.Read(text) : null;

        StepGraph graph = steps.Graph;
        ExpressionCheck check = new(diagnostics, graph, steps.Facts, [.. raw.Inputs?.Entries.Select(e => e.Key.Value) ?? []]);
        steps.CheckExpressions(check);
        foreach (ParsedExpression expression in group?.Expressions ?? [])
        {
            check.Check(expression, new ExpressionScope("'concurrency'", null, Item: false, Status: false));
        }

        return new Workflow
        {
            Name = BuildName(raw),
            Description = raw.Description?.Value,
            Path = path,
            On = BuildTriggers(raw.On),
            Inputs = inputs,
            Permissions = permissions,
            Concurrency = group is null ? null : new Concurrency(group, raw.Concurrency?.CancelInProgress?.Value ?? false),
            Limits = new Limits(TimeSpan.FromMinutes(raw.Limits?.Minutes?.Value ?? 30), raw.Limits?.CostUsd?.Value, (int)(raw.Limits?.Files?.Value ?? 200)),
            Steps = built,
        };
    }

    private string BuildName(RawWorkflow raw)
    {
        string name = raw.Name?.Value ?? System.IO.Path.GetFileNameWithoutExtension(path);
        SourcePosition at = raw.Name?.Position ?? raw.Position;
        if (ReservedWords.Workflows.Contains(name))
        {
            diagnostics.Error(at, Codes.ReservedWord, $"the name '{name}' is one of the bot's own words; choose another.");
        }
        else if (raw.Name is null && !Regex.IsMatch(name, Names.Workflow, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)) && !diagnostics.HasErrors)
        {
            diagnostics.Error(
                at, Codes.BadName, $"the file's name is no name for a workflow ({Names.InWords(Names.Workflow)}); add the key 'name'.", Names.Repair(name, Names.Workflow));
        }

        return name;
    }

    private Triggers BuildTriggers(RawTriggers? on)
    {
        if (on?.Command is { } command && ReservedWords.Commands.Contains(command.Value))
        {
            diagnostics.Error(command.Position, Codes.ReservedWord, $"/{command.Value} is one of the bot's own commands; choose another word.");
        }

        if (on is { Command: null, Issues: null, Push: null, Schedule: null or { Items.Count: 0 }, Manual: null or { Value: false } } && !diagnostics.HasErrors)
        {
            diagnostics.Error(on.Position, Codes.NoTrigger, "'on' names nothing that starts the workflow; add command, issues, push, schedule or 'manual: true'.");
        }

        foreach (Located<string> cron in on?.Schedule?.Items.Select(s => s.Cron).OfType<Located<string>>() ?? [])
        {
            CheckCron(cron);
        }

        foreach (Located<string> glob in on?.Push?.Paths?.Items ?? [])
        {
            if (!PathGlob.TryParse(glob.Value, out _, out string? refusal))
            {
                diagnostics.Error(glob.Position, Codes.BadGlob, $"{refusal}.");
            }
        }

        return new Triggers(
            on?.Command?.Value,
            [.. on?.Issues?.Labels?.Items.Select(l => l.Value) ?? []],
            [.. on?.Push?.Paths?.Items.Select(p => p.Value) ?? []],
            [.. on?.Schedule?.Items.Select(s => s.Cron?.Value).OfType<string>() ?? []],
            on?.Manual?.Value ?? false);
    }

    private void CheckCron(Located<string> cron)
    {
        string[] fields = cron.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            diagnostics.Error(cron.Position, Codes.BadCron, $"'{cron.Value}' has {fields.Length} fields; a schedule has five: minute, hour, day of month, month, day of week (UTC).");
            return;
        }

        try
        {
            _ = Cronos.CronExpression.Parse(cron.Value, Cronos.CronFormat.Standard);
        }
        catch (Cronos.CronFormatException e)
        {
            diagnostics.Error(cron.Position, Codes.BadCron, $"'{cron.Value}' is no schedule: {e.Message.TrimEnd('.')}.");
        }
    }

    private static Permissions BuildPermissions(RawPermissions? raw)
    {
        return new Permissions(Write(raw?.Contents), Write(raw?.PullRequests), Write(raw?.Issues), Write(raw?.Checks));

        static bool Write(Located<string>? value) => value?.Value == "write";
    }
}
