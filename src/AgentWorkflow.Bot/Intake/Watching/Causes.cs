using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Effects;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Intake.Watching;

/// <summary>
/// Which commands and labels were decided on. A run is found by its key however often it is asked for; a <c>/retry</c> or a
/// <c>/cancel</c> is not, and must not be done again because a look at the forge finds the comment.
/// </summary>
internal sealed class Causes(IDbContextFactory<BotDb> databases, StorageOptions storage, TimeProvider time)
{
    // A forge's clock for the label's event and for the issue's change differ by less.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <summary>The delivery by which it was decided on; null where it was not, or where an event of this kind does no harm twice.</summary>
    public async Task<string?> FindAsync(string forge, TriggerEvent happened, CancellationToken cancellationToken)
    {
        if (Of(happened) is not var (repository, kind, number, at))
        {
            return null;
        }

        DateTimeOffset from = at - DateTimeOffset.UnixEpoch > Slack ? at - Slack : at;
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<CauseRow>().Where(c => c.Forge == forge && c.RepositoryId == repository && c.Kind == kind && c.Number == number && c.At >= from)
            .OrderBy(c => c.DecidedAt).Select(c => c.DeliveryId).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>It was decided on.</summary>
    public async Task AddAsync(string forge, TriggerEvent happened, string deliveryId, CancellationToken cancellationToken)
    {
        if (Of(happened) is not var (repository, kind, number, at))
        {
            return;
        }

        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        db.Add(new CauseRow { Forge = forge, RepositoryId = repository, Kind = kind, Number = number, At = at, DeliveryId = deliveryId, DecidedAt = time.GetUtcNow() });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (StorageErrors.IsDuplicate(e))
        {
            // Decided on a second time after a crash, or by another replica.
        }
    }

    /// <summary>Forgets what nobody will tell of again.</summary>
    public async Task TrimAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset oldest = time.GetUtcNow() - storage.Retention.Deliveries;
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Set<CauseRow>().Where(c => c.DecidedAt < oldest).ExecuteDeleteAsync(cancellationToken);
    }

    private static (long Repository, string Kind, long Number, DateTimeOffset At)? Of(TriggerEvent happened) => happened switch
    {
        { RepositoryId: { } repository, CommentId: { } comment } => (repository, happened.CommentPlace is CommentPlace.Review ? "review" : "comment", comment, DateTimeOffset.UnixEpoch),
        { RepositoryId: { } repository, Name: "issues", Label: { } label, Issue: { } issue } => (repository, $"label:{label}", issue, happened.IssueChangedAt ?? DateTimeOffset.UnixEpoch),
        _ => null,
    };
}
