using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Engine.Workspaces;

/// <summary>
/// The files a step works on: as its needs left them, plus what it writes. Every write passes the output gate, which
/// enforces path rules, declared globs, powerful files and quotas; nothing reaches a disk outside the content store.
/// </summary>
public interface IWorkspace
{
    /// <summary>The files as they are now.</summary>
    WorkspaceTree Tree { get; }

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="FileNotFoundException">There is no such file in the tree.</exception>
    Task<Stream> OpenReadAsync(RepoPath path, CancellationToken cancellationToken);

    /// <summary>Adds or replaces a file.</summary>
    /// <exception cref="WorkspaceRefusedException">A rule forbids it; nothing was written.</exception>
    Task WriteAsync(RepoPath path, ReadOnlyMemory<byte> content, bool executable, CancellationToken cancellationToken);

    /// <summary>Removes a file; removing one that is not there changes nothing.</summary>
    /// <exception cref="WorkspaceRefusedException">A rule forbids it.</exception>
    void Delete(RepoPath path);

    /// <summary>Writes all files below an empty folder of the host.</summary>
    Task CheckOutAsync(string folder, CancellationToken cancellationToken);
}

/// <summary>The output gate refused a write. The message is one sentence with the path and the rule.</summary>
public sealed class WorkspaceRefusedException(string code, string message) : Exception(message)
{
    /// <summary>The stable code, <c>AWnnnn</c>.</summary>
    public string Code { get; } = code;
}
