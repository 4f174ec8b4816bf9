using AgentWorkflow.Bot.Runs.Scheduling;

using Quartz;

namespace AgentWorkflow.Bot.Intake;

/// <summary>At start and every few minutes: decides on deliveries that wait queues runs that are due and were not queued, and forgets what is old.</summary>
[DisallowConcurrentExecution]
internal sealed class SweepJob(Inbox inbox, DeliveryStore deliveries, RunQueue queue) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        await inbox.DecideAllAsync(ownComment: null, cancellationToken);
        await queue.EnqueueDueAsync(again: true, cancellationToken);
        await deliveries.TrimAsync(cancellationToken);
    }
}
