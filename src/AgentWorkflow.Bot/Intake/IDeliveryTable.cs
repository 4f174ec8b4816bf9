using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// Where deliveries of forges are kept. It is written by one thread at a time, many rows in one transaction: that, and nothing
/// between the statement and the database, is what makes taking them in cheap.
/// </summary>
internal interface IDeliveryTable : IDisposable
{
    /// <summary>Applies all in one transaction, which is durable when this returns; a conflict of keys changes nothing and fails nothing.</summary>
    /// <returns>For each whether it changed a row, in order.</returns>
    /// <exception cref="StorageException">Nothing of it could be committed.</exception>
    bool[] Apply(IReadOnlyList<DeliveryChange> changes);
}

/// <summary>A change of the table.</summary>
internal abstract record DeliveryChange
{
    private DeliveryChange()
    {
    }

    /// <summary>A delivery came; false for one that is there already.</summary>
    internal sealed record Arrive(NewDelivery Delivery) : DeliveryChange;

    /// <summary>A delivery was decided on; false when it was before.</summary>
    internal sealed record Decide(string Forge, string DeliveryId, DateTimeOffset At, string Decision, string? RunId) : DeliveryChange;

    /// <summary>A delivery could not be decided on and is due again later; so many attempts are counted.</summary>
    internal sealed record Postpone(string Forge, string DeliveryId, DateTimeOffset DueAt, int Attempts) : DeliveryChange;

    /// <summary>Nothing: to see that a transaction can be committed.</summary>
    internal sealed record Probe : DeliveryChange;
}
