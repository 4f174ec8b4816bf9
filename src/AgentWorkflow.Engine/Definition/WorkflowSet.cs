namespace AgentWorkflow.Engine.Definition;

/// <summary>The workflows of one repository, together.</summary>
public static class WorkflowSet
{
    /// <summary>What files that are valid alone make wrong together: a name or a command that two of them have.</summary>
    public static IReadOnlyList<Diagnostic> Check(IEnumerable<Workflow> workflows)
    {
        List<Diagnostic> diagnostics = [];
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        Dictionary<string, string> commands = new(StringComparer.Ordinal);
        foreach (Workflow workflow in workflows.OrderBy(w => w.Path, StringComparer.Ordinal))
        {
            if (!names.TryAdd(workflow.Name, workflow.Path))
            {
                diagnostics.Add(Taken(workflow, $"the name '{workflow.Name}' is taken by {names[workflow.Name]}; give this workflow another."));
            }

            if (workflow.On.Command is { } command && !commands.TryAdd(command, workflow.Path))
            {
                diagnostics.Add(Taken(workflow, $"the command /{command} is taken by {commands[command]}; give this workflow another."));
            }
        }

        return diagnostics;
    }

    private static Diagnostic Taken(Workflow workflow, string message) => new(workflow.Path, 1, 1, Severity.Error, Codes.NameTaken, message);
}
