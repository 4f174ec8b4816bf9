using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// The deliveries that are stored: those that wait, in the order in which they came, and what was decided. Those of forges and
/// those of the Local forge may lie in two places (on SQLite); nobody outside of here sees that.
/// </summary>
internal sealed class DeliveryStore(IDbContextFactory<BotDb> databases, DeliveryWriter writer, StorageOptions options, TimeProvider time)
{
    private const string LocalForge = "local";

    /// <summary>Stores a delivery; it is durable when this returns.</summary>
    /// <returns>False when it is there already.</returns>
    /// <exception cref="StorageException">It could not be committed.</exception>
    public async Task<bool> AddAsync(NewDelivery delivery)
    {
        if (IsInFile(delivery.Forge))
        {
            return await writer.WriteAsync(new DeliveryChange.Arrive(delivery));
        }

        await using BotDb db = await databases.CreateDbContextAsync(CancellationToken.None);
        db.Add(new DeliveryRow { Forge = delivery.Forge, DeliveryId = delivery.DeliveryId, Event = delivery.Event, Source = delivery.Source, Body = [.. delivery.Body], ReceivedAt = delivery.ReceivedAt, DueAt = delivery.ReceivedAt });
        try
        {
            return await db.SaveChangesAsync(CancellationToken.None) > 0;
        }
        catch (DbUpdateException e) when (StorageErrors.IsDuplicate(e))
        {
            return false;
        }
    }

    /// <summary>Which of these ids are here.</summary>
    public async Task<IReadOnlySet<string>> FindKnownAsync(string forge, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (DbContext db in await OpenAsync(cancellationToken))
        {
            await using (db)
            {
                known.UnionWith(await db.Set<DeliveryRow>().Where(d => d.Forge == forge && ids.Contains(d.DeliveryId)).Select(d => d.DeliveryId).ToListAsync(cancellationToken));
            }
        }

        return known;
    }

    /// <summary>Those that are due for a decision, oldest first.</summary>
    /// <param name="most">How many at most; bodies are up to 25 MB, so take them in portions.</param>
    /// <param name="besides">Ids of those that are being decided on, and left out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<WaitingDelivery>> ReadWaitingAsync(int most, IReadOnlyList<string> besides, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<DeliveryRow> rows = [];
        foreach (DbContext db in await OpenAsync(cancellationToken))
        {
            await using (db)
            {
                rows.AddRange(await db.Set<DeliveryRow>().AsNoTracking().Where(d => d.DecidedAt == null && d.DueAt <= now && !besides.Contains(d.DeliveryId))
                    .OrderBy(d => d.DueAt).ThenBy(d => d.DeliveryId).Take(most).ToListAsync(cancellationToken));
            }
        }

