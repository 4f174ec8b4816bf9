using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Intake;

/// <summary>A run that somebody wants, without a comment on a forge.</summary>
/// <param name="Forge">The forge.</param>
/// <param name="Repository">Where.</param>
/// <param name="Issue">The issue with the idea; null for none.</param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Inputs">Its inputs, as texts.</param>
/// <param name="Actor">Who asks, as the forge knows them: their right is asked for.</param>
/// <param name="Cause">What tells this wish from others: the same cause never makes two runs.</param>
internal sealed record ManualStart(string Forge, RepoRef Repository, long? Issue, string Workflow, IReadOnlyDictionary<string, string> Inputs, ActorId Actor, string Cause);

/// <summary>Starts runs by hand: <c>on: manual</c>.</summary>
internal sealed class ManualStarts(IEnumerable<IForge> forges, WorkflowCatalog catalog, TriggerPolicy policy, RunRequests requests)
{
    /// <summary>Starts the run, or finds the one of the same cause, or says why there is none.</summary>
    /// <exception cref="ForgeException">The forge did not answer; nothing was started.</exception>
    public async Task<RunStart> StartAsync(ManualStart wanted, CancellationToken cancellationToken)
    {
        IForge forge = forges.First(f => f.Name == wanted.Forge);
        if (await forge.Reader.ReadTriggerAsync(wanted.Repository, new TriggerQuery(wanted.Issue), cancellationToken) is not { Repository: { Head: not null, Archived: false } } facts)
        {
            return new RunStart(null, "AW2060", $"The repository {wanted.Repository} is not there, empty or archived.");
        }

        if (wanted.Issue is { } number && facts.Issue is null)
        {
            return new RunStart(null, "AW2060", $"There is no issue #{number} in {wanted.Repository}.");
        }

        if (await forge.Reader.GetPermissionAsync(facts.Repository.Repository, wanted.Actor, cancellationToken) is var permission && permission < policy.Minimum)
        {
            return new RunStart(null, "AW2021", $"Nothing was run: your access to {wanted.Repository} is {permission.ToString().ToLowerInvariant()}, and {policy.Minimum.ToString().ToLowerInvariant()} is needed.");
        }

        (IReadOnlyList<SourcedWorkflow> workflows, IReadOnlyList<Diagnostic> broken) = catalog.Read(facts.WorkflowFiles);
        return Decide(wanted, [.. workflows.Select(w => w.Workflow)], broken) switch
        {
            Decision.Start start => await requests.StartAsync(new Situation(OccurrenceOf(wanted, facts), forge, facts, workflows), start, cancellationToken),
            Decision.Refuse refuse => new RunStart(null, refuse.Code, refuse.Reason),
            var other => throw new InvalidOperationException($"A start by hand was decided as {other}."),
        };
    }

    /// <summary>What comes of the wish, given the workflows that are there. Pure.</summary>
    public static Decision Decide(ManualStart wanted, IReadOnlyList<Workflow> workflows, IReadOnlyList<Diagnostic> broken)
    {
        IReadOnlyList<Workflow> here = [.. workflows.Where(w => !BuiltIn.IsInternal(w))];
        return broken.FirstOrDefault(d => d.Severity == Severity.Error && Path.GetFileNameWithoutExtension(d.File) == wanted.Workflow) is { } wrong
                ? new Decision.Refuse("AW2035", $"The workflow file of '{wanted.Workflow}' is not valid, so nothing was run: {wrong}")
            : here.FirstOrDefault(w => w.Name == wanted.Workflow) is not { } workflow
                ? new Decision.Refuse("AW2024", $"There is no workflow '{wanted.Workflow}'; here are {string.Join(", ", here.Select(w => w.Name))}.")
            : !workflow.On.Manual
                ? new Decision.Refuse("AW2025", $"The workflow '{wanted.Workflow}' is not started by hand; give it 'manual: true' under 'on'.")
            : TriggerRules.WithInputs(workflow, wanted.Inputs, "manual", wanted.Cause, command: null);
    }

    private static Occurrence OccurrenceOf(ManualStart wanted, TriggerFacts facts) => new(
        wanted.Forge,
        wanted.Cause,
        new TriggerEvent
        {
            Name = "manual",
            Action = "",
            Repository = facts.Repository.Repository,
            RepositoryId = facts.Repository.Id,
            DefaultBranch = facts.Repository.DefaultBranch,
            Sender = wanted.Actor,
            Issue = wanted.Issue,
        },
        Attempt: 1,
        OwnComment: null);
}
