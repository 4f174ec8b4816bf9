namespace AgentWorkflow.Bot.Forges.Http;

/// <summary>How far apart writes are; a value of the program, which only tests replace.</summary>
internal sealed record WritePace(TimeSpan Between)
{
    /// <summary>What forges ask for.</summary>
    public static WritePace Usual { get; } = new(OfTests ?? TimeSpan.FromSeconds(1));

    // As with crash points: a debug build alone listens to tests, which start the program hundreds of times.
    private static TimeSpan? OfTests =>
#if DEBUG
        int.TryParse(Environment.GetEnvironmentVariable("AGENTWORKFLOW_WRITE_PACE_MS"), System.Globalization.CultureInfo.InvariantCulture, out int milliseconds) ? TimeSpan.FromMilliseconds(milliseconds) : null;
#else
        null;
#endif
}
