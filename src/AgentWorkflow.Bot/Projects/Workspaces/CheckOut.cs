using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Projects.Workspaces;

/// <summary>Writes a tree into an empty folder of the host. It makes every folder and file itself, so no link is ever followed.</summary>
internal static class CheckOut
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Writes all files.</summary>
    /// <exception cref="IOException">The folder is not empty, or the disk refuses.</exception>
    public static async Task WriteAsync(IContentStore contents, WorkspaceTree tree, string folder, CancellationToken cancellationToken)
    {
        string root = Path.GetFullPath(folder);
        var info = new DirectoryInfo(root);
        if (info.LinkTarget is not null || (info.Exists && info.EnumerateFileSystemInfos().Any()))
        {
            throw new IOException($"'{root}' is not an empty folder.");
        }

        info.Create();
        var made = new HashSet<string>(StringComparer.Ordinal);
        foreach ((RepoPath path, FileEntry entry) in tree.Files)
        {
            string parent = root;
            string[] parts = path.Value.Split('/');
            foreach (string part in parts[..^1])
            {
                parent = Path.Combine(parent, part);
                if (made.Add(parent))
                {
                    Directory.CreateDirectory(parent);
                }
            }

            await WriteAsync(contents, entry, Path.Combine(parent, parts[^1]), cancellationToken);
        }
    }

    private static async Task WriteAsync(IContentStore contents, FileEntry entry, string place, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0, Options = FileOptions.Asynchronous };
        await using var file = new FileStream(place, options);
        await using Stream content = contents.OpenRead(entry.Sha256);
        await content.CopyToAsync(file, cancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            // Set on the open file, because the mode given at creation passes through the umask.
            File.SetUnixFileMode(file.SafeFileHandle, entry.Executable ? Executable : Plain);
        }
    }
}
