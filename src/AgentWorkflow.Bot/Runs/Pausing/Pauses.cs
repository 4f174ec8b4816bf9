using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Runs.Pausing;

/// <summary>
/// What is paused. It is in the database, so that it holds for every process and survives them: a run stops after its current
/// steps, none begins, and deliveries are kept undecided.
/// </summary>
internal sealed class Pauses(IDbContextFactory<BotDb> databases, TimeProvider time)
{
    /// <summary>What is paused now.</summary>
    public async Task<PauseState> ReadAsync(CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        return new PauseState([.. await db.Set<PauseRow>().Select(p => p.Repository).ToListAsync(cancellationToken)]);
    }

    /// <summary>Pauses; null for everything.</summary>
    /// <returns>False when it was paused before.</returns>
    public async Task<bool> PauseAsync(string? repository, CancellationToken cancellationToken)
    {
        string name = NameOf(repository);
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Set<PauseRow>().AnyAsync(p => p.Repository == name, cancellationToken))
        {
            return false;
        }

        db.Add(new PauseRow { Repository = name, PausedAt = time.GetUtcNow() });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException e) when (StorageErrors.IsDuplicate(e))
        {
            return false;
        }
    }

    /// <summary>Ends a pause; null for that of everything.</summary>
    /// <returns>False when it was not paused.</returns>
    public async Task<bool> ResumeAsync(string? repository, CancellationToken cancellationToken)
    {
        string name = NameOf(repository);
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<PauseRow>().Where(p => p.Repository == name).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    // Forges take names of repositories without minding case.
    private static string NameOf(string? repository) => repository?.ToLowerInvariant() ?? PauseRow.Everything;
}

/// <summary>What is paused at a moment.</summary>
/// <param name="Names">Names of repositories in small letters, and <see cref="PauseRow.Everything"/>.</param>
internal sealed record PauseState(IReadOnlyList<string> Names)
{
    /// <summary>True when everything is paused.</summary>
    public bool IsEverything => Names.Contains(PauseRow.Everything);

    /// <summary>True when nothing is to be done in that repository.</summary>
    public bool Holds(string repository) => Names.Count > 0 && (IsEverything || Names.Contains(repository.ToLowerInvariant()));

    /// <summary>For people: what is paused; null when nothing is.</summary>
    public string? Sentence => IsEverything ? "everything is paused; 'agentworkflow resume' goes on"
        : Names.Count > 0 ? $"paused: {string.Join(", ", Names)}; 'agentworkflow resume --repo NAME' goes on"
        : null;
}
