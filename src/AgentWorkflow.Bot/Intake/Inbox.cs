using System.Collections.Concurrent;
using System.Text.Json;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Intake.Watching;
using AgentWorkflow.Bot.Runs.Pausing;
using AgentWorkflow.Bot.Triggers;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// Decides on stored deliveries, side by side, those of one repository in the order in which they came. A delivery that is decided
/// twice, because the process died in between or another replica took it too, leads to the same run: the run's key comes from what
/// caused it.
/// </summary>
internal sealed class Inbox(DeliveryStore deliveries, EventDecider decider, Pauses pauses, Causes causes, TimeProvider time) : IDisposable
{
    private const int MostAttempts = 8;
    private const int Portion = 64;
    private const int MostTaken = 1_024;
    private const int MostOfOwner = 128;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FullPause = TimeSpan.FromSeconds(2);

    private readonly Lanes _lanes = new();
    private readonly SemaphoreSlim _oneReader = new(1);

    // What this process is deciding on, so that nobody here takes it again.
    private readonly ConcurrentDictionary<(string Forge, string DeliveryId), byte> _taken = [];

    // Of each owner whose places are taken: how many were put off, so that they come back a few at a time.
    private readonly ConcurrentDictionary<string, int> _putOff = new(StringComparer.Ordinal);

    /// <summary>Decides on all that wait and that nobody here is deciding on, and waits for it.</summary>
    /// <param name="ownComment">The comment that the command line wrote itself: the code of that run comes from neither a model nor a stranger. Null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was decided, in order; a try that failed is among it, with the forge's reason.</returns>
    public async Task<IReadOnlyList<InboxDecision>> DecideAllAsync(long? ownComment, CancellationToken cancellationToken)
    {
        List<InboxDecision> decided = [];
        while (await TakeAsync(ownComment, cancellationToken) is { Count: > 0 } begun)
        {
            decided.AddRange(await Task.WhenAll(begun));
        }

        return decided;
    }

