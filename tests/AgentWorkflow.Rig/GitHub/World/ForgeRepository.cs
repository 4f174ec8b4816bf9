using System.Text.Json.Nodes;

using AgentWorkflow.Rig.Git;

namespace AgentWorkflow.Rig.GitHub.World;

/// <summary>A repository: a bare git repository and what GitHub keeps beside it.</summary>
public sealed class ForgeRepository
{
    /// <summary>The number that stays.</summary>
    public required long Id { get; init; }

    /// <summary>The owner.</summary>
    public required Account Owner { get; set; }

    /// <summary>The name.</summary>
    public required string Name { get; set; }

    /// <summary>The git repository.</summary>
    public required GitStore Git { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a ref of it moved last, or null.</summary>
    public DateTimeOffset? PushedAt { get; set; }

    /// <summary><c>owner/name</c>.</summary>
    public string FullName => $"{Owner.Login}/{Name}";

    /// <summary>Whether only its people see it.</summary>
    public bool Private { get; set; }

    /// <summary>Whether nobody may write.</summary>
    public bool Archived { get; set; }

    /// <summary>Whether it is gone.</summary>
    public bool Deleted { get; set; }

    /// <summary>The branch that workflows are read from.</summary>
    public string DefaultBranch { get; set; } = "main";

    /// <summary>What it is.</summary>
    public string? Description { get; set; }

    /// <summary>Whether the owner's plan has draft pull requests.</summary>
    public bool AllowsDrafts { get; set; } = true;

    /// <summary>How many entries a recursive listing holds before it is cut.</summary>
    public int TreeLimit { get; set; } = 100_000;

    /// <summary>The languages, in bytes.</summary>
    public Dictionary<string, long> Languages { get; } = new(StringComparer.Ordinal);

    /// <summary>The grants by login.</summary>
    public Dictionary<string, Grant> People { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The active rules.</summary>
    public List<BranchRule> Rules { get; } = [];

    /// <summary>The labels by name.</summary>
    public SortedDictionary<string, Label> Labels { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The milestones' titles; the first is number 1.</summary>
    public List<string> Milestones { get; } = [];

    /// <summary>The topics.</summary>
    public List<string> Topics { get; } = [];

    /// <summary>Issues and pull requests, by number.</summary>
    public List<Issue> Issues { get; } = [];

    /// <summary>The check runs.</summary>
    public List<CheckRun> Checks { get; } = [];

    /// <summary>The commit statuses.</summary>
    public List<CommitStatus> Statuses { get; } = [];

    /// <summary>Commits that GitHub signed.</summary>
    public HashSet<string> Signed { get; } = new(StringComparer.Ordinal);

    /// <summary>An issue or pull request by its number.</summary>
    public Issue? Find(long number) => Issues.Find(i => i.Number == number);
}

/// <summary>What a person may do in a repository.</summary>
/// <param name="Permission"><c>none</c>, <c>read</c>, <c>triage</c>, <c>write</c>, <c>maintain</c> or <c>admin</c>.</param>
/// <param name="RoleName">The role's name; a custom role has its own.</param>
public sealed record Grant(string Permission, string RoleName);

/// <summary>An active rule of a ruleset.</summary>
/// <param name="Type"><c>creation</c>, <c>update</c>, <c>required_signatures</c>, <c>pull_request</c>, <c>commit_message_pattern</c>, ...</param>
/// <param name="Pattern">The branches, with <c>*</c> at the end for any rest.</param>
/// <param name="Ruleset">The ruleset's name.</param>
public sealed record BranchRule(string Type, string Pattern, string Ruleset = "protected")
{
    /// <summary>The parameters as the REST interface tells them; null for those of its own.</summary>
    public JsonObject? Parameters { get; init; }

    /// <summary>Whether the App may pass the ruleset.</summary>
    public bool Bypass { get; init; }

    /// <summary>Whether it holds for a branch.</summary>
    public bool Covers(string branch) => Pattern.EndsWith('*') ? branch.StartsWith(Pattern[..^1], StringComparison.Ordinal) : Pattern == branch;
}

/// <summary>A label.</summary>
public sealed record Label(long Id, string Name, string Color, string? Description);

/// <summary>A commit status.</summary>
public sealed record CommitStatus(long Id, string Sha, string State, string Context, string? Description, string? TargetUrl, Account Creator, DateTimeOffset At);
