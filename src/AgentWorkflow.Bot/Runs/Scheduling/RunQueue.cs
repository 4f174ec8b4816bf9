using AgentWorkflow.Bot.Runs.Store;

using Quartz;

namespace AgentWorkflow.Bot.Runs.Scheduling;

/// <summary>
/// Hands runs to the scheduler, whose job store wakes, retries and fails over. A run has at most two triggers: one for now and
/// one for the time it waits for.
/// </summary>
internal sealed class RunQueue(ISchedulerFactory schedulers, RunStore runs, LeaseOwner owner, TimeProvider time)
{
    private const string Jobs = "runs";
    private const string Now = "now";
    private const string Later = "later";

    /// <summary>Lets the run be driven at that time, once however often it is asked for.</summary>
    public async Task EnqueueAsync(string runId, DateTimeOffset at, CancellationToken cancellationToken) =>
        await ScheduleAsync(await schedulers.GetScheduler(cancellationToken), runId, Later, at, cancellationToken);

    /// <summary>Hands over all runs that are due: queued ones, those that died with their process, waits that are over.</summary>
    /// <param name="again">True to hand over also what the scheduler has already: its note of it may be one that it gave up.</param>
    /// <param name="cancellationToken">Ends between two runs.</param>
    public async Task EnqueueDueAsync(bool again, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> due = await runs.FindDueAsync(owner, cancellationToken);
        if (due.Count == 0)
        {
            return;
        }

        IScheduler scheduler = await schedulers.GetScheduler(cancellationToken);
        HashSet<string> waiting = again ? [] : [.. (await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.GroupEquals(Now), cancellationToken)).Select(k => k.Name)];
        foreach (string id in due.Where(id => !waiting.Contains(id)))
        {
            await ScheduleAsync(scheduler, id, Now, time.GetUtcNow(), cancellationToken);
        }
    }

    private static async Task ScheduleAsync(IScheduler scheduler, string runId, string group, DateTimeOffset at, CancellationToken cancellationToken)
    {
        IJobDetail job = JobBuilder.Create<RunJob>().WithIdentity(runId, Jobs).UsingJobData(RunJob.RunId, runId).RequestRecovery().Build();

        // A time that has passed, because all workers were busy or none was there, is not late but due: otherwise the scheduler
        // would leave it to its search for what it missed, once a minute.
        ITrigger trigger = TriggerBuilder.Create().WithIdentity(runId, group).ForJob(job).StartAt(at)
            .WithSimpleSchedule(schedule => schedule.WithMisfireInstruction(SimpleTriggerMisfireInstruction.IgnoreMisfires)).Build();
        await scheduler.ScheduleJob(job, [trigger], ScheduleJobOptions.Replacing, cancellationToken);
    }
}
