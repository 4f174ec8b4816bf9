using System.ComponentModel;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Bot.Steps.FileGeneration;

/// <summary>What <c>with</c> of a <c>file_generation</c> step says.</summary>
internal sealed record FileGenerationInputs
{
    /// <summary>The template.</summary>
    [Description("The template: a built-in stack, a folder of .agentworkflow/templates, or 'ci' for the CI configuration of the template in use.")]
    public string? Template { get; init; }

    /// <summary>The template of a repository that holds nothing yet.</summary>
    [Description("The template where 'template' is null and the repository holds no more than README, licence and our folder. In one that holds a project the step then fails with the choices: nothing is added to it unless somebody says what.")]
    public string? TemplateWhenNew { get; init; }

    /// <summary>Inline files.</summary>
    [Description("Files written as they are: path to text. Instead of a template, or besides it.")]
    public IReadOnlyDictionary<string, string>? Files { get; init; }

    /// <summary>The template's model.</summary>
    [Description("What the template reads. Built-in stacks take the outputs of a requirements step, and find them themselves where this is not given.")]
    public JsonNode? Values { get; init; }

    /// <summary>The part.</summary>
    [Description("Which part of the template: scaffold (default), code, tests, docs or ci.")]
    public string? Part { get; init; }

    /// <summary>The folder.</summary>
    [Description("A folder of the repository to generate into, and to run the template's commands in; the root where it is not given.")]
    public string? Directory { get; init; }
}
