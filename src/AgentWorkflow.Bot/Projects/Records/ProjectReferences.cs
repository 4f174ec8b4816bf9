using System.Runtime.CompilerServices;

using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Projects.Records;

/// <summary>The files that projects point at.</summary>
internal sealed class ProjectReferences(IDbContextFactory<BotDb> databases) : IContentReferences
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        await foreach (string sha256 in db.Set<ProjectFileRow>().AsNoTracking().Select(f => f.Sha256).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return sha256;
        }
    }
}
