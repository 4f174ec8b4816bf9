using System.Runtime.CompilerServices;

using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>What runs point at: their base trees with all files, and what their steps changed, planned and carry. A run that was stripped points at nothing.</summary>
internal sealed class RunReferences(IDbContextFactory<BotDb> databases, IContentStore contents) : IContentReferences
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        HashSet<string> trees = new(StringComparer.Ordinal);
        IQueryable<RunRow> runs = db.Set<RunRow>().AsNoTracking().Where(r => r.BaseTree != "");
        await foreach (var run in runs.Select(r => new { r.BaseTree, r.Facts, r.State }).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            trees.Add(run.BaseTree);
            yield return run.Facts;
            yield return run.State;
        }

        await foreach (string state in runs.Join(db.Set<RunStepRow>(), r => r.Id, s => s.RunId, (_, s) => s.State).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return state;
        }

        foreach (string tree in trees)
        {
            yield return tree;
            if (contents.Contains(tree))
            {
                using StreamReader stored = new(contents.OpenRead(tree));
                yield return await stored.ReadToEndAsync(cancellationToken);
            }
        }
    }
}
