namespace AgentWorkflow.Bot.Storage;

/// <summary>Removes contents that nobody needs, and says how much there is.</summary>
internal interface IContentCollector
{
    /// <summary>
    /// Removes what is not needed and was put for the last time before the given moment. What is put again in the meantime
    /// stays: putting makes a content new.
    /// </summary>
    /// <param name="isNeeded">Asked with digests.</param>
    /// <param name="before">What was put later may belong to a row that is not written yet.</param>
    /// <param name="cancellationToken">Stops between two contents.</param>
    /// <returns>What was removed.</returns>
    Task<StoredAmount> CollectAsync(Func<string, bool> isNeeded, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>How much is stored.</summary>
    Task<StoredAmount> MeasureAsync(CancellationToken cancellationToken);
}

/// <summary>How much of something.</summary>
/// <param name="Count">How many.</param>
/// <param name="Bytes">Their size together.</param>
internal sealed record StoredAmount(long Count, long Bytes)
{
    /// <summary>Nothing.</summary>
    public static StoredAmount None { get; } = new(0, 0);

    /// <summary>Both together.</summary>
    public static StoredAmount operator +(StoredAmount one, StoredAmount other) => new(one.Count + other.Count, one.Bytes + other.Bytes);
}
