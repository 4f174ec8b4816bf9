using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Intake;

/// <summary>Fetches deliveries where no public address takes them in: every <c>PollSeconds</c> of the forge.</summary>
internal sealed partial class PollWorker(CatchUp catchUp, TimeProvider time, ILogger<PollWorker> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(catchUp.Archives.Where(a => a.PollSeconds is not null).Select(a => PollAsync(a, TimeSpan.FromSeconds(a.PollSeconds ?? 0), stoppingToken)));

    private async Task PollAsync(IDeliveryArchive archive, TimeSpan pause, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(pause, time);
        do
        {
            try
            {
                await catchUp.RunAsync(archive, cancellationToken);
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
