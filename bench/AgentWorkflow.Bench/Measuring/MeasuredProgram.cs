namespace AgentWorkflow.Bench.Measuring;

/// <summary>The program whose start counts: as it is published (ReadyToRun) where <c>bench/run</c> made that, else as it is built.</summary>
internal static class MeasuredProgram
{
    private static readonly string? Published = Environment.GetEnvironmentVariable("BENCH_PROGRAM") is { Length: > 0 } given ? System.IO.Path.GetFullPath(given) : null;

    /// <summary>Its path.</summary>
    public static string Path => Published ?? System.IO.Path.Combine(AppContext.BaseDirectory, "agentworkflow.dll");

    /// <summary>How it was made.</summary>
    public static string How => Published is null ? "as built" : "as published";
}
