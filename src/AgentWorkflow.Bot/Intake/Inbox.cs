using System.Text;
using System.Text.Json;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// Decides on stored deliveries. A delivery that is decided twice, because the process died in between, leads to the same run:
/// the run's key comes from what caused it.
/// </summary>
internal sealed class Inbox(
    DeliveryStore deliveries, IEnumerable<IForge> forges, WorkflowCatalog catalog, RunStarter starter, RunStore runs, RunMarker markers, TimeProvider time)
{
    private const int MostAttempts = 8;
    private const int Portion = 64;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    /// <summary>Decides on all that wait, oldest first. What cannot be decided now, because its forge does not answer, holds up no other.</summary>
    /// <param name="ownComment">The comment that the command line wrote itself: the code of that run comes from neither a model nor a stranger. Null for none.</param>
    /// <param name="cancellationToken">Ends after the delivery at hand.</param>
    /// <returns>What was decided, in order; a try that failed is among it, with the forge's reason.</returns>
    public async Task<IReadOnlyList<InboxDecision>> DecideAllAsync(long? ownComment, CancellationToken cancellationToken)
    {
        List<InboxDecision> decided = [];
        while (await deliveries.ReadWaitingAsync(Portion, cancellationToken) is { Count: > 0 } waiting)
        {
            // Each is decided or put off, so that the next portion is another one.
            foreach (WaitingDelivery delivery in waiting)
            {
                decided.Add(await TryDecideAsync(delivery, ownComment, cancellationToken));
            }
        }

        return decided;
    }

    private async Task<InboxDecision> TryDecideAsync(WaitingDelivery delivery, long? ownComment, CancellationToken cancellationToken)
    {
        InboxDecision decision;
        try
        {
            decision = await DecideAsync(delivery, ownComment, cancellationToken);
        }
        catch (ForgeException e)
        {
            int attempts = delivery.Attempts + 1;
            if (attempts < MostAttempts)
            {
                await deliveries.PostponeAsync(delivery, time.GetUtcNow() + (FirstPause * (1 << (attempts - 1))), cancellationToken);
                return new InboxDecision(delivery.DeliveryId, null, $"not decided yet: {e.Message}");
            }

            decision = new InboxDecision(delivery.DeliveryId, null, $"given up after {attempts} tries: {e.Message}");
        }

        await deliveries.DecideAsync(delivery, decision.Reason, decision.RunId, cancellationToken);
        return decision;
    }

    private async Task<InboxDecision> DecideAsync(WaitingDelivery delivery, long? ownComment, CancellationToken cancellationToken)
    {
        if (!DeliveryPayload.TryRead(delivery.Body, out JsonDocument? payload, out string? unreadable))
        {
            return new InboxDecision(delivery.DeliveryId, null, $"unreadable: {unreadable}");
        }

        TriggerEvent? happened = Read(delivery, payload);
        IForge? forge = forges.FirstOrDefault(f => f.Name == delivery.Forge);
        if (happened is null || forge is null || !TriggerRules.IsWorthAsking(happened))
        {
            return new InboxDecision(delivery.DeliveryId, null, "no trigger");
        }

        TriggerQuery query = new(happened.Issue, happened.CommentId);
        if (await forge.Reader.ReadTriggerAsync(happened.Repository, query, cancellationToken) is not { Repository: { Head: not null, Archived: false } } facts
            || facts.Repository.Id != happened.RepositoryId)
        {
            return new InboxDecision(delivery.DeliveryId, null, $"the repository {happened.Repository} is not there, archived or another one now");
        }

        (IReadOnlyList<SourcedWorkflow> workflows, _) = catalog.Read(facts.WorkflowFiles);
        RepositoryPermission permission = await forge.Reader.GetPermissionAsync(happened.Repository, happened.Sender, cancellationToken);
        Decision decision = TriggerRules.Decide(happened, [.. workflows.Select(w => w.Workflow)], permission, RepositoryPermission.Write);
        return decision switch
        {
            Decision.Start start => await StartAsync(forge, happened, facts, workflows, start, ownComment, delivery.DeliveryId, cancellationToken),
            Decision.Tell tell => await TellAsync(delivery, happened, tell, cancellationToken),
            Decision.Refuse refuse => await RefuseAsync(forge, happened, refuse, delivery.DeliveryId, cancellationToken),
            Decision.Ignore ignore => new InboxDecision(delivery.DeliveryId, null, ignore.Reason),
            _ => throw new ArgumentOutOfRangeException(nameof(delivery), decision, "Unknown decision."),
        };
    }

    private async Task<InboxDecision> StartAsync(
        IForge forge, TriggerEvent happened, TriggerFacts facts, IReadOnlyList<SourcedWorkflow> workflows, Decision.Start start,
        long? ownComment, string deliveryId, CancellationToken cancellationToken)
    {
        SourcedWorkflow source = workflows.First(w => w.Workflow.Name == start.Workflow.Name);
        RepositoryFacts repository = facts.Repository;
        CommitId head = repository.Head ?? throw new ArgumentException("A repository without a commit starts nothing.", nameof(facts));
        string id = await starter.StartAsync(
            new RunRequest
            {
                Forge = forge.Name,
                Repository = repository,
                BaseTree = await forge.Reader.ReadTreeAsync(repository.Repository, head, cancellationToken),
                Workflow = start.Workflow,
                WorkflowText = Encoding.UTF8.GetString(source.Text),
                IsBuiltIn = source.IsBuiltIn,
                Inputs = start.Inputs,
                Actor = happened.Sender,
                Issue = facts.Issue,
                Event = EventContexts.Of(happened, facts.Issue, start.Command),
                Kind = start.Kind,
                CauseId = start.CauseId,
                CommentId = happened.CommentId,
                MayRunUnsandboxed = source.IsBuiltIn && ownComment is not null && ownComment == happened.CommentId,
            },
            cancellationToken);
        return new InboxDecision(deliveryId, id, $"started run {id}");
    }

    private async Task<InboxDecision> TellAsync(WaitingDelivery delivery, TriggerEvent happened, Decision.Tell tell, CancellationToken cancellationToken)
    {
        string? run = await runs.FindNewestAsync(delivery.Forge, happened.Repository, happened.Issue, cancellationToken);
        if (run is null)
        {
            return new InboxDecision(delivery.DeliveryId, null, "there is no run here");
        }

        bool told = await runs.SignalAsync(run, tell.Signal, tell.Payload.DeepClone().AsObject(), cancellationToken);
        return new InboxDecision(delivery.DeliveryId, run, told ? $"told run {run}: {tell.Signal}" : $"run {run} is over");
    }

    /// <summary>A refusal is a reaction and one sentence; both are found again by their keys, so a repeat adds nothing.</summary>
    private async Task<InboxDecision> RefuseAsync(IForge forge, TriggerEvent happened, Decision.Refuse refuse, string deliveryId, CancellationToken cancellationToken)
    {
        EffectOwner owner = new(deliveryId, markers.OfRefusal(deliveryId));
        List<Effect> effects = [];
        if (happened.CommentId is { } comment)
        {
            effects.Add(new AddReaction(new EffectKey($"reaction/{comment}/-1"), comment, "-1"));
        }

        if (happened.Issue is { } issue)
        {
            effects.Add(new PutComment(new EffectKey($"comment/refusal/{deliveryId}"), issue, owner.Marker, refuse.Reason));
        }

        foreach (Effect effect in effects)
        {
            if (await forge.Writer.FindAsync(happened.Repository, effect, owner, cancellationToken) is null or { Outcome: EffectOutcome.Planned })
            {
                await forge.Writer.ApplyAsync(happened.Repository, effect, owner, there: null, cancellationToken);
            }
        }

        return new InboxDecision(deliveryId, null, $"{refuse.Code}: {refuse.Reason}");
    }

    private static TriggerEvent? Read(WaitingDelivery delivery, JsonDocument payload)
    {
        using (payload)
        {
            return TriggerEvent.TryRead(delivery.Event, payload.RootElement);
        }
    }
}

/// <summary>What was decided on a delivery.</summary>
internal sealed record InboxDecision(string DeliveryId, string? RunId, string Reason);