    /// <summary>Begins to decide on all that wait and does not wait for it: what hangs holds up neither the caller nor the others.</summary>
    /// <param name="ownComment">As above.</param>
    /// <param name="cancellationToken">Ends the decisions too.</param>
    /// <returns>The decisions, oldest delivery first.</returns>
    public async Task<IReadOnlyList<Task<InboxDecision>>> TakeAsync(long? ownComment, CancellationToken cancellationToken)
    {
        await _oneReader.WaitAsync(cancellationToken);
        try
        {
            List<Task<InboxDecision>> begun = [];
            bool isPaused = (await pauses.ReadAsync(cancellationToken)).IsEverything;

            // What cannot even be put off, because nothing can be written, is left for a later look.
            while (!isPaused && _taken.Count < MostTaken && !begun.Exists(d => d.IsFaulted)
                && await deliveries.ReadWaitingAsync(Portion, [.. _taken.Keys.Select(t => t.DeliveryId)], cancellationToken) is { Count: > 0 } waiting)
            {
                begun.AddRange(waiting.Select(d => BeginAsync(d, ownComment, cancellationToken)));
            }

            return begun;
        }
        finally
        {
            _oneReader.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _oneReader.Dispose();
        _lanes.Dispose();
    }

    private async Task<InboxDecision> BeginAsync(WaitingDelivery delivery, long? ownComment, CancellationToken cancellationToken)
    {
        _taken[(delivery.Forge, delivery.DeliveryId)] = 0;
        try
        {
            TriggerEvent? happened = Read(delivery, out string? nothing);
            nothing ??= happened is null ? "no trigger: nobody is said to have done it" : decider.Screen(happened);
            if (happened is null || nothing is not null)
            {
                return await SettleAsync(delivery, new InboxDecision(delivery.DeliveryId, null, nothing ?? ""), cancellationToken);
            }

            // A delivery about several repositories waits for none of them: it stops what is at work there.
            string repository = happened.Repository?.ToString().ToLowerInvariant() ?? delivery.DeliveryId;
            Lane lane = new($"{delivery.Forge}/{happened.Repository?.Owner.ToLowerInvariant() ?? delivery.DeliveryId}", $"{delivery.Forge}/{repository}");
            WaitingDelivery light = delivery with { Body = default };
            return IsFull(lane.Owner, out TimeSpan pause)
                ? await PutOffAsync(light, pause, cancellationToken)
                : await _lanes.RunAsync(lane, () => TryDecideAsync(light, happened, ownComment, cancellationToken), cancellationToken);
        }
        finally
        {
            _taken.TryRemove((delivery.Forge, delivery.DeliveryId), out _);
        }
    }

    /// <summary>Memory is not for the backlog of one: what finds no place stays in the store, and comes back in portions.</summary>
    private bool IsFull(string owner, out TimeSpan pause)
    {
        if (_lanes.CountOf(owner) < MostOfOwner)
        {
            _putOff.TryRemove(owner, out _);
            pause = TimeSpan.Zero;
            return false;
        }

        pause = FullPause * (1 + (_putOff.AddOrUpdate(owner, 1, static (_, count) => count + 1) / MostOfOwner));
        return true;
    }

    private async Task<InboxDecision> PutOffAsync(WaitingDelivery delivery, TimeSpan pause, CancellationToken cancellationToken)
    {
        await deliveries.HoldAsync(delivery, pause, cancellationToken);
        return new InboxDecision(delivery.DeliveryId, null, "kept: its owner has enough at work");
    }

    private async Task<InboxDecision> TryDecideAsync(WaitingDelivery delivery, TriggerEvent happened, long? ownComment, CancellationToken cancellationToken)
    {
        PauseState paused = await pauses.ReadAsync(cancellationToken);
        if (paused.IsEverything || (happened.Repository is { } repository && paused.Holds(repository.ToString())))
        {
            // A resume ends it at once; the time is for one that another version made.
            await deliveries.HoldAsync(delivery, TimeSpan.FromMinutes(1), cancellationToken);
            return new InboxDecision(delivery.DeliveryId, null, "kept: its repository is paused");
        }

        if (await causes.FindAsync(delivery.Forge, happened, cancellationToken) is { } before && before != delivery.DeliveryId)
        {
            return await SettleAsync(delivery, new InboxDecision(delivery.DeliveryId, null, $"decided on before, as {before}"), cancellationToken);
        }

        try
        {
            Occurrence occurrence = new(delivery.Forge, delivery.DeliveryId, happened, delivery.Attempts + 1, ownComment);
            InboxDecision decision = await decider.DecideAsync(occurrence, cancellationToken);
            await causes.AddAsync(delivery.Forge, happened, delivery.DeliveryId, cancellationToken);
            return await SettleAsync(delivery, decision, cancellationToken);
        }
        catch (ForgeException e) when (delivery.Attempts + 1 < MostAttempts)
        {
            DateTimeOffset next = time.GetUtcNow() + (FirstPause * (1 << delivery.Attempts));
            await deliveries.PostponeAsync(delivery, e.Until > next ? e.Until.Value : next, cancellationToken);
            return new InboxDecision(delivery.DeliveryId, null, $"not decided yet: {e.Message}");
        }
        catch (ForgeException e)
        {
            return await SettleAsync(delivery, new InboxDecision(delivery.DeliveryId, null, $"given up after {delivery.Attempts + 1} tries: {e.Message}"), cancellationToken);
        }
    }

    private async Task<InboxDecision> SettleAsync(WaitingDelivery delivery, InboxDecision decision, CancellationToken cancellationToken)
    {
        await deliveries.DecideAsync(delivery, decision.Reason, decision.RunId, cancellationToken);
        return decision;
    }

    private static TriggerEvent? Read(WaitingDelivery delivery, out string? unreadable)
    {
        if (!DeliveryPayload.TryRead(delivery.Body, out JsonDocument? payload, out unreadable))
        {
            unreadable = $"unreadable: {unreadable}";
            return null;
        }

        using (payload)
        {
            return ForgeEvents.TryRead(delivery.Forge, delivery.Event, payload.RootElement);
        }
    }
}

/// <summary>What was decided on a delivery.</summary>
internal sealed record InboxDecision(string DeliveryId, string? RunId, string Reason);
