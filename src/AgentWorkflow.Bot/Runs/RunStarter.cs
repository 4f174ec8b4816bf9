using System.Globalization;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Expressions;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Runs;

/// <summary>What is to be run.</summary>
internal sealed record RunRequest
{
    public required string Forge { get; init; }

    public required RepositoryFacts Repository { get; init; }

    public required WorkspaceTree BaseTree { get; init; }

    /// <summary>What is there besides.</summary>
    public IReadOnlyList<LeftAlone> LeftAlone { get; init; } = [];

    public required Workflow Workflow { get; init; }

    public required string WorkflowText { get; init; }

    public required bool IsBuiltIn { get; init; }

    public required JsonObject Inputs { get; init; }

    public required ActorId Actor { get; init; }

    public required IssueFacts? Issue { get; init; }

    /// <summary>The expression context <c>event</c>.</summary>
    public required JsonObject Event { get; init; }

    /// <summary>What kind of thing caused it, for the run key.</summary>
    public required string Kind { get; init; }

    /// <summary>That thing's id.</summary>
    public required string CauseId { get; init; }

    public long? CommentId { get; init; }

    /// <summary>Where the comment stands.</summary>
    public CommentPlace CommentPlace { get; init; }

    /// <summary>The label that asked; it is taken off when the run has begun. Null for other triggers.</summary>
    public string? Label { get; init; }

    /// <summary>The name of a branch of its own, for what does not belong to the issue's; null for the issue's.</summary>
    public string? BranchStem { get; init; }

    public bool MayRunUnsandboxed { get; init; }

    /// <summary>The right that the actor must still have before the first write; null where nobody's right started it.</summary>
    public RepositoryPermission? Needs { get; init; }
}

/// <summary>What came of a request.</summary>
/// <param name="RunId">The run; null where there is none.</param>
/// <param name="Code">The stable code of the refusal.</param>
/// <param name="Refusal">Why there is none, in a sentence.</param>
internal sealed record RunStart(string? RunId, string? Code = null, string? Refusal = null);

/// <summary>Pins what a run stands on and stores it; the same cause gives the same run.</summary>
internal sealed class RunStarter(IEnumerable<IForge> forges, RunStore store, RunIndex index, TimeProvider time)
{
    private const int SlugLength = 40;
    private const int MostRule = 400;
    private const string Publish = "pull_request";

    /// <summary>Stores the run, or finds the one the same cause made. A branch that a person has edited is left alone (promise P28).</summary>
    public async Task<RunStart> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        IForge forge = forges.First(f => f.Name == request.Forge);
        RepositoryFacts repository = request.Repository;
        CommitId head = repository.Head ?? throw new InvalidOperationException($"The repository {repository.Repository} has no commit.");
        string key = RunKey.Derive(forge.Host, repository.Id, request.Kind, request.CauseId, request.Workflow.Path).Value;
        if (await index.FindByKeyAsync(key, cancellationToken) is { } known)
        {
            return new RunStart(known.Id);
        }

        (int generation, BranchName branch, BranchWork work) = await ChooseBranchAsync(forge, request, key, cancellationToken);
        if (work.Head is { } there && (there.RunKey is null || await index.MadeAsync(forge.Name, repository.Repository, branch, there.Head, cancellationToken) is false))
        {
            string pull = work.PullRequest is { } open ? $" of {ItemNumber.Text(open.Number)}" : "";
            return new RunStart(
                null, "AW2036",
                $"Nothing was run: somebody else has changed the branch `{branch}`{pull} (commit {there.Head.Short}), and what people wrote is not written over; merge or close {(work.PullRequest is null ? "or rename it" : "the pull request")}, and a new one is begun.");
        }

        BranchRules rules = request.Workflow.Steps.Any(s => s.Uses == Publish)
            ? await forge.Reader.ReadRulesAsync(repository.Repository, branch, work.Head is not null, cancellationToken)
            : BranchRules.None;
        if (rules.Refusal is { } refusal)
        {
            return new RunStart(null, "AW2045", $"Nothing was run, since its result could not be pushed: {InertText.Of(refusal, MostRule)}; let the App pass the rule, or keep `agentworkflow/**` out of it.");
        }

