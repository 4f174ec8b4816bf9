using System.Text;

using AgentWorkflow.Bench.Measuring;
using AgentWorkflow.Bench.Outside;
using AgentWorkflow.Bench.Stores;
using AgentWorkflow.Bot.Forges.Local;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bench.Tables;

/// <summary>A commit of files of 2 KB to a bare repository, beside git's own ways.</summary>
internal static class CommitTable
{
    private const int Size = 2048;

    /// <summary>Prints the table.</summary>
    public static async Task PrintAsync()
    {
        Table table = await Table.BeginAsync(
            "commit of files of 2 KB", "files", "ours, ms", "git add + commit, ms", "fast-import, ms", "against add + commit", "against fast-import", "goal", "storing the contents before, ms");
        bool git = Tool.IsThere("git");
        foreach ((int count, int tries) in new[] { (10, 5), (100, 5), (1000, 5), (10_000, 3) })
        {
            using TemporaryFolder folder = new();
            await Sample.WriteAsync(folder["files"], count, Size);
            await OursAsync(folder["files"]);
            double ours = await Median.OfAsync(tries, () => OursAsync(folder["files"]));
            double add = git ? await Median.OfAsync(Math.Min(tries, 3), () => AddAsync(folder["files"])) : 0;
            double import = git ? await Median.OfAsync(tries, () => ImportAsync(folder["files"])) : 0;
            double store = await StoreAsync(folder["files"]);
            await table.AddAsync($"{count:N0}", Table.Number(ours), Table.Number(add), Table.Number(import), Table.Ratio(add, ours), Table.Ratio(import, ours), "1 x", Table.Number(store));
        }
    }

    private static async Task<double> OursAsync(string files)
    {
        using TemporaryFolder place = new();
        BareRepository.Create(place["r.git"], "main").Dispose();
        return (await CommitCall.CommitAsync(files, place["r.git"], "generated", CancellationToken.None)).Milliseconds;
    }

    private static async Task<double> AddAsync(string files)
    {
        using TemporaryFolder place = new();
        await Tool.RunAsync("git", ["init", "-q", "--bare", "r.git"], place.Path);
        string[] common = ["--git-dir", place["r.git"], "--work-tree", files, "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "user.name=bench", "-c", "user.email=bench@local.invalid"];
        return await Median.TimeAsync(async () =>
        {
            await Tool.RunAsync("git", [.. common, "add", "-A"], files);
            await Tool.RunAsync("git", [.. common, "commit", "-q", "-m", "Add generated files"], files);
        });
    }

    private static async Task<double> ImportAsync(string files)
    {
        using TemporaryFolder place = new();
        await Tool.RunAsync("git", ["init", "-q", "--bare", "r.git"], place.Path);
        return await Median.TimeAsync(() => Tool.RunAsync(
            "git", ["-c", "pack.compression=1", "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-C", "r.git", "fast-import", "--quiet", "--depth=0"], place.Path, stream => FeedAsync(files, stream)));
    }

    private static async Task FeedAsync(string files, Stream target)
    {
        // Whoever gave the stream closes it.
        BufferedStream stream = new(target, 128 * 1024);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("commit refs/heads/generated\ncommitter bench <bench@local.invalid> 1700000000 +0000\ndata 3\nAdd\n"));
        foreach (string path in Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories))
        {
            byte[] content = await File.ReadAllBytesAsync(path);
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"M 100644 inline {Path.GetRelativePath(files, path)}\ndata {content.Length}\n"));
            await stream.WriteAsync(content);
            await stream.WriteAsync("\n"u8.ToArray());
        }

        await stream.FlushAsync();
    }

    private static async Task<double> StoreAsync(string files)
    {
        using TemporaryFolder place = new();
        DiskContentStore store = new(place["contents"]);
        List<byte[]> contents = [.. Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes)];
        return await Median.TimeAsync(() => store.PutAllAsync([.. contents.Select(c => new ReadOnlyMemory<byte>(c))], CancellationToken.None));
    }
}
