using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Runs.Reporting;

/// <summary>A run in a list.</summary>
internal sealed record RunLine(
    string Id,
    string Forge,
    string Repository,
    long? Issue,
    string Branch,
    string Workflow,
    string Status,
    string? Code,
    string? Reason,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt);

/// <summary>Which runs a list is of.</summary>
/// <param name="Seen">What the asker may see.</param>
/// <param name="Wanted">What is asked for.</param>
/// <param name="Status">One status; null for all.</param>
/// <param name="Workflow">One workflow's name; null for all.</param>
internal sealed record RunFilter(RepositoryScope Seen, RepositoryScope Wanted, string? Status, string? Workflow);

/// <summary>Lists of runs, newest first, a page at a time; the price of a page does not grow with the number of runs.</summary>
internal sealed class RunPages(IDbContextFactory<BotDb> databases)
{
    /// <summary>The repository of a run, by its whole id; null where there is no such run.</summary>
    public async Task<RepositoryScope?> FindScopeAsync(string id, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.Set<RunRow>().Where(r => r.Id == id).Select(r => new { r.Forge, r.Repository }).SingleOrDefaultAsync(cancellationToken);
        return row is null ? null : RepositoryScope.Of(row.Forge, row.Repository);
    }

    /// <summary>One page.</summary>
    /// <param name="filter">Which runs.</param>
    /// <param name="before">Where it begins; null for the newest.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<RunLine>> ListAsync(RunFilter filter, PagePlace? before, int most, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        IQueryable<RunRow> rows = filter.Wanted.Of(filter.Seen.Of(db.Set<RunRow>().AsNoTracking()));
        rows = filter.Status is { } status ? rows.Where(r => r.Status == status) : rows;
        rows = filter.Workflow is { } workflow ? rows.Where(r => r.WorkflowName == workflow) : rows;
        if (before is { At: var at, Id: var id })
        {
            // Said this way round, the index leads to the place.
            rows = rows.Where(r => r.CreatedAt <= at && (r.CreatedAt < at || string.Compare(r.Id, id) < 0));
        }

        return await rows.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id).Take(most)
            .Select(r => new RunLine(r.Id, r.Forge, r.Repository, r.Issue, r.Branch, r.WorkflowName, r.Status, r.Code, r.Reason, r.CreatedAt, r.FinishedAt))
            .ToListAsync(cancellationToken);
    }
}
