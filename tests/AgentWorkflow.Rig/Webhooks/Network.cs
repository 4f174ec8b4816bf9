namespace AgentWorkflow.Rig.Webhooks;

/// <summary>How good the way to the bot is.</summary>
public enum Network
{
    /// <summary>Each delivery arrives once, in order.</summary>
    Good,

    /// <summary>Nothing is sent; all stand in the deliveries API as failed.</summary>
    Silent,

    /// <summary>Every second delivery is lost (and stands as failed).</summary>
    Lossy,

    /// <summary>Each delivery arrives twice at once, with the same id.</summary>
    Doubling,

    /// <summary>Deliveries are kept until <see cref="Courier{T}.ReleaseAsync"/> and then sent last first.</summary>
    Reordering,
}
