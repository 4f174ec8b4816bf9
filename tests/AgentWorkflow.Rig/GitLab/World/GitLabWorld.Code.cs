using System.Text.RegularExpressions;

using LibGit2Sharp;

namespace AgentWorkflow.Rig.GitLab.World;

/// <content>Refs, commits, merge requests, statuses.</content>
public sealed partial class GitLabWorld
{
    /// <summary>A person's push: one commit with these files (null deletes) on a branch, made from the default branch where it is absent.</summary>
    /// <returns>The commit.</returns>
    public string Push(string path, string by, string branch, IReadOnlyDictionary<string, string?> files, string message = "Change")
    {
        Project project = Project(path);
        string? before = project.Git.Head(branch);
        if (before is null && project.Git.Head(project.DefaultBranch) is { } start)
        {
            project.Git.SetRef("refs/heads/" + branch, start, hiddenReads: 0);
        }

        string after = project.Git.CommitFiles(branch, files, message, by, Now);
        Pushed(project, "refs/heads/" + branch, before, after, Person(by));
        return after;
    }

    /// <summary>Sets, makes or deletes (null) a ref.</summary>
    public void SetRef(Project project, string name, string? sha, Account by)
    {
        string? before = project.Git.Truth(name);
        project.Git.SetRef(name, sha, HiddenReads);
        Pushed(project, name, before, sha, by);
    }

    /// <summary>Deletes a branch.</summary>
    public void DeleteBranch(string path, string branch, string by) => SetRef(Project(path), "refs/heads/" + branch, null, Person(by));

    /// <summary>Opens a merge request; its branches exist.</summary>
    public MergeRequest OpenMerge(Project project, Account by, string title, string description, string source, string target)
    {
        QuickActions.Found found = QuickActions.Read(description);
        MergeRequest merge = new()
        {
            Id = Next("merge", 30_000),
            Iid = project.Merges.Count == 0 ? 1 : project.Merges.Max(m => m.Iid) + 1,
            Project = project,
            Author = by,
            CreatedAt = Now,
            UpdatedAt = Now,
            Title = title,
            Description = found.Rest,
            Source = source,
            Target = target,
            Sha = project.Git.Head(source) ?? throw new KeyNotFoundException($"There is no branch {source}."),
            HiddenReads = HiddenReads,
        };
        project.Merges.Add(merge);
        Effect("pull_request", project, $"{source} into {target}", title, by);
        Payloads?.Changed(merge, by, "open");
        QuickActions.Run(this, merge, found, by);
        Mention(merge, found.Rest, by);
        return merge;
    }

    /// <summary>Merges; issues that the description closes are closed.</summary>
    public void Accept(MergeRequest merge, Account by)
    {
        Project project = merge.Project;
        Commit into = project.Git.Commit(project.Git.Head(merge.Target) ?? "") ?? throw new KeyNotFoundException(merge.Target);
        Commit head = project.Git.Commit(merge.Sha) ?? throw new KeyNotFoundException(merge.Sha);
        Signature signature = new(by.Username, $"{by.Username}@users.noreply.gitlab.localhost", Now);
        Commit commit = project.Git.Objects.CreateCommit(signature, signature, $"Merge branch '{merge.Source}' into '{merge.Target}'", head.Tree, [into, head], prettifyMessage: false);
        merge.MergedAt = merge.UpdatedAt = Now;
        merge.MergeSha = commit.Sha;
        merge.MergedBy = by;
        SetRef(project, "refs/heads/" + merge.Target, commit.Sha, by);
        Effect("merge", project, merge.Reference, merge.Source, by);
        Payloads?.Changed(merge, by, "merge");
        foreach (Match closes in merge.Target == project.DefaultBranch ? Closing().Matches(Inert.Without(merge.Description)) : Enumerable.Empty<Match>())
        {
            if (project.Issues.Find(i => i.Reference == closes.Groups["issue"].Value) is { } issue)
            {
                Edit(issue, by, state: "close");
            }
        }

        if (merge.RemoveSource)
        {
            SetRef(project, "refs/heads/" + merge.Source, null, by);
        }
    }

    /// <summary>A pipeline of a commit ends (or starts) with a status.</summary>
    public void RunPipeline(string path, string branch, string status, string by) =>
        Payloads?.Pipeline(Project(path), Next("pipeline", 500), branch, Project(path).Git.Head(branch) ?? throw new KeyNotFoundException($"There is no branch {branch}."), status, Person(by));

    /// <summary>Sets a status of a commit: a new one, or the next state of the one of that name.</summary>
    internal CommitStatus SetStatus(Project project, string sha, string branch, string name, string state, string? description, string? url, Account by)
    {
        CommitStatus? status = project.Statuses.Find(s => s.Sha == sha && s.Ref == branch && s.Name == name);
        if (status is null)
        {
            long pipeline = project.Statuses.Find(s => s.Sha == sha && s.Ref == branch)?.Pipeline ?? Next("pipeline", 500);
            status = new CommitStatus(Next("status", 80_000), sha, branch, name, by, Now) { State = state, Pipeline = pipeline };
            project.Statuses.Add(status);
        }

        (status.State, status.Description, status.TargetUrl) = (state, description ?? status.Description, url ?? status.TargetUrl);
        Effect("status", project, name, $"{state} {description}".TrimEnd(), by);
        Payloads?.Pipeline(project, status.Pipeline, branch, sha, state, by);
        return status;
    }

    /// <summary>What follows a ref that moved: journal, merge requests of the branch, webhooks.</summary>
    internal void Pushed(Project project, string name, string? before, string? after, Account by)
    {
        string branch = name.StartsWith("refs/heads/", StringComparison.Ordinal) ? name["refs/heads/".Length..] : name;
        Commit? commit = after is null ? null : project.Git.Commit(after);
        string kind = after is null ? "branch-delete" : before is null ? "branch" : "commit";
        string text = commit is null ? "" : $"tree {commit.Tree.Sha} {(kind == "commit" ? commit.MessageShort : "")}".TrimEnd();
        Effect(kind, project, branch, text, by);
        project.Pushes.Add(new Push(Next("event", 60_000), name, before, after, by, Now));
        if (project.Git.Head(project.DefaultBranch) is null && after is not null && name != branch)
        {
            // The first branch of an empty project becomes its default branch.
            project.DefaultBranch = branch;
        }

        if (before is null && branch == project.DefaultBranch && project.Protects(branch) is null && project.Git.Refs().Count == 1)
        {
            project.Protected.Add(new ProtectedBranch(Next("protected", 1), branch));
        }

        Payloads?.Push(project, name, before, after, by);
        foreach (MergeRequest merge in project.Merges.Where(m => m.State == "opened" && m.Source == branch && after is not null && m.Sha != after).ToList())
        {
            merge.Sha = after!;
            merge.UpdatedAt = Now;
            Payloads?.Changed(merge, by, "update", before);
        }
    }

    [GeneratedRegex(@"\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):? +(?<issue>#\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex Closing();
}
