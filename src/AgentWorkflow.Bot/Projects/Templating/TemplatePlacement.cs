using System.Text;

using AgentWorkflow.Bot.Projects.Detection;
using AgentWorkflow.Bot.Projects.Workspaces;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>Puts rendered files into a workspace, all of them or none.</summary>
internal static class TemplatePlacement
{
    /// <summary>Writes the files as their <c>when-exists</c> says.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="files">The rendered files.</param>
    /// <param name="baseTree">The repository before the run. Where it holds nothing of its own yet, a README is only its first line: it is replaced.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="WorkspaceRefusedException">A rule forbids one of them, or it exists and must not; nothing was written.</exception>
    public static async Task<Placement> PlaceAsync(IWorkspace workspace, IReadOnlyList<RenderedFile> files, WorkspaceTree baseTree, CancellationToken cancellationToken)
    {
        bool isNew = RepositorySurvey.IsNew(baseTree);
        var skipped = new List<RepoPath>();
        var writes = new List<NewFile>();
        foreach (RenderedFile file in files)
        {
            if (!workspace.Tree.Files.TryGetValue(file.Path, out FileEntry? there))
            {
                writes.Add(new NewFile(file.Path, file.Content, file.Executable));
                continue;
            }

            switch (isNew && RepositorySurvey.IsNamed(file.Path.Value, "README") ? WhenExists.Replace : file.WhenExists)
            {
                case WhenExists.Fail:
                    throw new WorkspaceRefusedException("AW1514", $"'{file.Path}' is there already, and the template says 'when-exists: fail'; move it away or use another folder.");
                case WhenExists.Skip:
                    skipped.Add(file.Path);
                    break;
                case WhenExists.Append:
                    ReadOnlyMemory<byte> joined = await AppendAsync(workspace, file, there, cancellationToken);
                    writes.Add(new NewFile(file.Path, joined, there.Executable || file.Executable));
                    break;
                default:
                    writes.Add(new NewFile(file.Path, file.Content, file.Executable));
                    break;
            }
        }

        await WriteAsync(workspace, writes, cancellationToken);
        return new Placement([.. writes.Select(w => w.Path)], skipped);
    }

    private static async Task WriteAsync(IWorkspace workspace, IReadOnlyList<NewFile> writes, CancellationToken cancellationToken)
    {
        if (workspace is IPolicyWorkspace whole)
        {
            await whole.WriteAllAsync(writes, cancellationToken);
            return;
        }

        foreach (NewFile file in writes)
        {
            await workspace.WriteAsync(file.Path, file.Content, file.Executable, cancellationToken);
        }
    }

    // Adding the same text again changes nothing, so that a second run finds the file as the first left it.
    private static async Task<ReadOnlyMemory<byte>> AppendAsync(IWorkspace workspace, RenderedFile file, FileEntry there, CancellationToken cancellationToken)
    {
        byte[] old = new byte[there.Size];
        await using (Stream stream = await workspace.OpenReadAsync(file.Path, cancellationToken))
        {
            await stream.ReadExactlyAsync(old, cancellationToken);
        }

        if (old.AsSpan().IndexOf(file.Content.Span) >= 0)
        {
            return old;
        }

        byte[] separator = old.Length == 0 || old[^1] == (byte)'\n' ? [] : Encoding.UTF8.GetBytes("\n");
        return (byte[])[.. old, .. separator, .. file.Content.Span];
    }
}

/// <summary>What became of rendered files.</summary>
/// <param name="Written">Files added or changed.</param>
/// <param name="Skipped">Files left as they were.</param>
internal sealed record Placement(IReadOnlyList<RepoPath> Written, IReadOnlyList<RepoPath> Skipped);
