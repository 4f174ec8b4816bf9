using System.Diagnostics;
using System.Text.Json.Nodes;

using AgentWorkflow.Bench.Measuring;
using AgentWorkflow.Bench.Stores;
using AgentWorkflow.Bot.Exports;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bench.Outside;

/// <summary><c>archive zip|targz DIR OUT</c>: writes the archive as the export step does, flushed and under its final name.</summary>
internal static class ArchiveCall
{
    /// <summary>Prints the time, the size, and how far the peak of memory rose.</summary>
    public static async Task<int> RunAsync(string format, string folder, string output)
    {
        ArchiveFormat chosen = ArchiveFormat.Find(format == "targz" ? "tar.gz" : format) ?? throw new InvalidOperationException($"There is no format '{format}'.");
        using TemporaryFolder data = new();
        FolderContents contents = new();
        await using ServiceProvider services = new ServiceCollection().AddSingleton<IContentStore>(contents)
            .AddStorage(new StorageOptions { DataDirectory = data.Path, ConnectionString = StorageOptions.SqliteFile(data.Path) }).AddExports().BuildServiceProvider();
        ArchivePublisher publisher = services.GetRequiredService<ArchivePublisher>();
        WorkspaceTree tree = await contents.ReadAsync(folder, CancellationToken.None);
        string root = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        PublishArchive effect = new(new EffectKey("archive/bench"), tree, chosen.Name, root, Path.GetFileName(output));

        long before = ProcessMemory.PeakKilobytes();
        Stopwatch watch = Stopwatch.StartNew();
        ArchiveFacts facts = await publisher.WriteAsync(effect, chosen, Path.GetFullPath(output), CancellationToken.None);
        double milliseconds = watch.Elapsed.TotalMilliseconds;
        await Console.Out.WriteLineAsync(new JsonObject
        {
            ["ms"] = milliseconds,
            ["bytes"] = facts.Size,
            ["peakOverIdleKb"] = ProcessMemory.PeakKilobytes() - before,
        }.ToJsonString());
        return 0;
    }
}
