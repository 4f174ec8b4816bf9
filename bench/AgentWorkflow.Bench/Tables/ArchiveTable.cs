using System.Text.Json.Nodes;

using AgentWorkflow.Bench.Measuring;
using AgentWorkflow.Bench.Stores;

namespace AgentWorkflow.Bench.Tables;

/// <summary>Archives of 5,000 files with 50 MB together, and of one large file for the sake of memory; each in a process of its own.</summary>
internal static class ArchiveTable
{
    private const int Tries = 3;
    private const double MegaByte = 1024 * 1024;

    /// <summary>Prints the table.</summary>
    public static async Task PrintAsync()
    {
        Table table = await Table.BeginAsync(
            "archives", "what", "ours, ms", "other tool, ms", "ratio", "goal", "ours, MB", "other, MB", "peak over idle, MB", "goal, MB");
        using TemporaryFolder folder = new();
        await Sample.WriteAsync(folder["files"], 5000, 10_000);
        await PrintAsync(table, folder, "zip", "5,000 files, ZIP beside zip -r", "1.4 x", () => Tool.RunAsync("zip", ["-q", "-r", folder["other.zip"], "files"], folder.Path));
        await PrintAsync(table, folder, "targz", "5,000 files, TAR.GZ beside tar czf", "1.3 x", () => Tool.RunAsync("tar", ["czf", folder["other.targz"], "files"], folder.Path));
        await PrintBesideGitAsync(table, folder);
        Directory.Delete(folder["files"], recursive: true);

        Directory.CreateDirectory(folder["files"]);
        await using (FileStream large = new(folder["files/large.bin"], FileMode.CreateNew))
        {
            large.SetLength(1L << 30);
        }

        foreach (string format in new[] { "zip", "targz" })
        {
            Measured ours = await OursAsync(folder, format);
            await table.AddAsync($"1 GiB of zeros, {format}", Table.Number(ours.Milliseconds), "", "", "", Table.Number(ours.Bytes / MegaByte), "", Table.Number(ours.PeakKilobytes / 1024), "40");
        }
    }

    // git reads the files from its objects, which are compressed already; what making them cost stands in the table of commits.
    private static async Task PrintBesideGitAsync(Table table, TemporaryFolder folder)
    {
        if (!Tool.IsThere("git"))
        {
            return;
        }

        string[] common = ["-c", "user.name=bench", "-c", "user.email=bench@local.invalid", "-c", "gc.auto=0", "-C", folder["files"]];
        await Tool.RunAsync("git", [.. common, "init", "-q"], folder.Path);
        await Tool.RunAsync("git", [.. common, "add", "-A"], folder.Path);
        await Tool.RunAsync("git", [.. common, "commit", "-q", "-m", "Files"], folder.Path);
        await Tool.RunAsync("git", [.. common, "repack", "-q", "-a", "-d"], folder.Path);
        Directory.Move(folder["files/.git"], folder["files.git"]);
        foreach ((string format, string name) in new[] { ("zip", "zip"), ("targz", "tar.gz") })
        {
            string[] archive = ["--git-dir", folder["files.git"], "archive", $"--format={name}", "--prefix=files/", "-o", folder[$"other.{format}"], "HEAD"];
            await PrintAsync(table, folder, format, $"5,000 files, {name.ToUpperInvariant()} beside git archive", "", () => Tool.RunAsync("git", archive, folder.Path));
        }
    }

    private static async Task PrintAsync(Table table, TemporaryFolder folder, string format, string what, string goal, Func<Task<string>> other)
    {
        File.Delete(folder[$"other.{format}"]);
        List<Measured> all = [];
        for (int i = 0; i < Tries; i++)
        {
            all.Add(await OursAsync(folder, format));
        }

        string file = folder[$"other.{format}"];
        double theirs = goal.Length > 0 && !Tool.IsThere(format == "zip" ? "zip" : "tar") ? 0 : await Median.OfAsync(Tries, async () =>
        {
            File.Delete(file);
            return await Median.TimeAsync(other);
        });
        double ours = Median.Of(all.Select(a => a.Milliseconds));
        string size = File.Exists(file) ? Table.Number(new FileInfo(file).Length / MegaByte) : "";
        await table.AddAsync(what, Table.Number(ours), Table.Number(theirs), Table.Ratio(theirs, ours), goal,
            Table.Number(all[0].Bytes / MegaByte), size, Table.Number(Median.Of(all.Select(a => a.PeakKilobytes / 1024))), "40");
    }

    private static async Task<Measured> OursAsync(TemporaryFolder folder, string format)
    {
        string self = Path.Combine(AppContext.BaseDirectory, "agentworkflow-bench.dll");
        string line = await Tool.RunAsync("dotnet", [self, "archive", format, "files", folder[$"ours.{format}"]], folder.Path);
        JsonNode answer = JsonNode.Parse(line) ?? throw new InvalidDataException("The archive call said nothing.");
        return new Measured(Number(answer, "ms"), Number(answer, "bytes"), Number(answer, "peakOverIdleKb"));
    }

    private static double Number(JsonNode answer, string name) => answer[name]?.GetValue<double>() ?? 0;

    private sealed record Measured(double Milliseconds, double Bytes, double PeakKilobytes);
}
