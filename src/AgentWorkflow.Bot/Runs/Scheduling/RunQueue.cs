using AgentWorkflow.Bot.Runs.Store;

using Quartz;

namespace AgentWorkflow.Bot.Runs.Scheduling;

/// <summary>Hands runs to the scheduler, whose job store wakes, retries and fails over.</summary>
internal sealed class RunQueue(ISchedulerFactory schedulers, RunStore runs)
{
    /// <summary>Lets the run be driven at that time, once however often it is asked for.</summary>
    public async Task EnqueueAsync(string runId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        IScheduler scheduler = await schedulers.GetScheduler(cancellationToken);
        IJobDetail job = JobBuilder.Create<RunJob>().WithIdentity(runId, "runs").UsingJobData(RunJob.RunId, runId).RequestRecovery().Build();
        ITrigger trigger = TriggerBuilder.Create().ForJob(job).StartAt(at).Build();
        await scheduler.ScheduleJob(job, [trigger], ScheduleJobOptions.Replacing, cancellationToken);
    }

    /// <summary>Hands over all runs that are due: queued ones, those that died with their process, waits that are over.</summary>
    public async Task EnqueueDueAsync(CancellationToken cancellationToken)
    {
        foreach (string id in await runs.FindDueAsync(cancellationToken))
        {
            await EnqueueAsync(id, DateTimeOffset.MinValue, cancellationToken);
        }
    }
}
