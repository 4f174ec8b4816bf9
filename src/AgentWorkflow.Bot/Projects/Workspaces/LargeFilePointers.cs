using System.Text;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Projects.Workspaces;

/// <summary>Finds files that only point to their contents (Git LFS): what they stand for is not fetched, so nothing may be concluded from them.</summary>
internal static class LargeFilePointers
{
    // A pointer has three lines of known length; extensions make it a little longer.
    private const long Shortest = 120;
    private const long Longest = 300;
    private const int MostRead = 5_000;

    private static readonly byte[] s_first = Encoding.ASCII.GetBytes("version https://git-lfs.github.com/spec/");

    /// <summary>The pointers of a tree.</summary>
    public static async Task<IReadOnlyList<LeftAlone>> FindAsync(WorkspaceTree tree, IContentStore contents, CancellationToken cancellationToken)
    {
        List<LeftAlone> found = [];
        byte[] start = new byte[s_first.Length];
        foreach ((Engine.Identity.RepoPath path, FileEntry entry) in tree.Files.Where(f => f.Value.Size is >= Shortest and <= Longest).Take(MostRead))
        {
            await using Stream content = contents.OpenRead(entry.Sha256);
            await content.ReadExactlyAsync(start, cancellationToken);
            if (start.AsSpan().SequenceEqual(s_first))
            {
                found.Add(new LeftAlone(path.Value, "a pointer to a large file (Git LFS), whose content was not fetched"));
            }
        }

        return found;
    }
}
