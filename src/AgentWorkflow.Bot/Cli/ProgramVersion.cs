namespace AgentWorkflow.Bot.Cli;

/// <summary>The program's version.</summary>
internal static class ProgramVersion
{
    /// <summary>Three numbers, as people say it.</summary>
    public static string Short { get; } = typeof(ProgramVersion).Assembly.GetName().Version?.ToString(3) ?? "";
}
