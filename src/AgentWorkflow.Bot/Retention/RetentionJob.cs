using Quartz;

namespace AgentWorkflow.Bot.Retention;

/// <summary>Removes what has had its time, every hour; on one replica at a time.</summary>
[DisallowConcurrentExecution]
internal sealed class RetentionJob(RetentionSweep sweep) : IJob
{
    /// <summary>The time between two sweeps.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await sweep.RunAsync(cancellationToken);
}
