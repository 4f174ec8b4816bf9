using AgentWorkflow.Bot.Forges;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// Fetches what never came: asks each forge for its list of deliveries and stores those that are not here, under the id that the
/// webhook would have had. So a delivery that comes both ways is one (promise P12).
/// </summary>
internal sealed partial class CatchUp(IEnumerable<IDeliveryArchive> archives, DeliveryStore deliveries, TimeProvider time, ILogger<CatchUp> logger)
{
    private const int AtOnce = 100;

    /// <summary>How far the first look goes back: as far as any forge keeps its list.</summary>
    private static readonly TimeSpan Farthest = TimeSpan.FromDays(30);

    /// <summary>How far a look goes behind the one before: clocks differ, and what was on its way then has arrived now.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(15);

    // In memory alone: after a start all is looked through again, which finds what a restored backup has lost too.
    private readonly Dictionary<string, DateTimeOffset> _completed = new(StringComparer.Ordinal);

    /// <summary>The forges that can be asked.</summary>
    public IEnumerable<IDeliveryArchive> Archives => archives;

    /// <summary>Looks once. What a forge does not tell now is told by the next look.</summary>
    /// <returns>How many deliveries were stored.</returns>
    public async Task<int> RunAsync(IDeliveryArchive archive, CancellationToken cancellationToken)
    {
        DateTimeOffset begun = time.GetUtcNow();
        DateTimeOffset since = _completed.TryGetValue(archive.Forge, out DateTimeOffset before) ? before - Overlap : begun - Farthest;
        int stored = 0;
        try
        {
            List<ArchivedDelivery> page = new(AtOnce);
            await foreach (ArchivedDelivery listed in archive.ListAsync(since, cancellationToken))
            {
                page.Add(listed);
                if (page.Count == AtOnce)
                {
                    stored += await StoreMissingAsync(archive, page, cancellationToken);
                    page.Clear();
                }
            }

            stored += await StoreMissingAsync(archive, page, cancellationToken);
            _completed[archive.Forge] = begun;
        }
        catch (ForgeException exception)
        {
            Log.NotNow(logger, archive.Forge, exception.Message);
        }

        if (stored > 0)
        {
            Log.Fetched(logger, stored, archive.Forge);
        }

        return stored;
    }

    private async Task<int> StoreMissingAsync(IDeliveryArchive archive, List<ArchivedDelivery> page, CancellationToken cancellationToken)
    {
        // One event may be there several times: sent, and sent again.
        List<ArchivedDelivery> useful = [.. page.Where(d => NeededEvents.Contains(d.Event, d.Action)).DistinctBy(d => d.DeliveryId, StringComparer.Ordinal)];
        IReadOnlySet<string> known = await deliveries.FindKnownAsync(archive.Forge, [.. useful.Select(d => d.DeliveryId)], cancellationToken);
        int stored = 0;

        // Oldest first, so that what is decided on first came first.
        foreach (ArchivedDelivery missing in useful.Where(d => !known.Contains(d.DeliveryId)).OrderBy(d => d.SentAt))
        {
            if (await archive.ReadAsync(missing, cancellationToken) is { } payload && await deliveries.AddAsync(Delivery(archive, missing, payload)))
            {
                stored++;
            }
        }

        return stored;
    }

    private static NewDelivery Delivery(IDeliveryArchive archive, ArchivedDelivery missing, byte[] payload) => new()
    {
        Forge = archive.Forge,
        DeliveryId = missing.DeliveryId,
        Event = missing.Event,
        Source = DeliverySource.Fetched,
        Body = PackedBody.Pack(payload),
        ReceivedAt = missing.SentAt,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Count} deliveries of {Forge} that never came were fetched.")]
        public static partial void Fetched(ILogger logger, int count, string forge);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The missed deliveries of {Forge} cannot be asked for now: {Reason}")]
        public static partial void NotNow(ILogger logger, string forge, string reason);
    }
}
