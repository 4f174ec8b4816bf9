using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Retention;

/// <summary>Removes projects when their time is over. One in use stays: its run is not over or shall be tried again, or an archive of it is there or being made.</summary>
internal sealed class ProjectRemoval(IDbContextFactory<BotDb> databases, IStepWriter writer)
{
    /// <summary>Removes projects that were recorded before the given moment.</summary>
    /// <returns>How many.</returns>
    public async Task<int> RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        int removed = 0;
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (string id in await Unused(db, before).Select(p => p.Id).ToListAsync(cancellationToken))
        {
            using IDisposable? turn = await writer.TakeTurnAsync(cancellationToken);
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);

            // Asked again in the transaction: somebody may have begun to use it.
            if (await Unused(db, before).AnyAsync(p => p.Id == id, cancellationToken))
            {
                await db.Set<ProjectFileRow>().Where(f => f.ProjectId == id).ExecuteDeleteAsync(cancellationToken);
                removed += await db.Set<ProjectRow>().Where(p => p.Id == id).ExecuteDeleteAsync(cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        return removed;
    }

    private static IQueryable<ProjectRow> Unused(BotDb db, DateTimeOffset before) => db.Set<ProjectRow>()
        .Where(p => p.CreatedAt < before)
        .Where(p => !db.Set<RunRow>().Any(r => r.Id == p.RunId && (r.FinishedAt == null || r.LeaseOwner != null)))
        .Where(p => !db.Set<RunSignalRow>().Any(s => s.RunId == p.RunId && s.Kind == RunSignal.Retry))
        .Where(p => !db.Set<RepositoryExportRow>().Any(e => e.ProjectId == p.Id || (e.ProjectId == null && e.Tree == p.Tree)));
}
