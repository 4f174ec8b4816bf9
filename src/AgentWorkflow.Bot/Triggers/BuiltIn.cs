using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>The workflows that ship with the program and stand behind words of the bot's own: nobody starts them by name.</summary>
internal static class BuiltIn
{
    /// <summary>Behind <c>/generate init</c>.</summary>
    public const string Init = "first-workflow";

    /// <summary>Behind <c>/export</c>.</summary>
    public const string Export = "archive";

    /// <summary>True for a workflow behind a word of the bot's own. A repository's file has a folder in its path, a built-in one has none.</summary>
    public static bool IsInternal(Workflow workflow) => workflow.Name is Init or Export && !workflow.Path.Contains('/', StringComparison.Ordinal);
}
