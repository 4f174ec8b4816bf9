using System.Net;
using System.Text.Json.Nodes;

using AgentWorkflow.Acceptance.Rig;

namespace AgentWorkflow.Acceptance;

public sealed class ProcessTests
{
    private static readonly string[] Tiny = ["generate", "pets.md", "--input", "stack=python-api"];

    [Fact]
    public async Task An_Interrupted_Verification_Says_How_To_Go_On_And_Leaves_Nothing_Alive()
    {
        Tool.Require("bwrap", "python3");
        using BotProgram bot = WithPets();
        string mark = $"import time; time.sleep(300)  # {Path.GetFileName(bot.Folder)}";
        bot.Write("slow.yml", Workflows.Of("slow", $"python3, -c, '{mark}'"));

        using StartedProgram started = bot.Start(["generate", "pets.md", "--workflow", "slow.yml"]);
        await started.SaysAsync(l => l.Contains("✓ scaffold", StringComparison.Ordinal));
        await UntilAsync(() => Living(mark).Count > 0, TimeSpan.FromSeconds(30));
        started.Signal("INT");
        Ended ended = (await started.EndAsync(TimeSpan.FromSeconds(20))).Require(130);

        string run = Assert.Single(Books.Runs(bot));
        Assert.Contains($"agentworkflow generate --retry {run[..8]}", ended.Error, StringComparison.Ordinal);
        Assert.Empty(Living(mark));
        Assert.Equal(["|0"], Books.Query(bot, "SELECT LeaseOwner, FinishedAt IS NOT NULL FROM Runs"));
    }

    [Fact]
    public async Task An_Interrupted_Run_Is_Finished_By_A_Retry()
    {
        using BotProgram bot = WithPets();
        using StartedProgram started = bot.Start(Tiny);
        await started.SaysAsync(l => l.Contains("✓ requirements", StringComparison.Ordinal));
        started.Signal("INT");
        Ended ended = (await started.EndAsync(TimeSpan.FromSeconds(20))).Require(130);

        string run = Assert.Single(Books.Runs(bot));
        Assert.Contains($"--retry {run[..8]}", ended.Error, StringComparison.Ordinal);
        JsonObject result = (await bot.RunAsync("generate", "--retry", run[..8], "--json")).Require(0).Json;
        Assert.Equal("passed", $"{result["verification"]!["status"]}");
    }

    [Fact]
    public async Task Two_Generates_Work_Side_By_Side_On_A_Data_Directory_That_Is_Not_There_Yet()
    {
        using BotProgram bot = WithPets();

        Ended[] both = await Task.WhenAll(bot.RunAsync([.. Tiny, "--json"]), bot.RunAsync([.. Tiny, "--json"]));

        Assert.All(both, b => b.Require(0));
        Assert.Equal(["ideas/pets", "ideas/pets-2"], both.Select(b => $"{b.Json["repository"]!["name"]}").Order(StringComparer.Ordinal));
        Assert.Equal(["ok"], Books.Query(bot, "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task A_Retry_Of_A_Run_That_Another_Process_Drives_Says_So_And_Does_Nothing()
    {
        using BotProgram bot = WithPets();
        using StartedProgram started = bot.Start(Tiny);
        await started.SaysAsync(l => l.Contains("✓ requirements", StringComparison.Ordinal));
        started.Signal("STOP");

        Ended second = (await bot.RunAsync("generate", "--retry", Assert.Single(Books.Runs(bot)))).Require(1);
        started.Signal("CONT");
        (await started.EndAsync()).Require(0);

        Assert.Contains("AW2504", second.Error, StringComparison.Ordinal);
        Assert.Equal(["succeeded"], Books.Query(bot, "SELECT Status FROM Runs"));
    }

    [Fact]
    public async Task Serve_Is_Healthy_Is_Alone_And_Ends_When_Told()
    {
        using BotProgram bot = new();
        using StartedProgram serve = bot.Start(["serve", "--urls", "http://127.0.0.1:0"]);
        string line = await serve.SaysAsync(l => l.Contains(" listens on ", StringComparison.Ordinal));
        Uri address = new(line[line.IndexOf("http", StringComparison.Ordinal)..line.IndexOf(';', StringComparison.Ordinal)]);
        using SocketsHttpHandler handler = new();
        using HttpMessageInvoker http = new(handler);

        foreach (string path in new[] { "/healthz", "/readyz" })
        {
            using HttpRequestMessage ask = new(HttpMethod.Get, new Uri(address, path));
            using HttpResponseMessage answer = await http.SendAsync(ask, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Ended second = (await bot.RunAsync("serve", "--urls", "http://127.0.0.1:0")).Require(1);
        Assert.Contains($"process {serve.Id} ", second.ErrorLine, StringComparison.Ordinal);
        serve.Signal("TERM");
        (await serve.EndAsync(TimeSpan.FromSeconds(10))).Require(0);
        using StartedProgram third = bot.Start(["serve", "--urls", "http://127.0.0.1:0"]);
        await third.SaysAsync(l => l.Contains(" listens on ", StringComparison.Ordinal));
        third.Signal("KILL");
        await third.EndAsync();
        using StartedProgram fourth = bot.Start(["serve", "--urls", "http://127.0.0.1:0"]);
        await fourth.SaysAsync(l => l.Contains(" listens on ", StringComparison.Ordinal));
        fourth.Signal("INT");
        await fourth.EndAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_Generate_Works_Beside_A_Serve_And_Its_Run_Is_Driven_Once()
    {
        using BotProgram bot = WithPets();
        using StartedProgram serve = bot.Start(["serve", "--urls", "http://127.0.0.1:0"]);
        await serve.SaysAsync(l => l.Contains(" listens on ", StringComparison.Ordinal));

        Ended ended = await bot.RunAsync([.. Tiny, "--json"]);
        await UntilAsync(() => Books.Query(bot, "SELECT count(*) FROM Runs WHERE Status = 'succeeded'") is ["1"], TimeSpan.FromSeconds(60));

        // Either it drove the run itself or it says that serve does; the outcome is one.
        Assert.True(ended.ExitCode == 0 || ended.Error.Contains("AW2504", StringComparison.Ordinal), ended.Error);
        string outside = await Books.OutsideAsync(bot);
        Assert.Single(outside.Split('\n'), l => l.StartsWith("pull request ", StringComparison.Ordinal));
        Assert.Single(outside.Split('\n'), l => l.StartsWith("comment of ours ", StringComparison.Ordinal));
        serve.Signal("TERM");
        (await serve.EndAsync(TimeSpan.FromSeconds(10))).Require(0);
    }

    private static async Task UntilAsync(Func<bool> holds, TimeSpan patience)
    {
        using CancellationTokenSource over = new(patience, TimeProvider.System);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        while (!holds())
        {
            await look.WaitForNextTickAsync(over.Token);
        }
    }

    /// <summary>Processes whose command line holds a text.</summary>
    private static List<string> Living(string text)
    {
        List<string> found = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(text, StringComparison.Ordinal))
                {
                    found.Add(Path.GetFileName(folder));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended while we looked.
            }
        }

        return found;
    }

    private static BotProgram WithPets()
    {
        BotProgram bot = new();
        bot.Write("pets.md", Ideas.Tiny);
        return bot;
    }
}
