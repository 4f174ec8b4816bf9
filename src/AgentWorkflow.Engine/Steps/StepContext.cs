using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Engine.Steps;

/// <summary>All that a step can see.</summary>
public sealed record StepContext
{
    /// <summary>The run's facts, pinned when it started.</summary>
    public required RunFacts Run { get; init; }

    /// <summary>The step's id in the workflow, with <c>[n]</c> for an item of <c>for-each</c>.</summary>
    public required string StepId { get; init; }

    /// <summary>The attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The files.</summary>
    public required IWorkspace Workspace { get; init; }

    /// <summary>The receipts of the effects this step asked for, in order; empty in the first round.</summary>
    public required IReadOnlyList<Receipt> Receipts { get; init; }

    /// <summary>What the last round carried over; null in the first round.</summary>
    public JsonObject? Carry { get; init; }

    /// <summary>The answer that woke a waiting step: <c>approved</c>, <c>by</c>, <c>reason</c>; null when there is none.</summary>
    public JsonObject? Answer { get; init; }

    /// <summary>Outputs of the steps that are done, by step id, in workflow order: what a summary may quote.</summary>
    public required IReadOnlyDictionary<string, JsonNode?> Outputs { get; init; }

    /// <summary>What the workflow declared: an effect beyond it is refused.</summary>
    public Permissions Permissions { get; init; } = new(Contents: false, PullRequests: false, Issues: false, Checks: false);

    /// <summary>Where the step tells what it does; kept with the run and shown live.</summary>
    public required IStepLog Log { get; init; }
}

/// <summary>A step's log: plain lines, kept with the run.</summary>
public interface IStepLog
{
    /// <summary>Adds a line.</summary>
    void Write(string line);

    /// <summary>Says in a few words what is being done now, for a progress display.</summary>
    void Progress(string what);
}

/// <summary>What is true of a run from its start to its end.</summary>
public sealed record RunFacts
{
    /// <summary>The random id that links use: 26 characters of base32.</summary>
    public required string Id { get; init; }

    /// <summary>The run key of promise B.1: never shown, but in every marker and trailer.</summary>
    public required string Key { get; init; }

    /// <summary>The forge's name: <c>local</c>, <c>github</c>, <c>gitlab</c>.</summary>
    public required string Forge { get; init; }

    /// <summary>The forge's host, for addresses: <c>github.com</c>; <c>local</c> for the Local forge.</summary>
    public string Host { get; init; } = "local";

    /// <summary>The repository.</summary>
    public required RepoRef Repository { get; init; }

    /// <summary>The default branch's name.</summary>
    public required string DefaultBranch { get; init; }

    /// <summary>The commit of the default branch on which the run works.</summary>
    public required CommitId BaseCommit { get; init; }

    /// <summary>The files at <see cref="BaseCommit"/>.</summary>
    public required WorkspaceTree BaseTree { get; init; }

    /// <summary>Who asked.</summary>
    public required ActorId Actor { get; init; }

    /// <summary>The workflow's name.</summary>
    public required string WorkflowName { get; init; }

    /// <summary>Where the workflow came from: <c>path@commit</c>, or <c>built-in</c>.</summary>
    public required string WorkflowSource { get; init; }

    /// <summary>The issue or pull request the run belongs to; null for runs without one.</summary>
    public IssueFacts? Issue { get; init; }

    /// <summary>The run's inputs after defaults.</summary>
    public required JsonObject Inputs { get; init; }

    /// <summary>The branch of (repository, issue, generation).</summary>
    public required BranchName Branch { get; init; }

    /// <summary>The branch's head when the run started; null while it does not exist.</summary>
    public CommitId? BranchHead { get; init; }

    /// <summary>True where a command may run without a sandbox when there is none: the one exception of the sandbox rule (promise P83).</summary>
    public bool MayRunUnsandboxed { get; init; }

    /// <summary>False where the forge would refuse a commit of ours that changes CI files.</summary>
    public bool TakesCiFiles { get; init; } = true;

    /// <summary>Who may see the repository; what the run makes elsewhere is not shown to more people.</summary>
    public RepositoryVisibility Visibility { get; init; }

    /// <summary>What is at <see cref="BaseCommit"/> besides: submodules, links, pointers to large files; at most 100.</summary>
    public IReadOnlyList<LeftAlone> LeftAlone { get; init; } = [];

    /// <summary>What the repository's rules say of files that are pushed.</summary>
    public IReadOnlyList<FileRule> FileRules { get; init; } = [];

    /// <summary>When the run was created; the time in commits, so that a repeat makes the same bytes.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Counts the generations of an issue: a new one starts after our pull request was merged or closed.</summary>
    public required int Generation { get; init; }
}

/// <summary>An issue or pull request, pinned.</summary>
public sealed record IssueFacts(long Number, string Title, string Body, string Url, ActorId Author, bool IsPullRequest)
{
    /// <summary>The names of its labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>True while it is neither closed nor merged.</summary>
    public bool IsOpen { get; init; } = true;

    /// <summary>True where fewer people may see it than the branches and pull requests of its repository: nothing of it may go there (promise P55).</summary>
    public bool IsHidden { get; init; }

    /// <summary>A pull request's branches; null for an issue.</summary>
    public PullBranches? Pull { get; init; }
}

/// <summary>The branches of a pull request.</summary>
/// <param name="Head">The head branch's name.</param>
/// <param name="HeadCommit">The head's commit when it was asked for.</param>
/// <param name="Base">The branch it merges into.</param>
/// <param name="IsFork">True where the head is in another repository.</param>
public sealed record PullBranches(string Head, CommitId HeadCommit, string Base, bool IsFork);
