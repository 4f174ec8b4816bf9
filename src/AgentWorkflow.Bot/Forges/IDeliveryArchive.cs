namespace AgentWorkflow.Bot.Forges;

/// <summary>What a forge keeps of the events that it sent, or could not send: the way by which missed ones come back.</summary>
internal interface IDeliveryArchive
{
    /// <summary>The forge's name.</summary>
    string Forge { get; }

    /// <summary>Seconds between two looks where events come by this way alone; null where they are sent to us.</summary>
    int? PollSeconds { get; }

    /// <summary>The deliveries since a time, newest first, as far back as the forge keeps them.</summary>
    /// <exception cref="ForgeException">It cannot be known now.</exception>
    IAsyncEnumerable<ArchivedDelivery> ListAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>The payload of one as JSON, or null where it is gone.</summary>
    /// <exception cref="ForgeException">It cannot be known now.</exception>
    Task<byte[]?> ReadAsync(ArchivedDelivery delivery, CancellationToken cancellationToken);
}

/// <summary>A delivery in the forge's list.</summary>
/// <param name="Id">Its number in the list: each attempt has its own.</param>
/// <param name="DeliveryId">What all attempts have in common, and what a webhook carries.</param>
/// <param name="Event">The event's name.</param>
/// <param name="Action">What happened, where the event has kinds.</param>
/// <param name="SentAt">When it was sent.</param>
/// <param name="Payload">The payload, where the list has it already.</param>
internal sealed record ArchivedDelivery(long Id, string DeliveryId, string Event, string? Action, DateTimeOffset SentAt, byte[]? Payload = null);
