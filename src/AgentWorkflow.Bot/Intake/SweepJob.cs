using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Runs.Scheduling;

using Quartz;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// At start and every few minutes: fetches deliveries that never came, decides on those that wait, queues runs that are due and
/// were not queued, and forgets what is old.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class SweepJob(Inbox inbox, CatchUp catchUp, DeliveryStore deliveries, RunQueue queue) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        await inbox.DecideAllAsync(ownComment: null, cancellationToken);
        await queue.EnqueueDueAsync(again: true, cancellationToken);
        foreach (IDeliveryArchive archive in catchUp.Archives.Where(a => a.PollSeconds is null))
        {
            await catchUp.RunAsync(archive, cancellationToken);
        }

        await deliveries.TrimAsync(cancellationToken);
    }
}
