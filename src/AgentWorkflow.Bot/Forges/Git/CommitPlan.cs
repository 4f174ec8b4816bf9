using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Forges.Git;

/// <summary>What a commit changes against its parent, and the tree that must come out: from the parent's ids and our own bytes, never from what the forge says afterwards.</summary>
/// <param name="Before">The parent's tree.</param>
/// <param name="Tree">The tree that must come out.</param>
/// <param name="Written">Files that are added or replaced.</param>
/// <param name="Deleted">Files that are taken away.</param>
internal sealed record CommitPlan(string Before, string Tree, IReadOnlyList<PlannedFile> Written, IReadOnlyList<TreeItem> Deleted)
{
    /// <summary>True where a file gets or loses its mode, which GraphQL cannot say.</summary>
    public bool ChangesModes => Written.Any(w => w.Entry.Executable != w.WasExecutable);

    /// <summary>True where CI files are written or taken away: GitHub wants a permission of its own for those.</summary>
    public bool TouchesCi => Written.Select(w => w.Path.Value).Concat(Deleted.Select(d => d.Path)).Any(CiFiles.Holds);

    /// <summary>The length of all contents in base64.</summary>
    public long Length => Written.Sum(w => (w.Entry.Size + 2) / 3 * 4);

    /// <summary>Compares.</summary>
    /// <exception cref="ForgeException">Denied: the files would take the place of what we leave alone.</exception>
    public static CommitPlan Of(TreeListing parent, CommitFiles effect, IContentStore contents)
    {
        RefuseToCover(parent, effect);
        List<(string Path, string Mode, string Id)> entries = [.. parent.Kept.Select(k => (k.Path, k.Mode.TrimStart('0'), k.Sha))];
        List<PlannedFile> written = [];
        foreach ((RepoPath path, FileEntry entry) in effect.Tree.Files)
        {
            string id = BlobOf(entry, contents);
            TreeItem? before = parent.Files.GetValueOrDefault(path);
            bool wasExecutable = before is not null && TreeListing.IsExecutable(before);
            entries.Add((path.Value, entry.Executable ? "100755" : "100644", id));
            if (before?.Sha != id || wasExecutable != entry.Executable)
            {
                written.Add(new PlannedFile(path, entry, id, before?.Sha, wasExecutable));
            }
        }

        return new CommitPlan(parent.Id, GitIds.Tree(entries), written, [.. parent.Files.Where(f => !effect.Tree.Files.ContainsKey(f.Key)).Select(f => f.Value)]);
    }

    /// <summary>The bytes of a file.</summary>
    public static byte[] ContentOf(FileEntry entry, IContentStore contents)
    {
        byte[] bytes = new byte[entry.Size];
        using Stream content = contents.OpenRead(entry.Sha256);
        content.ReadExactly(bytes);
        return bytes;
    }

    private static string BlobOf(FileEntry entry, IContentStore contents) => GitIds.Blob(ContentOf(entry, contents));

    private static void RefuseToCover(TreeListing parent, CommitFiles effect)
    {
        HashSet<string> kept = [.. parent.Kept.Select(k => k.Path)];
        foreach (TreeItem name in parent.Kept.Where(k => k.Path.Contains('\uFFFD', StringComparison.Ordinal)))
        {
            throw new ForgeException(ForgeFault.Denied, $"AW3070: The repository holds the name '{name.Path}', which is no UTF-8; no commit on it can be checked, so none is made.");
        }

        foreach (RepoPath path in kept.Count == 0 ? [] : effect.Tree.Files.Keys)
        {
            for (string? at = path.Value; at is not null; at = at.LastIndexOf('/') is > 0 and var slash ? at[..slash] : null)
            {
                if (kept.Contains(at))
                {
                    throw new ForgeException(ForgeFault.Denied, $"AW3071: '{path}' cannot be written: '{at}' is a link or a submodule of the repository, which the bot leaves alone.");
                }
            }
        }
    }
}

/// <summary>A file that a commit adds or replaces.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Entry">What it holds.</param>
/// <param name="Blob">The git object id of that.</param>
/// <param name="Before">The id of what the parent holds there; null for a new file.</param>
/// <param name="WasExecutable">True where the parent's may be executed.</param>
internal sealed record PlannedFile(RepoPath Path, FileEntry Entry, string Blob, string? Before, bool WasExecutable);
