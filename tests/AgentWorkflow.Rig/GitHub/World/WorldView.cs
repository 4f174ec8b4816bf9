using AgentWorkflow.Rig.Journal;

namespace AgentWorkflow.Rig.GitHub.World;

/// <summary>What stands on the forge at the end, as lines without ids and times: an interrupted run leaves what an undisturbed one leaves.</summary>
public static class WorldView
{
    /// <summary>Every repository.</summary>
    public static IReadOnlyList<string> Lines(GitHubWorld world) => [.. world.Repositories.Where(r => !r.Deleted).SelectMany(Lines)];

    /// <summary>One repository: branches with trees, pull requests, comments, reactions, checks.</summary>
    public static IReadOnlyList<string> Lines(ForgeRepository repository)
    {
        List<string> lines = [];
        string? main = repository.Git.Head(repository.DefaultBranch);
        foreach ((string name, string sha) in repository.Git.Refs().OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            lines.Add($"{repository.FullName} {Normal.Form(name)}: {(main is null ? 0 : repository.Git.Ahead(sha, main))} commits, tree {repository.Git.Commit(sha)?.Tree.Sha}");
        }

        foreach (Issue issue in repository.Issues)
        {
            string kind = issue.Pull is null ? "issue" : $"pull request {(issue.Pull.Draft ? "(draft) " : "")}{issue.Pull.Head} into {issue.Pull.Base}";
            lines.Add(Normal.Form($"{repository.FullName} #{issue.Number} {kind} {issue.State} by {issue.Author.Login}: {issue.Title} [{string.Join(", ", issue.Labels.Order(StringComparer.Ordinal))}] @{string.Join(", ", issue.Assignees.Select(a => a.Login))}"));
            lines.AddRange(issue.Comments.Select(c => Normal.Form($"{repository.FullName} #{issue.Number} comment by {c.Author.Login} [{string.Join(", ", c.Reactions.Select(r => r.Content + " by " + r.Author.Login))}]")));
        }

        lines.AddRange(repository.Checks.Select(c => $"{repository.FullName} check {c.Name} {c.Status} {c.Conclusion} {Normal.Form(c.Title ?? "")}"));
        return lines;
    }
}
