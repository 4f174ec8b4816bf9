using System.Collections.Immutable;

using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Forges.GitHub.Reading;

/// <summary>All entries of a commit's tree but folders, with their git object ids.</summary>
/// <param name="Files">Regular files whose paths we take.</param>
/// <param name="Kept">The others (links, submodules, paths that we do not take): they stay as they are in every commit of ours.</param>
internal sealed record TreeListing(ImmutableSortedDictionary<RepoPath, TreeItem> Files, IReadOnlyList<TreeItem> Kept)
{
    private const string Executable = "100755";

    /// <summary>Sorts entries into those two.</summary>
    public static TreeListing Of(IEnumerable<TreeItem> entries)
    {
        ImmutableSortedDictionary<RepoPath, TreeItem>.Builder files = ImmutableSortedDictionary.CreateBuilder<RepoPath, TreeItem>();
        List<TreeItem> kept = [];
        foreach (TreeItem entry in entries.Where(e => e.Type != "tree"))
        {
            if (entry.Mode is "100644" or Executable && RepoPath.TryParseExisting(entry.Path, out RepoPath? path, out _))
            {
                files[path] = entry;
            }
            else
            {
                kept.Add(entry);
            }
        }

        return new TreeListing(files.ToImmutable(), kept);
    }

    /// <summary>The id of the tree that holds all of them.</summary>
    public string Id => GitIds.Tree([.. Files.Values.Concat(Kept).Select(e => (e.Path, e.Mode, e.Sha))]);

    /// <summary>True for a file that may be executed.</summary>
    public static bool IsExecutable(TreeItem entry) => entry.Mode == Executable;
}
