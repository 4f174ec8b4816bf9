using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Projects.Records;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Storage.Objects;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Retention;

/// <summary>How much is kept, and how long.</summary>
internal sealed class StoreSizes(IDbContextFactory<BotDb> databases, IContentCollector contents, IObjectStore objects, StorageOptions storage)
{
    /// <summary>One line for people.</summary>
    /// <exception cref="IOException">The store cannot be reached.</exception>
    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        StoredAmount files = await contents.MeasureAsync(cancellationToken);
        StoredAmount archives = await objects.ListAsync(ArchivePublisher.Folder, cancellationToken)
            .AggregateAsync(StoredAmount.None, (sum, found) => sum + new StoredAmount(1, found.Size), cancellationToken);
        int runs = await db.Set<RunRow>().CountAsync(cancellationToken);
        int projects = await db.Set<ProjectRow>().CountAsync(cancellationToken);
        long database = storage.Provider is DatabaseProvider.Sqlite ? Directory.EnumerateFiles(storage.DataDirectory, "*.db*").Sum(f => new FileInfo(f).Length) : 0;
        RetentionOptions times = storage.Retention;
        return $"{runs} runs (kept {times.Runs.TotalDays:0} days, their files {times.Workspaces.TotalDays:0}), {projects} projects ({times.Projects.TotalDays:0} days), "
            + $"{archives.Count} archives, {Bytes(archives.Bytes)} ({times.Archives.TotalDays:0} days), {files.Count} contents, {Bytes(files.Bytes)}"
            + (database > 0 ? $", database {Bytes(database)}" : "");
    }

    private static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => FormattableString.Invariant($"{bytes} B"),
        < 10_000_000 => FormattableString.Invariant($"{bytes / 1_000} kB"),
        < 10_000_000_000 => FormattableString.Invariant($"{bytes / 1_000_000} MB"),
        _ => FormattableString.Invariant($"{bytes / 1_000_000_000} GB"),
    };
}
