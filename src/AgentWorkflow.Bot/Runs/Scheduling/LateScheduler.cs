using Quartz;

namespace AgentWorkflow.Bot.Runs.Scheduling;

/// <summary>
/// Starts the scheduler when the server listens: deliveries are taken in without it, and its tables and types are the
/// slowest part of a start. A scheduler that cannot start stops the server.
/// </summary>
internal sealed class LateScheduler(QuartzHostedService quartz, IHostApplicationLifetime lifetime) : BackgroundService
{
    private volatile bool _isStarted;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_isStarted)
        {
            await quartz.StopAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TaskCompletionSource listens = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration started = lifetime.ApplicationStarted.Register(listens.SetResult);
        await listens.Task.WaitAsync(stoppingToken);
        _isStarted = true;
        await quartz.StartAsync(stoppingToken);
    }
}
