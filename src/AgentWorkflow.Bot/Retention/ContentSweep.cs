using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Retention;

/// <summary>
/// Removes contents that no row points at. Contents are shared by their digest, so nobody who removes a row removes a content:
/// what is still pointed at is found out each time, and a process that dies in between leaves too much, never too little.
/// </summary>
internal sealed class ContentSweep(IEnumerable<IContentReferences> references, IContentCollector contents, TimeProvider time)
{
    // A step stores contents before the row that points at them; none works that long.
    private static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    /// <summary>Removes them.</summary>
    /// <returns>What was removed.</returns>
    public async Task<StoredAmount> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset before = time.GetUtcNow() - Grace;
        HashSet<ContentDigest> needed = [];
        foreach (IContentReferences room in references)
        {
            await foreach (string text in room.ReadAsync(cancellationToken))
            {
                ContentDigest.Collect(text, needed);
            }
        }

        return await contents.CollectAsync(sha256 => needed.Contains(ContentDigest.Parse(sha256)), before, cancellationToken);
    }
}
