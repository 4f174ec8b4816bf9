using System.Text.Json;

using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>
/// Removes what runs leave behind when its time is over: first files and logs, later the runs themselves. A run that is not
/// over, that somebody holds, or that is told to try again is in use and stays.
/// </summary>
internal sealed class RunRemoval(IDbContextFactory<BotDb> databases, IStepWriter writer, StorageOptions storage)
{
    /// <summary>Lets go of the files and logs of runs that ended before the given moment. What they did stays on record; they cannot be tried again.</summary>
    /// <returns>How many.</returns>
    public async Task<int> StripAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        int stripped = 0;
        foreach (string id in await IdsAsync(db => Over(db, before).Where(r => r.BaseTree != ""), cancellationToken))
        {
            // Logs first: a run that still has its files is found again when the process ends here.
            DeleteLogs(id);
            using IDisposable? turn = await writer.TakeTurnAsync(cancellationToken);
            await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (await Over(db, before).Where(r => r.Id == id).ExecuteUpdateAsync(s => s.SetProperty(r => r.BaseTree, ""), cancellationToken) == 0)
            {
                continue; // Somebody has taken it up.
            }

            foreach (RunStepRow row in await db.Set<RunStepRow>().Where(s => s.RunId == id).ToListAsync(cancellationToken))
            {
                StepState state = JsonSerializer.Deserialize<StepState>(row.State, StateJson.Options) ?? throw new JsonException($"Step '{row.Key}' of run {id} has no state.");
                row.State = JsonSerializer.Serialize(state with { Changes = TreeDelta.None, Planned = [], Carry = null }, StateJson.Options);
            }

            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            stripped++;
        }

        return stripped;
    }

    /// <summary>Removes runs that ended before the given moment with all that belongs to them. One whose project is still there stays.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        int removed = 0;
        foreach (string id in await IdsAsync(db => WithoutProject(db, before), cancellationToken))
        {
            // The file first: what a dead process left of a run is found by its row. Its logs went with its files.
            File.Delete(RunRecords.PathOf(storage, id));
            using IDisposable? turn = await writer.TakeTurnAsync(cancellationToken);
            await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            int gone = await WithoutProject(db, before).Where(r => r.Id == id).ExecuteDeleteAsync(cancellationToken);
            if (gone > 0)
            {
                await db.Set<RunStepRow>().Where(s => s.RunId == id).ExecuteDeleteAsync(cancellationToken);
                await db.Set<RunEffectRow>().Where(e => e.RunId == id).ExecuteDeleteAsync(cancellationToken);
                await db.Set<RunSignalRow>().Where(s => s.RunId == id).ExecuteDeleteAsync(cancellationToken);
                await db.Set<RunGroupRow>().Where(g => g.RunId == id).ExecuteDeleteAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
            removed += gone;
        }

        return removed;
    }

    private async Task<List<string>> IdsAsync(Func<BotDb, IQueryable<RunRow>> which, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await which(db).OrderBy(r => r.FinishedAt).Select(r => r.Id).ToListAsync(cancellationToken);
    }

    private static IQueryable<RunRow> Over(BotDb db, DateTimeOffset before) => db.Set<RunRow>()
        .Where(r => r.FinishedAt != null && r.FinishedAt < before && r.LeaseOwner == null && !db.Set<RunSignalRow>().Any(s => s.RunId == r.Id && s.Kind == RunSignal.Retry));

    private static IQueryable<RunRow> WithoutProject(BotDb db, DateTimeOffset before) => Over(db, before).Where(r => r.BaseTree == "" && !db.Set<ProjectRow>().Any(p => p.RunId == r.Id));

    private void DeleteLogs(string id)
    {
        string folder = Path.GetDirectoryName(StepLog.PathOf(storage, id, "step")) ?? "";
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
