using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Intake.Watching;

/// <summary>
/// Looks by itself at the repositories that the bot is installed on: what was missed for longer than a forge keeps its deliveries
/// becomes a delivery of our own, with the cause that its webhook would have had (promise P13); and schedules are read. A
/// repository is looked at when something was pushed to it, and else once an hour.
/// </summary>
internal sealed partial class RepositoryWatch(
    IEnumerable<IForge> forges, WatchBook book, WorkflowCatalog catalog, TriggerPolicy policy, MissedEvents missed, TimeProvider time, ILogger<RepositoryWatch> logger)
{
    private const int MostPages = 20;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The forges of which nothing is known but what a look finds, with their pauses.</summary>
    public IEnumerable<(IForge Forge, TimeSpan Pause)> Polled => forges.Where(f => f.Watch?.PollSeconds is not null).Select(f => (f, TimeSpan.FromSeconds(f.Watch?.PollSeconds ?? 0)));

    /// <summary>Looks once at the others. What a forge does not tell now is told by the next look.</summary>
    /// <returns>How many events were found that no webhook had told of.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        int found = 0;
        foreach (IForge forge in forges.Where(f => f.Watch is { PollSeconds: null }))
        {
            found += await LookAsync(forge, cancellationToken);
        }

        return found;
    }

    /// <summary>Looks once at one of them.</summary>
    public async Task<int> LookAsync(IForge forge, CancellationToken cancellationToken)
    {
        if (forge.Watch is not { } watch)
        {
            return 0;
        }

        int found = 0;
        HashSet<long> served = [];
        try
        {
            await foreach (WatchedRepository repository in watch.ListAsync(cancellationToken))
            {
                if (policy.Serves(repository.Repository) && served.Add(repository.Id))
                {
                    found += await TryLookAsync(forge, watch, repository, cancellationToken);
                }
            }

            await book.KeepAsync(forge.Name, served, cancellationToken);
        }
        catch (ForgeException exception)
        {
            Log.NotNow(logger, forge.Name, exception.Message);
        }

        if (found > 0)
        {
            Log.Found(logger, found, forge.Name);
        }

        return found;
    }

    private async Task<int> TryLookAsync(IForge forge, IForgeWatch watch, WatchedRepository repository, CancellationToken cancellationToken)
    {
        WatchRow? known = await book.FindAsync(forge.Name, repository.Id, cancellationToken);
        if (known is not null && known.Stamp == repository.Stamp && time.GetUtcNow() - known.LookedAt < Hour)
        {
            return 0;
        }

        try
        {
            return await LookAsync(forge, watch, repository, known, cancellationToken);
        }
        catch (ForgeException exception)
        {
            // One that cannot be looked at keeps its place, and holds up no other.
            Log.NotNow(logger, $"{forge.Name}, {repository.Repository}", exception.Message);
            return 0;
        }
    }

    private async Task<int> LookAsync(IForge forge, IForgeWatch watch, WatchedRepository repository, WatchRow? known, CancellationToken cancellationToken)
    {
        // At first sight as far back as a command counts.
        WatchRow row = known ?? new WatchRow { Forge = forge.Name, RepositoryId = repository.Id, Since = time.GetUtcNow() - Freshness.MostAge, LookedAt = default };
        CommitId? head = await watch.FindHeadAsync(repository, cancellationToken);
        PushedHeads? push = CommitId.TryParse(row.Head, out CommitId? before) && head is not null && head != before ? new PushedHeads(before, head) : null;
        if (head is not null && head != before)
        {
            (IReadOnlyList<SourcedWorkflow> workflows, _) = catalog.Read(await forge.Reader.ReadWorkflowFilesAsync(repository.Repository, head, cancellationToken));
            row.Labels = await book.LearnAsync(forge.Name, repository.Id, repository.Repository, workflows, cancellationToken);
        }

        int found = 0;
        bool hasMore = true;
        for (int page = 0; page < MostPages && hasMore; page++)
        {
            RepositoryNews news = await watch.ReadNewsAsync(repository, row.Since, row.Labels, page == 0 ? push : null, cancellationToken);
            found += await missed.StoreAsync(forge.Name, news.Events);

            // Only now: what could not be stored is found by the next look.
            hasMore = news.HasMore && news.Through > row.Since;
            (row.Head, row.Stamp, row.Since) = (head?.Value, hasMore ? null : repository.Stamp, news.Through);
            await book.SaveAsync(row, cancellationToken);
        }

        return found;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Count} events of {Forge} that no webhook told of were found.")]
        public static partial void Found(ILogger logger, int count, string forge);

        [LoggerMessage(Level = LogLevel.Warning, Message = "What may have been missed cannot be looked for now ({Where}): {Reason}")]
        public static partial void NotNow(ILogger logger, string where, string reason);
    }
}
