using System.CommandLine;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Cli;

/// <summary><c>steps</c> lists the step types, <c>steps show NAME</c> prints one with its inputs.</summary>
internal static class StepsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Func<StepRegistry> steps)
    {
        Argument<string> name = new("name") { Description = "The step type." };
        Command show = new("show", "Prints a step type with its inputs and outputs.") { name };
        show.SetAction((result, _) => ShowAsync(steps(), result.GetValue(name) ?? "", result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        Command command = new("steps", "Lists the step types.") { show };
        command.SetAction((result, _) => ListAsync(steps(), result.InvocationConfiguration.Output));
        return command;
    }

    private static async Task<int> ListAsync(StepRegistry steps, TextWriter output)
    {
        int width = steps.Types.Select(t => t.Kind.Length).DefaultIfEmpty(0).Max();
        foreach (IStepType type in steps.Types)
        {
            await output.WriteLineAsync($"{type.Kind.PadRight(width)}  {type.Summary}");
        }

        return 0;
    }

    private static async Task<int> ShowAsync(StepRegistry steps, string name, TextWriter output, TextWriter error)
    {
        if (steps.Find(name) is not { } type)
        {
            string reason = StepRegistry.Announced.TryGetValue(name, out string? sentence)
                ? $"{sentence}."
                : $"there is no step type '{name}'.{(NearestName.Of(name, steps.Types.Select(t => t.Kind)) is { } nearest ? $" Did you mean '{nearest}'?" : " 'steps' lists them.")}";
            await error.WriteLineAsync($"error AW2552: {reason}");
            return 2;
        }

        await output.WriteLineAsync($"{type.Kind}: {type.Summary}");
        if (type.Permissions.Count > 0)
        {
            await output.WriteLineAsync($"needs permissions: {string.Join(", ", type.Permissions.Select(p => $"{p}: write"))}");
        }

        await output.WriteLineAsync("\nwith:");
        foreach (InputDescription input in InputDescription.Of(type))
        {
            string standard = input.IsRequired ? ", required" : input.Default is null ? "" : $", default {input.Default}";
            await output.WriteLineAsync($"  {input.Name} ({input.Value.Replace("`", "")}{standard})\n      {input.Description}");
        }

        await output.WriteLineAsync("\noutputs:");
        foreach (StepOutput result in type.Outputs)
        {
            await output.WriteLineAsync($"  {result.Name}\n      {result.Description}");
        }

        return 0;
    }
}
