using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Retention;

/// <summary>
/// Removes what has had its time (promise P100), from the outside in: archives, projects, files of runs, runs, and then the
/// contents that nothing points at any more. Deliveries are forgotten by their own sweep.
/// </summary>
internal sealed partial class RetentionSweep(
    ArchiveRemoval archives, ProjectRemoval projects, RunRemoval runs, ContentSweep contents, StorageOptions storage, TimeProvider time, ILogger<RetentionSweep> logger)
{
    private static readonly TimeSpan ContentPause = TimeSpan.FromDays(1);
    private DateTimeOffset? _swept;

    /// <summary>Removes it.</summary>
    public async Task<RetentionReport> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        RetentionOptions times = storage.Retention;
        RetentionReport report = new(
            await archives.RemoveAsync(now - times.Archives, cancellationToken),
            await projects.RemoveAsync(now - times.Projects, cancellationToken),
            await runs.StripAsync(now - times.Workspaces, cancellationToken),
            await runs.RemoveAsync(now - times.Runs, cancellationToken),
            StoredAmount.None);

        // Finding out what is pointed at reads much, so it is done when something may have become free, and else once a day.
        if (report.FreesContents || _swept is null || now - _swept >= ContentPause)
        {
            report = report with { Contents = await contents.RunAsync(cancellationToken) };
            _swept = now;
        }

        if (report.IsAny)
        {
            Log.Removed(logger, report.ToString());
        }

        return report;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Removed what had its time: {Report}.")]
        public static partial void Removed(ILogger logger, string report);
    }
}

/// <summary>What was removed.</summary>
/// <param name="Archives">Archives.</param>
/// <param name="Projects">Projects.</param>
/// <param name="Workspaces">Runs whose files and logs were let go of.</param>
/// <param name="Runs">Runs.</param>
/// <param name="Contents">Contents that nothing pointed at.</param>
internal sealed record RetentionReport(StoredAmount Archives, int Projects, int Workspaces, int Runs, StoredAmount Contents)
{
    /// <summary>True when contents may have become free.</summary>
    public bool FreesContents => Projects + Workspaces + Runs > 0;

    /// <summary>True when anything was removed.</summary>
    public bool IsAny => FreesContents || Archives.Count > 0 || Contents.Count > 0;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"archives: {Archives.Count} ({Archives.Bytes} bytes), projects: {Projects}, runs that lost their files: {Workspaces}, runs: {Runs}, contents: {Contents.Count} ({Contents.Bytes} bytes)");
}
