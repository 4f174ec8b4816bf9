using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Exports;

/// <summary>Removes archives when their time is over; whoever asks for one again gets the same bytes.</summary>
internal sealed class ArchiveRemoval(IDbContextFactory<BotDb> databases, IObjectStore objects)
{
    /// <summary>Removes archives that were written, or given up, before the given moment, and what has no row.</summary>
    /// <returns>What was removed.</returns>
    public async Task<StoredAmount> RemoveAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        StoredAmount removed = StoredAmount.None;
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        IQueryable<RepositoryExportRow> over = db.Set<RepositoryExportRow>().Where(e => (e.FinishedAt ?? e.CreatedAt) < before);
        foreach (RepositoryExportRow row in await over.AsNoTracking().ToListAsync(cancellationToken))
        {
            // The object first: when the process ends here, the row leads back to it. Who writes it again meanwhile ends later than that.
            await objects.DeleteAsync(ArchivePublisher.ObjectOf(row.FileName), cancellationToken);
            if (await over.Where(e => e.Id == row.Id).ExecuteDeleteAsync(cancellationToken) > 0)
            {
                removed += new StoredAmount(1, row.Size);
            }
        }

        await foreach (StoredObject found in objects.ListAsync(ArchivePublisher.Folder, cancellationToken))
        {
            string fileName = found.Name[(ArchivePublisher.Folder.Length + 1)..];
            if (found.WrittenAt < before && !await db.Set<RepositoryExportRow>().AnyAsync(e => e.FileName == fileName, cancellationToken))
            {
                await objects.DeleteAsync(found.Name, cancellationToken);
                removed += new StoredAmount(1, found.Size);
            }
        }

        return removed;
    }
}
