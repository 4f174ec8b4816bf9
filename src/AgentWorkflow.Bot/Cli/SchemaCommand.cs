using System.CommandLine;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Cli;

/// <summary><c>schema</c>: prints the JSON Schema of the workflow language.</summary>
internal static class SchemaCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Func<StepRegistry> steps)
    {
        Command command = new("schema", "Prints the JSON Schema of the workflow language, for editors.");
        command.SetAction(async (result, _) =>
        {
            await result.InvocationConfiguration.Output.WriteAsync(WorkflowSchema.Print(steps()));
            return 0;
        });
        return command;
    }
}
