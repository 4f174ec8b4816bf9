using AgentWorkflow.Bench.Measuring;
using AgentWorkflow.Bench.Stores;
using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.Git;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bench.Tables;

/// <summary>The first commit of a new repository, made and pushed over HTTP to git's own server, beside git.</summary>
internal static class PushTable
{
    private const int Size = 2048;
    private static readonly DateTimeOffset s_time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Prints the table.</summary>
    public static async Task PrintAsync()
    {
        if (!Tool.IsThere("git"))
        {
            return;
        }

        Table table = await Table.BeginAsync(
            "commit and push of files of 2 KB over HTTP to git http-backend", "files", "ours: commit + push, ms", "git push alone, ms", "git add + commit + push, ms", "against add + commit + push", "of git push alone", "goal");
        foreach ((int count, int tries) in new[] { (10, 5), (1000, 5), (10_000, 3) })
        {
            using TemporaryFolder folder = new();
            await Sample.WriteAsync(folder["files"], count, Size);
            await using GitWebServer server = await GitWebServer.StartAsync(folder.Path);
            await OursAsync(folder, server);
            double ours = await Median.OfAsync(tries, () => OursAsync(folder, server));
            List<(double Whole, double Push)> git = [];
            for (int i = 0; i < tries; i++)
            {
                git.Add(await GitAsync(folder, server));
            }

            double whole = Median.Of(git.Select(g => g.Whole));
            double push = Median.Of(git.Select(g => g.Push));
            await table.AddAsync($"{count:N0}", Table.Number(ours), Table.Number(push), Table.Number(whole), Table.Ratio(whole, ours), Table.Ratio(ours, push), "2.5 x");
        }
    }

    private static async Task<double> OursAsync(TemporaryFolder folder, GitWebServer server)
    {
        await NewAsync(folder);
        FolderContents contents = new();
        WorkspaceTree tree = await contents.ReadAsync(folder["files"], CancellationToken.None);
        await using ServiceProvider services = new ServiceCollection().AddSingleton<IContentStore>(contents).AddForges().BuildServiceProvider();
        GitPush pusher = services.GetRequiredService<GitPush>();
        NewCommit commit = new("main", Parent: null, tree, new CommitIdentity("bench", "bench@local.invalid"), s_time, "Add generated files");
        return await Median.TimeAsync(() => pusher.PushAsync(new GitSource(server.AddressOf("r.git"), "bench", "none"), commit, CancellationToken.None));
    }

    private static async Task<(double Whole, double Push)> GitAsync(TemporaryFolder folder, GitWebServer server)
    {
        await NewAsync(folder);
        string[] common = ["--git-dir", folder["work.git"], "--work-tree", folder["files"], "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "user.name=bench", "-c", "user.email=bench@local.invalid"];
        await Tool.RunAsync("git", ["init", "-q", "--bare", "-b", "main", "work.git"], folder.Path);
        double push = 0;
        double whole = await Median.TimeAsync(async () =>
        {
            await Tool.RunAsync("git", [.. common, "add", "-A"], folder.Path);
            await Tool.RunAsync("git", [.. common, "commit", "-q", "-m", "Add generated files"], folder.Path);
            push = await Median.TimeAsync(() => Tool.RunAsync("git", [.. common, "-c", "http.postBuffer=268435456", "push", "-q", server.AddressOf("r.git").AbsoluteUri, "main"], folder.Path));
        });
        Directory.Delete(folder["work.git"], recursive: true);
        return (whole, push);
    }

    private static async Task NewAsync(TemporaryFolder folder)
    {
        if (Directory.Exists(folder["r.git"]))
        {
            Directory.Delete(folder["r.git"], recursive: true);
        }

        await Tool.RunAsync("git", ["init", "-q", "--bare", "-b", "main", "r.git"], folder.Path);
        await Tool.RunAsync("git", ["-C", "r.git", "config", "http.receivepack", "true"], folder.Path);
    }
}
