using LibGit2Sharp;

namespace AgentWorkflow.Rig.GitHub.World;

/// <content>Refs, commits, pull requests, checks.</content>
public sealed partial class GitHubWorld
{
    /// <summary>A person's push: one commit with these files (null deletes) on a branch, made from the default branch where it is absent.</summary>
    /// <returns>The commit.</returns>
    public string Push(string fullName, string by, string branch, IReadOnlyDictionary<string, string?> files, string message = "Change")
    {
        ForgeRepository repository = Repository(fullName);
        string? before = repository.Git.Head(branch);
        if (before is null && repository.Git.Head(repository.DefaultBranch) is { } start)
        {
            repository.Git.SetRef("refs/heads/" + branch, start, hiddenReads: 0);
        }

        string after = repository.Git.CommitFiles(branch, files, message, by, Now);
        Pushed(repository, "refs/heads/" + branch, before, after, Person(by));
        return after;
    }

    /// <summary>Sets, makes or deletes (null) a ref.</summary>
    public void SetRef(ForgeRepository repository, string name, string? sha, Account by)
    {
        string? before = repository.Git.Truth(name);
        repository.Git.SetRef(name, sha, HiddenReads);
        Pushed(repository, name, before, sha, by);
    }

    /// <summary>Deletes a branch.</summary>
    public void DeleteBranch(string fullName, string branch, string by) => SetRef(Repository(fullName), "refs/heads/" + branch, null, Person(by));

    /// <summary>Opens a pull request; its branches exist.</summary>
    public Issue OpenPull(ForgeRepository repository, Account by, string title, string body, string head, string into, bool draft = false, ForgeRepository? from = null)
    {
        PullRequest pull = new()
        {
            Id = Next("pull", 30_000),
            Head = head,
            HeadRepository = from ?? repository,
            Base = into,
            Draft = draft,
            HeadSha = (from ?? repository).Git.Head(head) ?? throw new KeyNotFoundException($"There is no branch {head}."),
        };
        Issue issue = new()
        {
            Id = Next("issue", 20_000),
            Repository = repository,
            Number = NextNumber(repository),
            Author = by,
            CreatedAt = Now,
            UpdatedAt = Now,
            Title = title,
            Body = body,
            Pull = pull,
            HiddenReads = HiddenReads,
        };
        repository.Issues.Add(issue);
        Effect("pull_request", repository, $"{head} into {into}", $"{(draft ? "draft " : "")}{title}", by);
        Payloads?.Issue("opened", issue, by);
        return issue;
    }

    /// <summary>Merges by moving the base to a merge commit.</summary>
    public void Merge(Issue issue, Account by)
    {
        PullRequest pull = issue.Pull ?? throw Missing(issue.Number);
        ForgeRepository repository = issue.Repository;
        Commit into = repository.Git.Commit(repository.Git.Head(pull.Base) ?? "") ?? throw new KeyNotFoundException(pull.Base);
        Commit head = repository.Git.Commit(pull.HeadSha) ?? throw new KeyNotFoundException(pull.HeadSha);
        Signature signature = new(by.Login, $"{by.Login}@users.noreply.github.com", Now);
        Commit merge = repository.Git.Objects.CreateCommit(signature, signature, $"Merge pull request #{issue.Number}", head.Tree, [into, head], prettifyMessage: false);
        pull.MergedAt = issue.ClosedAt = issue.UpdatedAt = Now;
        SetRef(repository, "refs/heads/" + pull.Base, merge.Sha, by);
        Effect("merge", repository, "#" + issue.Number, pull.Head, by);
        Payloads?.Issue("closed", issue, by);
    }

    /// <summary>Makes a check run.</summary>
    internal CheckRun AddCheck(ForgeRepository repository, string name, string sha, Account by)
    {
        long suite = repository.Checks.Find(c => c.HeadSha == sha)?.SuiteId ?? Next("suite", 81_000);
        CheckRun check = new() { Id = Next("check", 80_000), SuiteId = suite, Name = name, HeadSha = sha, StartedAt = Stamp(Now), HiddenReads = HiddenReads };
        repository.Checks.Add(check);
        _ = by;
        return check;
    }

    /// <summary>Records a check's state after a request.</summary>
    internal void CheckChanged(ForgeRepository repository, CheckRun check, bool made, Account by)
    {
        Effect(made ? "check" : "check-edit", repository, check.Name, $"{check.Status} {check.Conclusion} {check.Title}", by);
        Payloads?.Check(made ? "created" : "completed", repository, check, by);
    }

    /// <summary>A person presses "Re-run" on a check.</summary>
    public void Rerequest(string fullName, long check, string by)
    {
        ForgeRepository repository = Repository(fullName);
        Payloads?.Check("rerequested", repository, repository.Checks.Find(c => c.Id == check) ?? throw new KeyNotFoundException($"There is no check {check}."), Person(by));
    }

    /// <summary>What follows a ref that moved: journal, pull requests of the branch, webhook.</summary>
    internal void Pushed(ForgeRepository repository, string name, string? before, string? after, Account by)
    {
        string branch = name.StartsWith("refs/heads/", StringComparison.Ordinal) ? name["refs/heads/".Length..] : name;
        repository.PushedAt = Now;
        Commit? commit = after is null ? null : repository.Git.Commit(after);
        string kind = after is null ? "branch-delete" : before is null ? "branch" : "commit";
        string text = commit is null ? "" : $"tree {commit.Tree.Sha} {(kind == "commit" ? commit.MessageShort : "")}".TrimEnd();
        Journal.Effect(kind, repository.FullName, branch, text, by.Login);
        foreach (Issue issue in Repositories.SelectMany(r => r.Issues).Where(i => i.Pull is { } p && i.ClosedAt is null && p.HeadRepository == repository && p.Head == branch).ToList())
        {
            if (after is null)
            {
                EditIssue(issue, by, state: "closed");
            }
            else if (issue.Pull is { } pull && pull.HeadSha != after)
            {
                pull.HeadSha = after;
                issue.UpdatedAt = Now;
                Payloads?.Issue("synchronize", issue, by, before: before);
            }
        }

        // The first branch of an empty repository becomes its default branch.
        if (before is null && after is not null && name.StartsWith("refs/heads/", StringComparison.Ordinal) && repository.Git.Head(repository.DefaultBranch) is null)
        {
            repository.DefaultBranch = name["refs/heads/".Length..];
        }

        Payloads?.Push(repository, name, before, after, by);
    }

    internal static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
