using System.Text.Json;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Triggers;

namespace AgentWorkflow.Bot.Intake.Watching;

/// <summary>Stores events that were found by looking, unless they were decided on before.</summary>
internal sealed class MissedEvents(DeliveryStore deliveries, Causes causes, TriggerPolicy policy, TimeProvider time)
{
    /// <summary>Stores them.</summary>
    /// <returns>How many are new.</returns>
    public async Task<int> StoreAsync(string forge, IReadOnlyList<MissedEvent> events)
    {
        int stored = 0;
        foreach (MissedEvent missed in events)
        {
            if (await IsNewAsync(forge, missed) && await deliveries.AddAsync(Delivery(forge, missed)))
            {
                stored++;
            }
        }

        return stored;
    }

    private async Task<bool> IsNewAsync(string forge, MissedEvent missed)
    {
        using JsonDocument payload = JsonDocument.Parse(missed.Payload);
        return ForgeEvents.TryRead(forge, missed.Event, payload.RootElement) is { } happened
            && Screening.Of(happened, policy) is null
            && await causes.FindAsync(forge, happened, CancellationToken.None) is null;
    }

    private NewDelivery Delivery(string forge, MissedEvent missed) => new()
    {
        Forge = forge,
        DeliveryId = missed.Id,
        Event = missed.Event,
        Source = DeliverySource.Own,
        Body = PackedBody.Pack(missed.Payload),
        ReceivedAt = time.GetUtcNow(),
    };
}
