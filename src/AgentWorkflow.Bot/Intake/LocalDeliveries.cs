using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Intake;

/// <summary>Takes what people do on the Local forge into the inbox, in the transaction that stores the deed: neither is ever without the other.</summary>
internal sealed class LocalDeliveries(TimeProvider time) : ILocalWebhookSink
{
    /// <inheritdoc/>
    public Task DeliverAsync(BotDb db, string deliveryId, string eventName, JsonObject payload, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        db.Add(new DeliveryRow
        {
            Forge = "local",
            DeliveryId = deliveryId,
            Event = eventName,
            Source = DeliverySource.Local,
            Body = PackedBody.PackExactly(Encoding.UTF8.GetBytes(payload.ToJsonString())),
            ReceivedAt = now,
            DueAt = now,
        });
        return Task.CompletedTask;
    }
}
