using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Intake.Watching;
using AgentWorkflow.Bot.Runs.Scheduling;
using AgentWorkflow.Bot.Triggers;

using Quartz;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// At start and every few minutes: looks after what sends deliveries, fetches those that never came, looks for what no delivery tells,
/// queues runs that are due and were not queued, and forgets what is old. The worker decides on what it fetched.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class SweepJob(
    IEnumerable<IForgeUpkeep> upkeeps, TriggerPolicy policy, CatchUp catchUp, RepositoryWatch watch, DeliveryStore deliveries, Causes causes, RunQueue queue) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        await queue.EnqueueDueAsync(again: true, cancellationToken);
        foreach (IForgeUpkeep upkeep in upkeeps)
        {
            await upkeep.KeepAsync(policy.Serves, cancellationToken);
        }

        foreach (IDeliveryArchive archive in catchUp.Archives.Where(a => a.PollSeconds is null))
        {
            await catchUp.RunAsync(archive, cancellationToken);
        }

        // After the deliveries: what they tell is not looked for.
        await watch.RunAsync(cancellationToken);
        await deliveries.TrimAsync(cancellationToken);
        await causes.TrimAsync(cancellationToken);
    }
}
