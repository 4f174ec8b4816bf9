namespace AgentWorkflow.Bot.Forges;

/// <summary>The line of a commit's message that names the run which made it.</summary>
internal static class RunTrailer
{
    private const string Name = "AgentWorkflow-Run:";

    /// <summary>The run key in a message; null where there is none.</summary>
    public static string? In(string message) =>
        message.Split('\n').LastOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal))?[Name.Length..].Trim();
}
