using AgentWorkflow.Rig.Git;

namespace AgentWorkflow.Rig.GitLab.World;

/// <summary>A project: a bare git repository and what GitLab keeps beside it.</summary>
public sealed class Project
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>What was pushed, oldest first.</summary>
    public List<Push> Pushes { get; } = [];

    /// <summary>The group or namespace.</summary>
    public required Group Namespace { get; set; }

    /// <summary>The last part of its path.</summary>
    public required string Path { get; set; }

    /// <summary>The git repository.</summary>
    public required GitStore Git { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The whole path.</summary>
    public string FullPath => $"{Namespace.FullPath}/{Path}";

    /// <summary><c>private</c>, <c>internal</c> or <c>public</c>.</summary>
    public string Visibility { get; set; } = "private";

    /// <summary>Whether nobody may write.</summary>
    public bool Archived { get; set; }

    /// <summary>Whether it is gone.</summary>
    public bool Deleted { get; set; }

    /// <summary>The branch that counts.</summary>
    public string DefaultBranch { get; set; } = "main";

    /// <summary>What it is.</summary>
    public string? Description { get; set; }

    /// <summary>Its topics.</summary>
    public List<string> Topics { get; } = [];

    /// <summary>Access levels of direct members by user.</summary>
    public Dictionary<long, int> Members { get; } = [];

    /// <summary>The protected branches.</summary>
    public List<ProtectedBranch> Protected { get; } = [];

    /// <summary>The push rule, or null.</summary>
    public PushRule? PushRule { get; set; }

    /// <summary>The labels by name.</summary>
    public SortedDictionary<string, Label> Labels { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The milestones.</summary>
    public List<Milestone> Milestones { get; } = [];

    /// <summary>The issues.</summary>
    public List<Issue> Issues { get; } = [];

    /// <summary>The merge requests: they are counted apart from issues.</summary>
    public List<MergeRequest> Merges { get; } = [];

    /// <summary>The commit statuses.</summary>
    public List<CommitStatus> Statuses { get; } = [];

    /// <summary>The webhooks.</summary>
    public List<Hook> Hooks { get; } = [];

    /// <summary>The access level of a user, inherited as well; 0 for none.</summary>
    public int Level(Account user) => user.Admin ? 50 : Math.Max(Members.GetValueOrDefault(user.Id), Namespace.Level(user));

    /// <summary>The rule of a protected branch, or null.</summary>
    public ProtectedBranch? Protects(string branch) => Protected.Find(p => p.Name.EndsWith('*') ? branch.StartsWith(p.Name[..^1], StringComparison.Ordinal) : p.Name == branch);
}

/// <summary>A protected branch: who may push and merge, by level (0 for nobody).</summary>
public sealed record ProtectedBranch(long Id, string Name, int Push = 40, int Merge = 40);

/// <summary>A push rule, as the paid editions have them.</summary>
/// <param name="CommitMessage">What each message must match, or empty.</param>
/// <param name="Branch">What each branch's name must match, or empty.</param>
/// <param name="File">What no file's name may match, or empty.</param>
public sealed record PushRule(string CommitMessage = "", string Branch = "", string File = "");

/// <summary>A label.</summary>
public sealed record Label(long Id, string Name, string Color, string? Description);

/// <summary>A ref moved.</summary>
public sealed record Push(long Id, string Name, string? Before, string? After, Account By, DateTimeOffset At);

/// <summary>A milestone.</summary>
public sealed record Milestone(long Id, long Iid, string Title, string? Description, DateTimeOffset CreatedAt)
{
    /// <summary><c>active</c> or <c>closed</c>.</summary>
    public string State { get; set; } = "active";
}

/// <summary>A status of a commit.</summary>
public sealed record CommitStatus(long Id, string Sha, string Ref, string Name, Account Author, DateTimeOffset At)
{
    /// <summary><c>pending</c>, <c>running</c>, <c>success</c>, <c>failed</c>, <c>canceled</c> or <c>skipped</c>.</summary>
    public required string State { get; set; }

    /// <summary>A sentence.</summary>
    public string? Description { get; set; }

    /// <summary>An address.</summary>
    public string? TargetUrl { get; set; }

    /// <summary>The pipeline that GitLab makes for statuses from outside.</summary>
    public required long Pipeline { get; init; }
}
