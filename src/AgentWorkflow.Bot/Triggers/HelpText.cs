using System.Text;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>The answer to <c>/generate help</c>: the commands, and the workflows of this repository with their inputs.</summary>
internal static class HelpText
{
    private const int MostWorkflows = 30;
    private const int MostInputs = 12;

    /// <summary>The text.</summary>
    public static string Compose(TriggerScene scene)
    {
        string word = scene.Policy.Prefix == CommandsOptions.Both ? "aw" : scene.Policy.Prefix;
        StringBuilder text = new("As the first line of a comment:\n\n");
        foreach ((string usage, string does) in CommandRules.Words)
        {
            text.Append("- `/").Append(word).Append(' ').Append(usage).Append("` ").Append(does).Append('\n');
        }

        text.Append(scene.Policy.Prefix == CommandsOptions.Both ? "\nEach also without `aw`: `/generate`. " : "\n").Append("Workflows here:\n\n");
        List<Workflow> here = [.. scene.Workflows.Where(w => !BuiltIn.IsInternal(w))];
        foreach (Workflow workflow in here.Take(MostWorkflows))
        {
            text.Append("- **").Append(workflow.Name).Append("**").Append(workflow.Description is { } what ? $": {InertText.Of(what, 200)}" : "").Append(Started(workflow, word)).Append(Inputs(workflow)).Append('\n');
        }

        return text.Append(here.Count > MostWorkflows ? $"- and {here.Count - MostWorkflows} more\n" : "").ToString();
    }

    private static string Started(Workflow workflow, string word)
    {
        List<string> by = [];
        by.AddRange(workflow.On.Command is { } command ? [$"`/{word} {command}`"] : []);
        by.AddRange(workflow.On.Manual && workflow.On.Command is null ? [$"`/{word} generate {workflow.Name}`"] : []);
        by.AddRange(workflow.On.IssueLabels.Take(5).Select(l => $"the label {InertText.Of(l, 60)}"));
        by.AddRange(workflow.On.PushPaths.Count > 0 ? ["a push"] : []);
        by.AddRange(workflow.On.Schedules.Take(3).Select(s => $"the schedule `{s}`"));
        return by.Count == 0 ? "" : $"; started by {string.Join(", ", by)}";
    }

    private static string Inputs(Workflow workflow) => workflow.Inputs.Count == 0 ? "" : "; inputs: " + string.Join(", ", workflow.Inputs.Take(MostInputs).Select(Input));

    private static string Input(WorkflowInput input)
    {
        string kind = input.Options.Count > 0 ? string.Join(", ", input.Options.Take(10).Select(o => InertText.Of(o, 60))) : input.Type;
        string value = input.Default is { } given ? $", {InertText.Of(given.ToString(), 60)} unless told" : input.Required ? ", must be given" : "";
        return $"`{input.Name}` ({kind}{value})";
    }
}
