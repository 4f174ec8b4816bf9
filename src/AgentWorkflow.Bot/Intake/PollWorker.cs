using AgentWorkflow.Bot.Intake.Watching;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Intake;

/// <summary>Asks for what happened where no public address takes deliveries in: every <c>PollSeconds</c> of the forge.</summary>
internal sealed partial class PollWorker(CatchUp catchUp, RepositoryWatch watch, TimeProvider time, ILogger<PollWorker> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
    [
        .. catchUp.Archives.Where(a => a.PollSeconds is not null).Select(a => PollAsync(() => catchUp.RunAsync(a, stoppingToken), TimeSpan.FromSeconds(a.PollSeconds ?? 0), stoppingToken)),
        .. watch.Polled.Select(p => PollAsync(() => watch.LookAsync(p.Forge, stoppingToken), p.Pause, stoppingToken)),
    ]);

    private async Task PollAsync(Func<Task> look, TimeSpan pause, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(pause, time);
        do
        {
            try
            {
                await look();
            }
            catch (StorageException exception)
            {
                Log.NotStored(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Fetched deliveries could not be stored; the next look fetches them again.")]
        public static partial void NotStored(ILogger logger, Exception exception);
    }
}
