using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Runs.Driving;

/// <summary>
/// Asks before the first write of a run, in each process that drives it, whether what was planned may still be written: hours may lie in
/// between (promise P50). Not to know is a no.
/// </summary>
internal sealed class WriteCheck(IEnumerable<IForge> forges, RunMarker markers, TimeProvider time)
{
    private const int Attempts = 3;

    /// <summary>Why nothing may be written any more, in a sentence; null where it may.</summary>
    /// <param name="lease">The run.</param>
    /// <param name="rights">What is about to be written.</param>
    /// <param name="made">A repository that is about to be made of what this one holds; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ForgeException">The forge says when to come back.</exception>
    public async Task<string?> WhyNotAsync(RunLease lease, ForgeRights rights, CreateRepository? made, CancellationToken cancellationToken)
    {
        RunPin pin = lease.Pin;
        RepoRef repository = pin.Facts.Repository;
        ActorId? asked = pin.Needs is null ? null : pin.Facts.Actor;
        WriteStanding now;
        try
        {
            now = await AskAsync(lease, asked, rights, cancellationToken);
        }
        catch (ForgeException e) when (!e.SaysWhen)
        {
            return $"AW2046: Whether {repository} may still be written could not be verified, so nothing was: {e.Message}";
        }

        return now.Permission < pin.Needs ? $"AW2046: {asked?.Login} has no right to write to {repository} any more, so nothing was written; whoever has one can ask again."
            : now.IsArchived ? $"AW2046: {repository} was archived meanwhile, so nothing was written."
            : now.Visibility > pin.Facts.Visibility ? $"AW2046: {repository} was made {(now.Visibility is RepositoryVisibility.Public ? "public" : "internal")} meanwhile, and this was asked for while fewer people saw it, so nothing was written; ask again if they all may see it."
            : made?.Settings.Visibility > now.Visibility ? $"AW2046: {repository} was made {now.Visibility.ToString().ToLowerInvariant()} meanwhile, and more people would see '{made.Target}', so it was not made; ask again for one that they may see."
            : null;
    }

    private async Task<WriteStanding> AskAsync(RunLease lease, ActorId? asked, ForgeRights rights, CancellationToken cancellationToken)
    {
        IForgeWriter writer = forges.First(f => f.Name == lease.Pin.Facts.Forge).Writer;
        EffectOwner owner = new(lease.Key, markers.Of(lease.Key), lease.Pin.Facts.CreatedAt, rights);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await writer.AskToWriteAsync(lease.Pin.Facts.Repository, asked, owner, cancellationToken);
            }
            catch (ForgeException e) when (e.Fault is ForgeFault.Unavailable && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromSeconds(1 << attempt), time, cancellationToken);
            }
        }
    }
}
