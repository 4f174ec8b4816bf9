using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Intake.Schedules;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Intake.Watching;

/// <summary>What is known of each watched repository: kept by the sweep, and by pushes as they are decided on.</summary>
internal sealed class WatchBook(IDbContextFactory<BotDb> databases, ScheduleBook schedules, TimeProvider time)
{
    /// <summary>What is known of a repository; null for one that was never looked at.</summary>
    public async Task<WatchRow?> FindAsync(string forge, long repositoryId, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<WatchRow>().AsNoTracking().FirstOrDefaultAsync(w => w.Forge == forge && w.RepositoryId == repositoryId, cancellationToken);
    }

    /// <summary>A push to the default branch was decided on, and these are the workflows there.</summary>
    public async Task LearnAsync(string forge, RepositoryFacts repository, PushEvent push, IReadOnlyList<SourcedWorkflow> workflows, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> labels = await LearnAsync(forge, repository.Id, repository.Repository, workflows, cancellationToken);
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Set<WatchRow>().Where(w => w.Forge == forge && w.RepositoryId == repository.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.Labels, labels.ToList()), cancellationToken);

        // Only on from where we are: after a push that was lost the place stays, and the next look finds what lies between.
        string? before = push.Before?.Value, after = push.After?.Value;
        await db.Set<WatchRow>().Where(w => w.Forge == forge && w.RepositoryId == repository.Id && w.Head == before)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.Head, after), cancellationToken);
    }

    /// <summary>Keeps the schedules.</summary>
    /// <returns>The labels that start something.</returns>
    public async Task<List<string>> LearnAsync(string forge, long repositoryId, RepoRef repository, IReadOnlyList<SourcedWorkflow> workflows, CancellationToken cancellationToken)
    {
        List<Workflow> own = [.. workflows.Where(w => !w.IsBuiltIn).Select(w => w.Workflow)];
        await schedules.LearnAsync(forge, repositoryId, repository, own, cancellationToken);
        return [.. workflows.SelectMany(w => w.Workflow.On.IssueLabels).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Keeps how far a look came.</summary>
    public async Task SaveAsync(WatchRow row, CancellationToken cancellationToken)
    {
        row.LookedAt = time.GetUtcNow();
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        db.Update(row);
        if (!await db.Set<WatchRow>().AnyAsync(w => w.Forge == row.Forge && w.RepositoryId == row.RepositoryId, cancellationToken))
        {
            db.Entry(row).State = EntityState.Added;
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || StorageErrors.IsDuplicate(e))
        {
            // Another replica has looked too, and knows as much.
        }
    }

    /// <summary>Forgets all repositories of a forge but these: it was taken off the others.</summary>
    public async Task KeepAsync(string forge, IReadOnlySet<long> served, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<long> known = await db.Set<WatchRow>().Where(w => w.Forge == forge).Select(w => w.RepositoryId).ToListAsync(cancellationToken);
        List<long> gone = known.FindAll(id => !served.Contains(id));
        if (gone.Count > 0)
        {
            await db.Set<WatchRow>().Where(w => w.Forge == forge && gone.Contains(w.RepositoryId)).ExecuteDeleteAsync(cancellationToken);
            await schedules.ForgetAsync(forge, gone, cancellationToken);
        }
    }
}
