using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Runs.Reporting;

/// <summary>Says cheaply which of many runs have moved since somebody looked.</summary>
internal sealed class RunMoves(IDbContextFactory<BotDb> databases)
{
    /// <summary>How often each of these runs was saved.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(IReadOnlyCollection<string> runs, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<RunRow>().Where(r => runs.Contains(r.Id)).Select(r => new { r.Id, r.Moves }).ToDictionaryAsync(r => r.Id, r => r.Moves, cancellationToken);
    }
}
