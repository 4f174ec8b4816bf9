using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Intake;

/// <summary>An event that is to be decided on.</summary>
/// <param name="Forge">Where it happened.</param>
/// <param name="DeliveryId">The delivery that told of it.</param>
/// <param name="Happened">What happened.</param>
/// <param name="Attempt">How often it was tried, from 1.</param>
/// <param name="OwnComment">The comment that the command line wrote itself; null for none.</param>
internal sealed record Occurrence(string Forge, string DeliveryId, TriggerEvent Happened, int Attempt, long? OwnComment);

/// <summary>What a decision stands on, and is carried out with: all of one moment.</summary>
internal sealed record Situation(Occurrence Occurrence, IForge Forge, TriggerFacts Facts, IReadOnlyList<SourcedWorkflow> Workflows)
{
    public TriggerEvent Happened => Occurrence.Happened;

    /// <summary>The repository as it is called now.</summary>
    public RepoRef Repository => Facts.Repository.Repository;
}

/// <summary>
/// Asks what a decision needs: the sender's right, and the facts. First whether the event is anybody's business
/// (<see cref="Screen"/>), which costs nothing; then the right, where the word is ours; then everything else in one question. The decision itself is <see cref="TriggerRules"/>'.
/// </summary>
internal sealed class EventDecider(
    IEnumerable<IForge> forges, WorkflowCatalog catalog, TriggerPolicy policy, RunIndex index, DecisionRunner runner, TimeProvider time)
{
    private const int MostQuestions = 3;

    /// <summary>Why nothing comes of the event, where that is known without asking; null where it is worth a decision.</summary>
    public string? Screen(TriggerEvent happened) => Screening.Of(happened, policy)?.Reason;

    /// <summary>Decides on what passed <see cref="Screen"/> and carries it out. Done twice it leads to the same: runs, comments and reactions are found by their keys.</summary>
    /// <exception cref="ForgeException">The forge did not answer; nothing was decided.</exception>
    public async Task<InboxDecision> DecideAsync(Occurrence occurrence, CancellationToken cancellationToken)
    {
        TriggerEvent happened = occurrence.Happened;
        if (forges.FirstOrDefault(f => f.Name == occurrence.Forge) is not { } forge)
        {
            return Ignored(occurrence, $"there is no forge '{occurrence.Forge}' here");
        }

        if (TriggerRules.Decide(happened, Nothing) is Decision.Stop stop)
        {
            return await runner.StopAsync(occurrence, stop, cancellationToken);
        }

        if (happened is not { Repository: { } repository, RepositoryId: { } id })
        {
            return Ignored(occurrence, "it is about no repository");
        }

        if (await forge.FindSelfAsync(cancellationToken) == happened.Sender.Id)
        {
            return Ignored(occurrence, "it is our own echo");
        }

        InboxDecision decision = await DecideAsync(occurrence, forge, repository, id, cancellationToken);
        foreach (TriggerEvent also in happened.Also)
        {
            InboxDecision next = await DecideAsync(occurrence with { Happened = also }, forge, repository, id, cancellationToken);
            decision = decision with { RunId = decision.RunId ?? next.RunId, Reason = $"{decision.Reason}; {next.Reason}" };
        }

        return decision;
    }

    private TriggerScene Nothing => new() { Workflows = [], Permission = RepositoryPermission.None, Policy = policy };

    private async Task<InboxDecision> DecideAsync(Occurrence occurrence, IForge forge, RepoRef repository, long id, CancellationToken cancellationToken)
    {
        TriggerEvent happened = occurrence.Happened;
        bool isOurs = !TriggerRules.NeedsWorkflows(happened, policy) && TriggerRules.NeedsPermission(happened, Nothing);
        Right right = isOurs ? await AskAsync(occurrence, forge, repository, cancellationToken) : Right.NotAsked;
        TriggerQuery query = new(happened.Issue, happened.CommentId, happened.CommentPlace);
        if (await forge.Reader.ReadTriggerAsync(repository, query, cancellationToken) is not { Repository: { Head: not null, Archived: false } } facts || facts.Repository.Id != id)
        {
            return Ignored(occurrence, $"the repository {repository} is not there, empty, archived or another one now");
        }

        if (happened.Schedule is { } scheduled)
        {
            if (await CommitterAsync(forge, facts.Repository, scheduled, cancellationToken) is not { } committer)
            {
                return Ignored(occurrence, $"AW2042: whoever changed '{scheduled.Path}' last has no account there, so its schedule was not run");
            }

            happened = happened with { Sender = committer };
            occurrence = occurrence with { Happened = happened };
        }

        (IReadOnlyList<SourcedWorkflow> workflows, IReadOnlyList<Engine.Definition.Diagnostic> broken) = catalog.Read(facts.WorkflowFiles);
        Situation situation = new(occurrence, forge, facts, workflows);
        TriggerScene scene = Nothing with
        {
            Workflows = [.. workflows.Select(w => w.Workflow)],
            Broken = broken,
            Issue = facts.Issue,
            DefaultBranch = facts.Repository.DefaultBranch,
            OwnPullOf = await FindOwnPullAsync(situation, cancellationToken),
        };
        if (ReferenceEquals(right, Right.NotAsked) && TriggerRules.NeedsPermission(happened, scene))
        {
            right = await AskAsync(occurrence, forge, facts.Repository.Repository, cancellationToken);
        }

        if (right.IsProgram && happened.Push is null)
        {
            return Ignored(occurrence, "a program did it, and it is not listed in Triggers__AllowedBots");
        }

        Decision decision = right.IsUnknown
            ? new Decision.Refuse("AW2020", "Your access to this repository could not be verified, so nothing was run; try again in a while.")
            : TriggerRules.Decide(happened, scene with { Permission = right.Permission });

        // Whether it still holds is nobody's business who may not ask.
        decision = decision is Decision.Ignore or Decision.Refuse { Code: "AW2020" or "AW2021" } ? decision : Freshness.Of(happened, facts, time.GetUtcNow()) ?? Confidence.Of(decision, facts) ?? decision;
        decision = decision is Decision.Start ? Freshness.OfIssue(happened, facts) ?? decision : decision;
        return await runner.RunAsync(situation, decision, cancellationToken);
    }

    private static async Task<ActorId?> CommitterAsync(IForge forge, RepositoryFacts repository, ScheduledTime time, CancellationToken cancellationToken) =>
        forge.Watch is { } watch && repository.Head is { } head ? await watch.FindCommitterAsync(repository.Repository, head, time.Path, cancellationToken) : null;

    /// <summary>Asked now, and as often as an answer can be hoped for; not to know is a no (promise P44).</summary>
    private static async Task<Right> AskAsync(Occurrence occurrence, IForge forge, RepoRef repository, CancellationToken cancellationToken)
    {
        try
        {
            RepositoryPermission permission = await forge.Reader.GetPermissionAsync(repository, occurrence.Happened.Sender, cancellationToken);
            return new Right(permission, IsProgram: permission is RepositoryPermission.None && await forge.Reader.IsProgramAsync(occurrence.Happened.Sender, cancellationToken));
        }
        catch (ForgeException) when (occurrence.Attempt >= MostQuestions)
        {
            return Right.Unknown;
        }
    }

    private async Task<long?> FindOwnPullAsync(Situation situation, CancellationToken cancellationToken) =>
        situation.Facts.Issue is { Number: var number, Pull: { IsFork: false } pull }
            && await index.FindByBranchAsync(situation.Forge.Name, situation.Repository, pull.Head, cancellationToken) is { Issue: { } issue } && issue != number
            ? issue
            : null;

    private static InboxDecision Ignored(Occurrence occurrence, string reason) => new(occurrence.DeliveryId, null, reason);

    private sealed record Right(RepositoryPermission Permission, bool IsUnknown = false, bool IsProgram = false)
    {
        /// <summary>Nobody's right is in question yet, and none is assumed.</summary>
        public static Right NotAsked { get; } = new(RepositoryPermission.None);

        /// <summary>The forge would not say.</summary>
        public static Right Unknown { get; } = new(RepositoryPermission.None, IsUnknown: true);
    }
}