        return [.. rows.OrderBy(d => d.ReceivedAt).ThenBy(d => d.DeliveryId, StringComparer.Ordinal).Take(most).Select(Waiting)];
    }

    /// <summary>Keeps what was decided; a delivery that was decided on before stays as it is.</summary>
    public async Task DecideAsync(WaitingDelivery delivery, string decision, string? runId, CancellationToken cancellationToken)
    {
        CrashPoint.Here("decided:delivery");
        DateTimeOffset at = time.GetUtcNow();
        if (IsInFile(delivery.Forge))
        {
            await writer.WriteAsync(new DeliveryChange.Decide(delivery.Forge, delivery.DeliveryId, at, decision, runId)).WaitAsync(cancellationToken);
        }
        else
        {
            await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
            await db.Set<DeliveryRow>().Where(d => d.Forge == delivery.Forge && d.DeliveryId == delivery.DeliveryId && d.DecidedAt == null)
                .ExecuteUpdateAsync(s => s.SetProperty(d => d.DecidedAt, at).SetProperty(d => d.Decision, decision).SetProperty(d => d.RunId, runId), cancellationToken);
        }

        CrashPoint.Here("saved:delivery");
    }

    /// <summary>Lets a delivery that could not be decided on wait until then; one more attempt is counted.</summary>
    public Task PostponeAsync(WaitingDelivery delivery, DateTimeOffset until, CancellationToken cancellationToken) => DelayAsync(delivery, until, attempts: 1, cancellationToken);

    /// <summary>Keeps a delivery back for a time; no attempt is counted.</summary>
    public Task HoldAsync(WaitingDelivery delivery, TimeSpan pause, CancellationToken cancellationToken) => DelayAsync(delivery, time.GetUtcNow() + pause, attempts: 0, cancellationToken);

    /// <summary>Lets all that was put off or kept back be decided on now.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (DbContext db in await OpenAsync(cancellationToken))
        {
            await using (db)
            {
                await db.Set<DeliveryRow>().Where(d => d.DecidedAt == null && d.DueAt > now).ExecuteUpdateAsync(s => s.SetProperty(d => d.DueAt, now), cancellationToken);
            }
        }
    }

    /// <summary>Forgets bodies and keys whose time is over. What waits is kept however old it is.</summary>
    public async Task TrimAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset bodies = now - options.Retention.Payloads;
        DateTimeOffset keys = now - options.Retention.Deliveries;
        foreach (DbContext db in await OpenAsync(cancellationToken))
        {
            await using (db)
            {
                await db.Set<DeliveryRow>().Where(d => d.ReceivedAt < keys && d.DecidedAt != null).ExecuteDeleteAsync(cancellationToken);
                await db.Set<DeliveryRow>().Where(d => d.ReceivedAt < bodies && d.DecidedAt != null && d.Body != null)
                    .ExecuteUpdateAsync(s => s.SetProperty(d => d.Body, (byte[]?)null), cancellationToken);
            }
        }
    }

    private async Task DelayAsync(WaitingDelivery delivery, DateTimeOffset until, int attempts, CancellationToken cancellationToken)
    {
        if (IsInFile(delivery.Forge))
        {
            await writer.WriteAsync(new DeliveryChange.Postpone(delivery.Forge, delivery.DeliveryId, until, attempts)).WaitAsync(cancellationToken);
            return;
        }

        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Set<DeliveryRow>().Where(d => d.Forge == delivery.Forge && d.DeliveryId == delivery.DeliveryId && d.DecidedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(d => d.DueAt, until).SetProperty(d => d.Attempts, d => d.Attempts + attempts), cancellationToken);
    }

    private bool IsInFile(string forge) => options.Provider is DatabaseProvider.PostgreSql || forge != LocalForge;

    private async Task<IReadOnlyList<DbContext>> OpenAsync(CancellationToken cancellationToken)
    {
        DbContext main = await databases.CreateDbContextAsync(cancellationToken);
        string file = SqliteDeliveryTable.FileOf(options);
        if (options.Provider is DatabaseProvider.PostgreSql || !File.Exists(new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(file).DataSource))
        {
            return [main];
        }

        DbContextOptionsBuilder<DeliveryFileDb> builder = new();
        StorageServices.Configure(builder, options with { ConnectionString = file });
        DeliveryFileDb deliveries = new(builder.Options);

        // A file that is being made has no table yet, and so nothing that waits.
        if (await deliveries.Database.SqlQuery<long>($"SELECT count(*) AS \"Value\" FROM sqlite_master WHERE name = 'Deliveries'").SingleAsync(cancellationToken) > 0)
        {
            return [main, deliveries];
        }

        await deliveries.DisposeAsync();
        return [main];
    }

    private static WaitingDelivery Waiting(DeliveryRow row)
    {
        ReadOnlyMemory<byte> body = default;
        try
        {
            body = row.Body is { } packed ? PackedBody.Unpack(packed) : default;
        }
        catch (InvalidDataException)
        {
            // Empty is what nobody can read either, and it is decided on as that.
        }

        return new WaitingDelivery(row.Forge, row.DeliveryId, row.Event, row.Source, row.ReceivedAt, row.Attempts, body);
    }
}
