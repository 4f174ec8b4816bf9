using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Projects.Workspaces;

/// <summary>A workspace of our own steps: several files at once, and another policy for steps whose files are not a model's.</summary>
internal interface IPolicyWorkspace : IWorkspace
{
    /// <summary>The same files under another policy; limits are never widened.</summary>
    IWorkspace Under(WritePolicy policy);

    /// <summary>Adds or replaces files, all or none.</summary>
    /// <exception cref="WorkspaceRefusedException">A rule forbids one of them; nothing was written.</exception>
    Task WriteAllAsync(IReadOnlyList<NewFile> files, CancellationToken cancellationToken);
}

/// <summary>A file to write.</summary>
internal sealed record NewFile(RepoPath Path, ReadOnlyMemory<byte> Content, bool Executable);
