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
        List<Task> open = [];
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await LookAsync(open, stoppingToken);

                // Only a bug is left to throw here, and it ends the server.
                List<Task> over = open.FindAll(t => t.IsCompleted);
                await Task.WhenAll(over);
                open.RemoveAll(over.Contains);
                await signal.WaitAsync(Pause, time, stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(open);
        }
    }

    private async Task LookAsync(List<Task> open, CancellationToken cancellationToken)
    {
        try
        {
            open.AddRange((await inbox.TakeAsync(ownComment: null, cancellationToken)).Select(d => FollowAsync(d, cancellationToken)));
            await queue.EnqueueDueAsync(again: false, cancellationToken);
        }
        catch (Exception e) when (IsOfTheWorld(e))
        {
            // What was not decided on is still in the inbox, and the next round comes to it.
            Log.RoundFailed(logger, e);
        }
    }

    private async Task FollowAsync(Task<InboxDecision> decision, CancellationToken cancellationToken)
    {
        try
        {
            InboxDecision decided = await decision;
            if (decided.RunId is not null)
            {
                signal.Set();
            }
            else if (decided.Reason.StartsWith("AW", StringComparison.Ordinal))
            {
                // A refusal without an issue is said nowhere else.
                Log.Refused(logger, decided.DeliveryId, decided.Reason);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The next process decides on it.
        }
        catch (Exception e) when (IsOfTheWorld(e))
        {
            Log.RoundFailed(logger, e);
        }
    }

    private static bool IsOfTheWorld(Exception e) => e is DbException or DbUpdateException or SchedulerException or IOException or ForgeException or StorageException;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Delivery {DeliveryId} was refused: {Reason}")]
        public static partial void Refused(ILogger logger, string deliveryId, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The inbox could not be worked off and is tried again.")]
        public static partial void RoundFailed(ILogger logger, Exception exception);
    }
}
