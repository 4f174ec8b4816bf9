using System.Collections.Immutable;

using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Engine.Workspaces;

/// <summary>
/// What a step changed. A step sees the base tree with the changes of all its ancestors applied in file order, so steps that
/// run side by side do not see each other, and their results come together in the same order each time.
/// </summary>
/// <param name="Written">Files added or replaced.</param>
/// <param name="Deleted">Files removed.</param>
public sealed record TreeDelta(ImmutableSortedDictionary<RepoPath, FileEntry> Written, ImmutableSortedSet<RepoPath> Deleted)
{
    /// <summary>No change.</summary>
    public static TreeDelta None { get; } = new(ImmutableSortedDictionary<RepoPath, FileEntry>.Empty, []);

    /// <summary>True when nothing changed.</summary>
    public bool IsEmpty => Written.IsEmpty && Deleted.IsEmpty;

    /// <summary>What has to be applied to <paramref name="before"/> to get <paramref name="after"/>.</summary>
    public static TreeDelta Between(WorkspaceTree before, WorkspaceTree after) => ReferenceEquals(before, after)
        ? None
        : new TreeDelta(
            after.Files.Where(f => before.Files.GetValueOrDefault(f.Key) != f.Value).ToImmutableSortedDictionary(),
            [.. before.Files.Keys.Where(p => !after.Files.ContainsKey(p))]);
}
