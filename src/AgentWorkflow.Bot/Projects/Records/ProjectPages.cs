using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Projects.Records;

/// <summary>A project in a list.</summary>
internal sealed record ProjectLine(string Id, string Run, string Forge, string Repository, string Title, string? Tree, DateTimeOffset CreatedAt);

/// <summary>Lists of projects, newest first, a page at a time.</summary>
internal sealed class ProjectPages(IDbContextFactory<BotDb> databases)
{
    /// <summary>The repository of a project, by its id; null where there is no such project.</summary>
    public async Task<RepositoryScope?> FindScopeAsync(string id, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.Set<ProjectRow>().Where(p => p.Id == id).Select(p => new { p.Forge, p.Repository }).SingleOrDefaultAsync(cancellationToken);
        return row is null ? null : RepositoryScope.Of(row.Forge, row.Repository);
    }

    /// <summary>One page.</summary>
    /// <param name="seen">What the asker may see.</param>
    /// <param name="wanted">What is asked for.</param>
    /// <param name="before">Where it begins; null for the newest.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<ProjectLine>> ListAsync(RepositoryScope seen, RepositoryScope wanted, PagePlace? before, int most, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        IQueryable<ProjectRow> rows = wanted.Of(seen.Of(db.Set<ProjectRow>().AsNoTracking()));
        if (before is { At: var at, Id: var id })
        {
            rows = rows.Where(p => p.CreatedAt <= at && (p.CreatedAt < at || string.Compare(p.Id, id) < 0));
        }

        return await rows.OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Id).Take(most)
            .Select(p => new ProjectLine(p.Id, p.RunId, p.Forge, p.Repository, p.Title, p.Tree, p.CreatedAt)).ToListAsync(cancellationToken);
    }
}
