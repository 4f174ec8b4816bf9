using System.Text.Json;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>The effects of runs and their receipts: the audit log of what was done outside.</summary>
internal sealed class EffectLedger(IDbContextFactory<BotDb> databases, TimeProvider time)
{
    /// <summary>The receipts of a run so far, by key.</summary>
    public async Task<IReadOnlyDictionary<string, Receipt>> ReadReceiptsAsync(string runId, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<string> stored = await db.Set<RunEffectRow>().Where(e => e.RunId == runId && e.Receipt != null).Select(e => e.Receipt ?? "").ToListAsync(cancellationToken);
        return stored.Select(Read).ToDictionary(r => r.Key.Value, StringComparer.Ordinal);
    }

    /// <summary>All effects of a run in the order they were asked for: kind, key, outcome.</summary>
    public async Task<IReadOnlyList<RunEffectRow>> ListAsync(string runId, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<RunEffectRow>().AsNoTracking().Where(e => e.RunId == runId).OrderBy(e => e.Ordinal).ToListAsync(cancellationToken);
    }

    /// <summary>Stores an effect that the run itself asks for, before it is applied.</summary>
    /// <returns>False when it was stored before.</returns>
    public async Task<bool> PlanAsync(string runId, Effect effect, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        int count = await db.Set<RunEffectRow>().CountAsync(e => e.RunId == runId, cancellationToken);
        if (await db.Set<RunEffectRow>().AnyAsync(e => e.RunId == runId && e.Key == effect.Key.Value, cancellationToken))
        {
            return false;
        }

        db.Add(NewRow(runId, effect, count, time.GetUtcNow()));
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Records what an effect left outside. It has happened: this is not cancelled.</summary>
    public async Task RecordAsync(string runId, Receipt receipt)
    {
        await using BotDb db = await databases.CreateDbContextAsync(CancellationToken.None);
        string outcome = JsonNamingPolicy.CamelCase.ConvertName(receipt.Outcome.ToString());
        string json = JsonSerializer.Serialize(receipt, StateJson.Options);
        DateTimeOffset now = time.GetUtcNow();
        await db.Set<RunEffectRow>().Where(e => e.RunId == runId && e.Key == receipt.Key.Value).ExecuteUpdateAsync(
            s => s.SetProperty(e => e.Outcome, outcome).SetProperty(e => e.Receipt, json).SetProperty(e => e.DoneAt, (DateTimeOffset?)now), CancellationToken.None);
    }

    /// <summary>The row of an effect that is about to be applied.</summary>
    public static RunEffectRow NewRow(string runId, Effect effect, int ordinal, DateTimeOffset now) => new()
    {
        RunId = runId,
        Key = effect.Key.Value,
        Kind = effect.Kind,
        Ordinal = ordinal,
        Outcome = "planned",
        PlannedAt = now,
    };

    private static Receipt Read(string json) => JsonSerializer.Deserialize<Receipt>(json, StateJson.Options) ?? throw new JsonException("A stored receipt is null.");
}
