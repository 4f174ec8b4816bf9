namespace AgentWorkflow.Bot.Forges;

/// <summary>Where a repository keeps its workflow files, on the default branch only (promise P49).</summary>
internal static class WorkflowFolders
{
    /// <summary>The folders, each with a slash at its end.</summary>
    public static IReadOnlyList<string> All { get; } = [".agentworkflow/workflows/", ".github/agentworkflow/workflows/", ".gitlab/agentworkflow/workflows/"];

    /// <summary>True for the path of a workflow file.</summary>
    public static bool Hold(string path) =>
        All.Any(f => path.StartsWith(f, StringComparison.Ordinal) && !path[f.Length..].Contains('/'))
        && (path.EndsWith(".yml", StringComparison.Ordinal) || path.EndsWith(".yaml", StringComparison.Ordinal));
}
