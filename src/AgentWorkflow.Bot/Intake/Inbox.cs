using System.Text.Json;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Runs.Pausing;
using AgentWorkflow.Bot.Triggers;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// Decides on stored deliveries. A delivery that is decided twice, because the process died in between, leads to the same run:
/// the run's key comes from what caused it.
/// </summary>
internal sealed class Inbox(DeliveryStore deliveries, EventDecider decider, Pauses pauses, TimeProvider time) : IDisposable
{
    private const int MostAttempts = 8;
    private const int Portion = 64;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    // The worker and the sweep both come here: deciding on one delivery twice would do no harm, but ask the forge twice.
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Decides on all that wait, oldest first. What cannot be decided now, because its forge does not answer, holds up no other.</summary>
    /// <param name="ownComment">The comment that the command line wrote itself: the code of that run comes from neither a model nor a stranger. Null for none.</param>
    /// <param name="cancellationToken">Ends after the delivery at hand.</param>
    /// <returns>What was decided, in order; a try that failed is among it, with the forge's reason.</returns>
    public async Task<IReadOnlyList<InboxDecision>> DecideAllAsync(long? ownComment, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await DecideWaitingAsync(ownComment, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<List<InboxDecision>> DecideWaitingAsync(long? ownComment, CancellationToken cancellationToken)
    {
        List<InboxDecision> decided = [];
        PauseState paused = await pauses.ReadAsync(cancellationToken);
        while (!paused.IsEverything && await deliveries.ReadWaitingAsync(Portion, cancellationToken) is { Count: > 0 } waiting)
        {
            // Each is decided or put off, so that the next portion is another one.
            foreach (WaitingDelivery delivery in waiting)
            {
                decided.Add(await TryDecideAsync(delivery, ownComment, paused, cancellationToken));
            }
        }

        return decided;
    }

    private async Task<InboxDecision> TryDecideAsync(WaitingDelivery delivery, long? ownComment, PauseState paused, CancellationToken cancellationToken)
    {
        InboxDecision? decision;
        try
        {
            decision = await DecideAsync(delivery, ownComment, paused, cancellationToken);
            if (decision is null)
            {
                await deliveries.HoldAsync(delivery, cancellationToken);
                return new InboxDecision(delivery.DeliveryId, null, "kept: its repository is paused");
            }
        }
        catch (ForgeException e)
        {
            int attempts = delivery.Attempts + 1;
            if (attempts < MostAttempts)
            {
                DateTimeOffset next = time.GetUtcNow() + (FirstPause * (1 << (attempts - 1)));
                await deliveries.PostponeAsync(delivery, e.Until > next ? e.Until.Value : next, cancellationToken);
                return new InboxDecision(delivery.DeliveryId, null, $"not decided yet: {e.Message}");
            }

            decision = new InboxDecision(delivery.DeliveryId, null, $"given up after {attempts} tries: {e.Message}");
        }

        await deliveries.DecideAsync(delivery, decision.Reason, decision.RunId, cancellationToken);
        return decision;
    }

    /// <summary>Null for what is kept because its repository is paused.</summary>
    private async Task<InboxDecision?> DecideAsync(WaitingDelivery delivery, long? ownComment, PauseState paused, CancellationToken cancellationToken)
    {
        if (!DeliveryPayload.TryRead(delivery.Body, out JsonDocument? payload, out string? unreadable))
        {
            return new InboxDecision(delivery.DeliveryId, null, $"unreadable: {unreadable}");
        }

        return Read(delivery, payload) is { } happened
            ? happened.Repository is { } repository && paused.Holds(repository.ToString()) ? null : await decider.DecideAsync(new Occurrence(delivery.Forge, delivery.DeliveryId, happened, delivery.Attempts + 1, ownComment), cancellationToken)
            : new InboxDecision(delivery.DeliveryId, null, "no trigger: nobody is said to have done it");
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
