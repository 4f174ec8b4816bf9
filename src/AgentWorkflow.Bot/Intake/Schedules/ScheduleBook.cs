using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Intake.Schedules;

/// <summary>The schedules of all repositories that are watched.</summary>
internal sealed class ScheduleBook(IDbContextFactory<BotDb> databases, TimeProvider time)
{
    /// <summary>Keeps the schedules of a repository's workflows in place of those that were known. One that is new is due at its next time, never at one before.</summary>
    public async Task LearnAsync(string forge, long repositoryId, RepoRef repository, IEnumerable<Workflow> workflows, CancellationToken cancellationToken)
    {
        HashSet<(string Path, string Cron)> wanted = [.. workflows.SelectMany(w => w.On.Schedules.Select(cron => (w.Path, cron)))];
        DateTimeOffset now = time.GetUtcNow();
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<ScheduleRow> known = await db.Set<ScheduleRow>().Where(s => s.Forge == forge && s.RepositoryId == repositoryId).ToListAsync(cancellationToken);
        foreach (ScheduleRow row in known)
        {
            if (wanted.Remove((row.Path, row.Cron)))
            {
                row.Repository = repository.ToString();
            }
            else
            {
                db.Remove(row);
            }
        }

        db.AddRange(wanted.Select(w => new ScheduleRow
        {
            Forge = forge,
            RepositoryId = repositoryId,
            Path = w.Path,
            Cron = w.Cron,
            Repository = repository.ToString(),
            DueAt = CronTimes.Next(w.Cron, now),
        }));
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || StorageErrors.IsDuplicate(e))
        {
            // Another replica has just read the same commit.
        }
    }

    /// <summary>Forgets the schedules of repositories that are not served any more.</summary>
    public async Task ForgetAsync(string forge, IReadOnlyCollection<long> repositories, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Set<ScheduleRow>().Where(s => s.Forge == forge && repositories.Contains(s.RepositoryId)).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Those whose time has come.</summary>
    public async Task<IReadOnlyList<ScheduleRow>> FindDueAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<ScheduleRow>().AsNoTracking().Where(s => s.DueAt <= now).OrderBy(s => s.DueAt).ToListAsync(cancellationToken);
    }

    /// <summary>Moves a schedule on to its next time; nothing where somebody has done so.</summary>
    public async Task MoveAsync(ScheduleRow row, DateTimeOffset next, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Set<ScheduleRow>().Where(s => s.Forge == row.Forge && s.RepositoryId == row.RepositoryId && s.Path == row.Path && s.Cron == row.Cron && s.DueAt == row.DueAt)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.DueAt, next), cancellationToken);
    }
}
