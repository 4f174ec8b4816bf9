using Quartz;

namespace AgentWorkflow.Bot.Intake.Schedules;

/// <summary>Looks a few times a minute whether a schedule's time has come: one question to our own database.</summary>
[DisallowConcurrentExecution]
internal sealed class ScheduleJob(ScheduleClock clock) : IJob
{
    /// <summary>Between two looks: a run begins that late at most.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await clock.TickAsync(cancellationToken);
}