        RunFacts facts = new()
        {
            Id = "",
            Key = key,
            Forge = request.Forge,
            Host = forge.Host,
            Repository = repository.Repository,
            DefaultBranch = repository.DefaultBranch,
            BaseCommit = head,
            BaseTree = request.BaseTree,
            Actor = request.Actor,
            WorkflowName = request.Workflow.Name,
            WorkflowSource = request.IsBuiltIn ? "built-in" : $"{request.Workflow.Path}@{head.Short}",
            Issue = request.Issue,
            Branch = branch,
            BranchHead = work.Head?.Head,
            Inputs = request.Inputs,
            CreatedAt = time.GetUtcNow(),
            Generation = generation,
            MayRunUnsandboxed = request.MayRunUnsandboxed,
            TakesCiFiles = repository.TakesCiFiles,
            Visibility = repository.Visibility,
            FileRules = rules.Files,
            LeftAlone = request.LeftAlone,
        };
        RunPin pin = new()
        {
            Facts = facts,
            RepositoryId = repository.Id,
            RepositoryUrl = repository.Url,
            Event = request.Event,
            CommentId = request.CommentId,
            CommentPlace = request.CommentPlace,
            Label = request.Label,
            Needs = request.Needs,
        };
        (string id, _) = await store.CreateAsync(
            new NewRun(key, pin, request.Workflow.Path, request.WorkflowText, GroupOf(request, pin), request.Workflow.Concurrency?.CancelInProgress ?? false), cancellationToken);
        return new RunStart(id);
    }

    /// <summary>
    /// A branch belongs to (repository, issue, generation): a new generation starts when our pull request was merged or closed. Our own
    /// runs are asked first, since the name holds the issue's title of that day.
    /// </summary>
    private async Task<(int Generation, BranchName Branch, BranchWork Work)> ChooseBranchAsync(
        IForge forge, RunRequest request, string key, CancellationToken cancellationToken)
    {
        RepoRef repository = request.Repository.Repository;
        RunSight? newest = request is { Issue: { } issue, BranchStem: null }
            ? await index.FindByIssueAsync(forge.Name, repository, issue.Number, string.Create(CultureInfo.InvariantCulture, $"agentworkflow/{issue.Number}-"), cancellationToken)
            : null;
        for (int generation = newest?.Generation ?? 1; ; generation++)
        {
            BranchName branch = newest is { } ours && ours.Generation == generation ? ours.Branch : NameOf(forge.Host, request, key, generation);
            BranchWork work = await forge.Reader.FindWorkAsync(repository, branch, cancellationToken);
            if (work.PullRequest is null or { State: "open" })
            {
                return (generation, branch, work);
            }
        }
    }

    private static BranchName NameOf(string host, RunRequest request, string key, int generation)
    {
        string again = generation == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{generation}");
        if (request.BranchStem is { } stem)
        {
            return BranchName.Parse($"agentworkflow/{stem}{again}");
        }

        if (request.Issue is not { } issue)
        {
            return BranchName.Parse($"agentworkflow/{request.Workflow.Name}-{key[..8]}{again}");
        }

        string suffix = RunKey.DeriveBranchKey(host, request.Repository.Id, issue.Number, generation);
        return BranchName.Parse(string.Create(CultureInfo.InvariantCulture, $"agentworkflow/{issue.Number}-{Slug(issue.Title)}-{suffix}"));
    }

    private static string Slug(string title)
    {
        IEnumerable<char> letters = title.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-');
        string slug = string.Join('-', string.Concat(letters).Split('-', StringSplitOptions.RemoveEmptyEntries));
        slug = slug.Length > SlugLength ? slug[..SlugLength].TrimEnd('-') : slug;
        return slug.Length == 0 ? "idea" : slug;
    }

    /// <summary>Without a group of its own a run shares one with the others of its branch: two may not write it at once.</summary>
    private static string GroupOf(RunRequest request, RunPin pin)
    {
        if (request.Workflow.Concurrency is not { } concurrency)
        {
            return $"{pin.Facts.Forge}/{pin.RepositoryId}/{pin.Facts.Branch}";
        }

        try
        {
            JsonNode? group = concurrency.Group.Evaluate(new ExpressionContext(RunContexts.Of(pin, tries: 1)));
            return $"{pin.Facts.Forge}/{pin.RepositoryId}/group/{group}";
        }
        catch (ExpressionException)
        {
            // A group that cannot be told is the run's own: waiting for others by mistake would be worse.
            return $"{pin.Facts.Forge}/{pin.RepositoryId}/{pin.Facts.Branch}";
        }
    }
}
