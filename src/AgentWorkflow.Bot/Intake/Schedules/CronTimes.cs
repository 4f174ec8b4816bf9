using Cronos;

namespace AgentWorkflow.Bot.Intake.Schedules;

/// <summary>The times of a cron text of five fields, in UTC. Pure.</summary>
internal static class CronTimes
{
    /// <summary>The first one after a time; the end of time where there is none.</summary>
    public static DateTimeOffset Next(string cron, DateTimeOffset after) =>
        CronExpression.Parse(cron).GetNextOccurrence(after, TimeZoneInfo.Utc) ?? DateTimeOffset.MaxValue;

    /// <summary>The last one of a span, both its ends among it; null where there is none.</summary>
    public static DateTimeOffset? Last(string cron, DateTimeOffset from, DateTimeOffset to)
    {
        DateTimeOffset? last = null;
        foreach (DateTimeOffset time in from > to ? [] : CronExpression.Parse(cron).GetOccurrences(from, to, TimeZoneInfo.Utc, fromInclusive: true, toInclusive: true))
        {
            last = time;
        }

        return last;
    }
}
