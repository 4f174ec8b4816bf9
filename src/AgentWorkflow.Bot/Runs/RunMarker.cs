namespace AgentWorkflow.Bot.Runs;

/// <summary>The hidden text that tells our comments and pull requests from others'.</summary>
internal static class RunMarker
{
    /// <summary>The marker of a run.</summary>
    public static string Of(string runKey) => $"<!-- aw:{runKey} -->";
}
