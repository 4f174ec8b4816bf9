using AgentWorkflow.Rig.Journal;

namespace AgentWorkflow.Rig.GitLab.World;

/// <summary>What stands on the forge at the end, as lines without ids and times: an interrupted run leaves what an undisturbed one leaves.</summary>
public static class WorldView
{
    /// <summary>Every project.</summary>
    public static IReadOnlyList<string> Lines(GitLabWorld world) => [.. world.Projects.Where(p => !p.Deleted).SelectMany(Lines)];

    /// <summary>One project: branches with trees, issues, merge requests, notes, emoji, statuses.</summary>
    public static IReadOnlyList<string> Lines(Project project)
    {
        List<string> lines = [];
        string? main = project.Git.Head(project.DefaultBranch);
        foreach ((string name, string sha) in project.Git.Refs().OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            lines.Add($"{project.FullPath} {Normal.Form(name)}: {(main is null ? 0 : project.Git.Ahead(sha, main))} commits, tree {project.Git.Commit(sha)?.Tree.Sha}");
        }

        foreach (Noteable item in project.Issues.Cast<Noteable>().Concat(project.Merges))
        {
            string kind = item is MergeRequest merge ? $"merge request {merge.Source} into {merge.Target}" : "issue";
            lines.Add(Normal.Form($"{project.FullPath} {item.Reference} {kind} {item.State} by {item.Author.Username}: {item.Title} [{string.Join(", ", item.Labels.Order(StringComparer.Ordinal))}] @{string.Join(", ", item.Assignees.Select(a => a.Username))} [{Emoji(item.Awards)}]"));
            lines.AddRange(item.Notes.Select(n => Normal.Form($"{project.FullPath} {item.Reference} note by {n.Author.Username} [{Emoji(n.Awards)}]")));
        }

        lines.AddRange(project.Statuses.Select(s => $"{project.FullPath} status {s.Name} {s.State} {Normal.Form(s.Description ?? "")}"));
        return lines;
    }

    private static string Emoji(IEnumerable<Award> awards) => string.Join(", ", awards.Select(a => $"{a.Name} by {a.User.Username}"));
}
