using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Forges;

/// <summary>CI files for whose change a forge wants a right of its own.</summary>
internal static class CiFiles
{
    /// <summary>GitHub's folder; other forges have no such right.</summary>
    public const string Folder = ".github/workflows/";

    /// <summary>True for a path in it.</summary>
    public static bool Holds(string path) => path.StartsWith(Folder, StringComparison.OrdinalIgnoreCase);

    /// <summary>True where such files differ between two trees.</summary>
    public static bool Differ(WorkspaceTree before, WorkspaceTree after) =>
        TreeDelta.Between(before, after) is var delta && delta.Written.Keys.Concat(delta.Deleted).Any(p => Holds(p.Value));
}
