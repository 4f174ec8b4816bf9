using System.Collections.Immutable;

using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Runs.Driving;

/// <summary>
/// Applies effects, each once. Act with a precondition; after a refusal, a doubtful answer or a take-over look it up by its
/// key first, and if it is there and ours, adopt it; record the result. The record is a cache of the forge's truth.
/// </summary>
internal sealed class EffectRunner(
    IEnumerable<IForge> forges, IArchivePublisher archives, IOptions<RepositoriesOptions> places, EffectLedger ledger, RunStore store, RunMarker markers, TimeProvider time)
{
    private const int Attempts = 3;
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);

    /// <summary>Applies an effect that is stored as planned.</summary>
    /// <param name="lease">The run; before each act it is made sure that we still hold it.</param>
    /// <param name="effect">The effect.</param>
    /// <param name="fresh">False where an earlier process may have applied it.</param>
    /// <param name="before">What an earlier effect of the run left that this one brings up to date: its comment. Null for none.</param>
    /// <param name="rights">What the effects of the round write.</param>
    /// <param name="cancellationToken">Obeyed until the effect is sent; what was sent is recorded.</param>
    /// <exception cref="LeaseLostException">Another process holds the run; nothing was sent.</exception>
    /// <exception cref="ForgeException">The forge says when to come back, and that is too long to wait here.</exception>
    public async Task<Receipt> ApplyAsync(RunLease lease, Effect effect, bool fresh, Receipt? before, ForgeRights rights, CancellationToken cancellationToken)
    {
        await store.RenewAsync(lease, LeaseDuration, cancellationToken);
        CrashPoint.Here($"before:{effect.Key}");
        Receipt receipt;
        try
        {
            receipt = effect is PublishArchive archive
                ? await archives.PublishAsync(archive, cancellationToken)
                : await ActOrAdoptAsync(lease, effect, fresh, before, rights, cancellationToken);
        }
        catch (ForgeException e) when (!e.SaysWhen)
        {
            // A question could not be answered: whether the thing is there is not known, so nothing is done on top of it.
            receipt = Refused(effect, e.Message);
        }

        CrashPoint.Here($"done:{effect.Key}");
        await ledger.RecordAsync(lease.Id, receipt);
        CrashPoint.Here($"recorded:{effect.Key}");
        return receipt;
    }

    private async Task<Receipt> ActOrAdoptAsync(RunLease lease, Effect effect, bool fresh, Receipt? before, ForgeRights rights, CancellationToken cancellationToken)
    {
        (string forge, RepoRef repository) = effect is CreateRepository elsewhere ? (elsewhere.Forge, elsewhere.Target) : (lease.Pin.Facts.Forge, lease.Pin.Facts.Repository);
        if (forges.FirstOrDefault(f => f.Name == forge)?.Writer is not { } writer)
        {
            return Refused(effect, $"the forge '{forge}' is not set up here; set its settings, or use 'local'");
        }

        if (effect is CreateRepository create && places.Value.Refusal(create, lease.Pin.Facts) is { } refusal)
        {
            return Refused(effect, refusal);
        }

        EffectOwner owner = new(lease.Key, markers.Of(lease.Key), lease.Pin.Facts.CreatedAt, rights);
        Receipt? there = before;
        if (!fresh && await FindAsync(writer, repository, effect, owner, cancellationToken) is { } found)
        {
            if (found.Outcome != EffectOutcome.Planned)
            {
                return found;
            }

            there = found;
        }

        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                // Once sent it is not called back: what was done must be recorded.
                return await writer.ApplyAsync(repository, effect, owner, there, CancellationToken.None);
            }
            catch (ForgeException e) when (e.Fault is ForgeFault.Conflict or ForgeFault.Ambiguous)
            {
                Receipt? now = await FindAsync(writer, repository, effect, owner, CancellationToken.None);
                if (now is { Outcome: not EffectOutcome.Planned })
                {
                    return now;
                }

                if ((now is null && e.Fault == ForgeFault.Conflict) || attempt == Attempts)
                {
                    return Refused(effect, e.Message);
                }

                there = now ?? there;
            }
            catch (ForgeException e) when (e.Fault is ForgeFault.Unavailable or ForgeFault.RateLimited && attempt < Attempts && PauseOf(e, attempt) <= MostPatience)
            {
                await Task.Delay(PauseOf(e, attempt), time, cancellationToken);
            }
            catch (ForgeException e) when (!e.SaysWhen)
            {
                return Refused(effect, e.Message);
            }
        }
    }

    private async Task<Receipt?> FindAsync(IForgeWriter writer, RepoRef repository, Effect effect, EffectOwner owner, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await writer.FindAsync(repository, effect, owner, cancellationToken);
            }
            catch (ForgeException e) when (e.Fault is ForgeFault.Unavailable or ForgeFault.RateLimited && attempt < Attempts && PauseOf(e, attempt) <= MostPatience)
            {
                await Task.Delay(PauseOf(e, attempt), time, cancellationToken);
            }
        }
    }

    private TimeSpan PauseOf(ForgeException e, int attempt)
    {
        TimeSpan told = e.Until is { } until ? until - time.GetUtcNow() : TimeSpan.Zero;
        TimeSpan own = TimeSpan.FromSeconds(1 << attempt);
        return told > own ? told : own;
    }

    private static Receipt Refused(Effect effect, string reason) => new(effect.Key, effect.Kind, EffectOutcome.Refused, ImmutableSortedDictionary<string, string>.Empty, reason);
}
