using System.Collections.Immutable;
using System.Text.Json.Serialization;

using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Forges.Git;

/// <summary>All entries of a commit's tree but folders, with their git object ids.</summary>
/// <param name="Files">Regular files whose paths we take.</param>
/// <param name="Kept">The others (links, submodules, paths that we do not take): they stay as they are in every commit of ours.</param>
internal sealed record TreeListing(ImmutableSortedDictionary<RepoPath, TreeItem> Files, IReadOnlyList<TreeItem> Kept)
{
    /// <summary>The mode of a file that may be executed.</summary>
    public const string Executable = "100755";

    /// <summary>The mode of any other file.</summary>
    public const string Plain = "100644";

    /// <summary>Sorts entries into those two.</summary>
    public static TreeListing Of(IEnumerable<TreeItem> entries)
    {
        ImmutableSortedDictionary<RepoPath, TreeItem>.Builder files = ImmutableSortedDictionary.CreateBuilder<RepoPath, TreeItem>();
        List<TreeItem> kept = [];
        foreach (TreeItem entry in entries.Where(e => e.Type != "tree"))
        {
            if (entry.Mode is Plain or Executable && RepoPath.TryParseExisting(entry.Path, out RepoPath? path, out _))
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

    /// <summary>What the others are.</summary>
    public IReadOnlyList<LeftAlone> LeftAlone =>
    [
        .. Kept.Select(k => new LeftAlone(k.Path, k.Mode switch
        {
            "160000" => "a submodule",
            "120000" => "a symbolic link",
            _ => "a file with a name that is not taken",
        })),
    ];

    /// <summary>True for a file that may be executed.</summary>
    public static bool IsExecutable(TreeItem entry) => entry.Mode == Executable;
}

/// <summary>An entry of a commit's tree.</summary>
/// <param name="Path">Where it is, from the root.</param>
/// <param name="Mode">Git's mode in octal.</param>
/// <param name="Type"><c>blob</c>, <c>tree</c> or <c>commit</c>.</param>
/// <param name="Sha">Its git object id.</param>
internal sealed record TreeItem([property: JsonRequired] string Path, [property: JsonRequired] string Mode, [property: JsonRequired] string Type, [property: JsonRequired] string Sha);

/// <summary>A commit as it was fetched.</summary>
/// <param name="Listing">Its entries with their ids.</param>
/// <param name="Files">Its files, their contents in the content store.</param>
internal sealed record FetchedTree(TreeListing Listing, WorkspaceTree Files);
