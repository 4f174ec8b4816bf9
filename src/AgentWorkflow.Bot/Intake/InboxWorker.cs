using System.Data.Common;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Runs.Scheduling;
using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

using Quartz;

namespace AgentWorkflow.Bot.Intake;

/// <summary>Decides on deliveries as they come, and hands over runs that somebody left a word for.</summary>
internal sealed partial class InboxWorker(Inbox inbox, InboxSignal signal, RunQueue queue, TimeProvider time, ILogger<InboxWorker> logger) : BackgroundService
{
    // What comes in through this process wakes at once; the pause is for what other processes and people on the Local forge do.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await inbox.DecideAllAsync(ownComment: null, stoppingToken);
                await queue.EnqueueDueAsync(again: false, stoppingToken);
            }
            catch (Exception e) when (e is DbException or DbUpdateException or SchedulerException or IOException or ForgeException or StorageException)
            {
                // What was not decided on is still in the inbox, and the next round comes to it.
                Log.RoundFailed(logger, e);
            }

            await signal.WaitAsync(Pause, time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The inbox could not be worked off and is tried again.")]
        public static partial void RoundFailed(ILogger logger, Exception exception);
    }
}
