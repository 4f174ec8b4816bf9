using System.Security.Cryptography;
using System.Text;

using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Steps.Command;

/// <summary>A workspace in memory, with a gate that refuses one folder.</summary>
internal sealed class FolderWorkspace : IWorkspace
{
    private readonly Dictionary<string, byte[]> _contents = [];

    public WorkspaceTree Tree { get; private set; } = WorkspaceTree.Empty;

    public string Text(string path) => Encoding.UTF8.GetString(_contents[path]);

    public FolderWorkspace With(string path, string text, bool executable = false)
    {
        Put(RepoPath.Parse(path), Encoding.UTF8.GetBytes(text), executable);
        return this;
    }

    public Task<Stream> OpenReadAsync(RepoPath path, CancellationToken cancellationToken) =>
        Task.FromResult<Stream>(new MemoryStream(_contents[path.Value]));

    public Task WriteAsync(RepoPath path, ReadOnlyMemory<byte> content, bool executable, CancellationToken cancellationToken)
    {
        if (path.Value.StartsWith("forbidden/", StringComparison.Ordinal))
        {
            throw new WorkspaceRefusedException("AW1500", $"'{path}' is forbidden.");
        }

        Put(path, content.ToArray(), executable);
        return Task.CompletedTask;
    }

    public void Delete(RepoPath path) => Tree = Tree.Without(path);

    public async Task CheckOutAsync(string folder, CancellationToken cancellationToken)
    {
        foreach ((RepoPath path, FileEntry entry) in Tree.Files)
        {
            string file = Path.Combine(folder, path.Value);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, _contents[path.Value], cancellationToken);
            if (!OperatingSystem.IsWindows() && entry.Executable)
            {
                File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
            }
        }
    }

    private void Put(RepoPath path, byte[] content, bool executable)
    {
        _contents[path.Value] = content;
        Tree = Tree.With(path, new FileEntry(Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, executable));
    }
}
