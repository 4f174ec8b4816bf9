using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Engine.Execution;

using Quartz;

namespace AgentWorkflow.Bot.Runs.Scheduling;

/// <summary>
/// One job a run. The tables are the truth and the job is idempotent: driving a run that is over, held or not due does
/// nothing. A run that waits for a time gets a trigger for that time and no thread.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class RunJob(RunDriver driver, RunQueue queue, Suspects suspects, TimeProvider time) : IJob
{
    private static readonly TimeSpan BehindAnother = TimeSpan.FromSeconds(1);

    /// <summary>The run's id in the job's data.</summary>
    public const string RunId = "run";

    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        string id = context.MergedJobDataMap.GetString(RunId) ?? throw new InvalidOperationException("A run job names no run.");
        using Suspects.Turn? turn = await suspects.TryEnterAsync(id, cancellationToken);
        if (turn is null)
        {
            await queue.EnqueueAsync(id, time.GetUtcNow() + BehindAnother, cancellationToken);
            return;
        }

        RunState? state = await driver.DriveAsync(id, turn, retry: false, cancellationToken);
        if (state is { Status: RunStatus.Waiting, WakeAt: { } due })
        {
            await queue.EnqueueAsync(id, due, cancellationToken);
        }
        else if (state is { IsOver: true })
        {
            // Its concurrency group is free: whoever waited for it is due now.
            await queue.EnqueueDueAsync(again: false, cancellationToken);
        }
    }
}
