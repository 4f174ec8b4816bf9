namespace AgentWorkflow.Bot.Intake;

/// <summary>A delivery that is to be stored. Whoever makes one has made sure where it comes from.</summary>
internal sealed record NewDelivery
{
    /// <summary>The longest id and name of an event that is taken.</summary>
    public const int MostNameLength = 100;

    /// <summary><c>github</c> or <c>gitlab</c>.</summary>
    public required string Forge { get; init; }

    /// <summary>Unique at the forge; the same one for a delivery that is sent again.</summary>
    public required string DeliveryId { get; init; }

    /// <summary><c>issue_comment</c>, <c>push</c>, ...</summary>
    public required string Event { get; init; }

    /// <summary>A member of <see cref="DeliverySource"/>.</summary>
    public required string Source { get; init; }

    /// <summary>The hook that sent it; null where it is not known.</summary>
    public long? HookId { get; init; }

    /// <summary>What the hook is installed on: <c>integration</c>, <c>repository</c>, ...</summary>
    public string? TargetType { get; init; }

    /// <summary>The id of what the hook is installed on.</summary>
    public long? TargetId { get; init; }

    /// <summary>The body as <see cref="PackedBody"/> keeps it.</summary>
    public required ArraySegment<byte> Body { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Why nobody can decide on it, where that is known on arrival; it is stored as decided then.</summary>
    public string? Unreadable { get; init; }
}

/// <summary>A delivery that waits for a decision.</summary>
/// <param name="Forge"><c>github</c>, <c>gitlab</c> or <c>local</c>.</param>
/// <param name="DeliveryId">Unique at the forge.</param>
/// <param name="Event">The event's name.</param>
/// <param name="Source">A member of <see cref="DeliverySource"/>.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Attempts">How often it could not be decided on.</param>
/// <param name="Body">The raw body; empty where it cannot be unpacked.</param>
internal sealed record WaitingDelivery(string Forge, string DeliveryId, string Event, string Source, DateTimeOffset ReceivedAt, int Attempts, ReadOnlyMemory<byte> Body);
