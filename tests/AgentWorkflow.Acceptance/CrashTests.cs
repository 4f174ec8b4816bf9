using System.Collections.Concurrent;
using System.Globalization;

using AgentWorkflow.Acceptance.Rig;

namespace AgentWorkflow.Acceptance;

/// <summary>
/// Crash anywhere, same result (promise P17): the process dies at the places worth dying at, once or more. By default a part of
/// them, so that the suite stays short; with <c>AGENTWORKFLOW_FULL=1</c> at every one, in the built-in workflow.
/// </summary>
public sealed class CrashTests
{
    private const int AtOnce = 2;
    private static readonly TimeSpan ServePatience = TimeSpan.FromMinutes(2);
    private static readonly bool s_full = Environment.GetEnvironmentVariable("AGENTWORKFLOW_FULL") == "1";

    private static string[] Ask => s_full ? ["generate", "pets.md", "--input", "stack=python-api"] : ["generate", "pets.md", "--workflow", "short.yml"];

    [Fact]
    public async Task A_Crash_At_Any_Point_Leads_To_The_Same_Result()
    {
        Assert.SkipUnless(s_full, "Every crash point takes many minutes: AGENTWORKFLOW_FULL=1 goes through them; the tests below take a part of them each time.");
        (string undisturbed, string[] points) = await UndisturbedAsync();

        await ForEachAsync(Enumerable.Range(1, points.Length), async n =>
        {
            using BotProgram bot = WithPets();
            await CrashAsync(bot, Ask, n);
            await RecoverAsync(bot, byServe: n % 3 == 0);
            return await DifferenceAsync(undisturbed, bot, $"{n} {points[n - 1]}");
        });
    }

    [Fact]
    public async Task A_Crash_And_Another_During_The_Recovery_Lead_To_The_Same_Result()
    {
        (string undisturbed, string[] points) = await UndisturbedAsync();
        int first = Array.FindIndex(points, p => p == "claimed") + 1;
        int step = s_full ? 1 : 16;

        await ForEachAsync(Enumerable.Range(first, points.Length - first).Where(n => n % step == 0), async n =>
        {
            using BotProgram bot = WithPets();
            await CrashAsync(bot, Ask, n);
            int again = 2 + (n * 7 % 9);
            await CrashAsync(bot, ["generate", "--retry", Assert.Single(Books.Runs(bot))], again, mayEnd: true);
            await RecoverAsync(bot, byServe: false);
            return await DifferenceAsync(undisturbed, bot, $"{n} {points[n - 1]}, then {again}");
        });
    }

    [Fact]
    public async Task A_Crash_At_Every_Second_Point_Leads_To_The_Same_Result()
    {
        (string undisturbed, string[] points) = await UndisturbedAsync();
        using BotProgram bot = WithPets();
        await CrashAsync(bot, Ask, Array.FindIndex(points, p => p == "claimed") + 1);
        string run = Assert.Single(Books.Runs(bot));

        int crashes = 1;
        for (int at = s_full ? 8 : 20; at < 200 && await CrashAsync(bot, ["generate", "--retry", run], at, mayEnd: true); crashes++)
        {
            Assert.True(crashes < points.Length, "it never gets on");
        }

        await RecoverAsync(bot, byServe: false);
        Assert.Equal("", await DifferenceAsync(undisturbed, bot, $"{crashes} crashes"));
    }

    [Fact]
    public async Task A_Kill_At_A_Random_Moment_Leads_To_The_Same_Result()
    {
        (string undisturbed, _) = await UndisturbedAsync();
        TimeProvider time = TimeProvider.System;

        await ForEachAsync(Enumerable.Range(1, s_full ? 20 : 6), async n =>
        {
            using BotProgram bot = WithPets();
            using (StartedProgram started = bot.Start(Ask))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(150 + (n * 577 % 3900)), time, TestContext.Current.CancellationToken);
                started.Signal("KILL");
                await started.EndAsync();
            }

            await RecoverAsync(bot, byServe: n % 2 == 0);
            return await DifferenceAsync(undisturbed, bot, $"killed at random, {n}");
        });
    }

    [Fact]
    public async Task A_Killed_Serve_Is_Followed_By_Another_Or_By_The_Command_Line()
    {
        (string undisturbed, string[] points) = await UndisturbedAsync();
        int before = Array.IndexOf(points, "made:comment") + 1;
        int[] places = [.. Enumerable.Range(1, points.Length - before).Where(n => n % (s_full ? 3 : 24) == 0)];

        await ForEachAsync(places, async n =>
        {
            using BotProgram bot = WithPets();
            await CrashAsync(bot, Ask, before);
            await CrashAsync(bot, ["serve", "--urls", "http://127.0.0.1:0"], n);
            await RecoverAsync(bot, byServe: n % 2 == 0);
            return await DifferenceAsync(undisturbed, bot, $"serve crashed at {n}");
        });
    }

    private static async Task ForEachAsync(IEnumerable<int> points, Func<int, Task<string>> check)
    {
        ConcurrentBag<string> wrong = [];
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(points, options, async (n, _) =>
        {
            string difference;
            try
            {
                difference = await check(n);
            }
            catch (Exception e) when (e is Xunit.Sdk.XunitException or TimeoutException or InvalidOperationException)
            {
                difference = $"--- point {n}: {e.Message}";
            }

            if (difference.Length > 0)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(difference);
                wrong.Add(difference);
            }
        });
        Assert.True(wrong.IsEmpty, $"{wrong.Count} points lead elsewhere:\n{string.Join('\n', wrong.Order(StringComparer.Ordinal))}");
    }

    private static async Task<(string Outside, string[] Points)> UndisturbedAsync()
    {
        Tool.Require("git", "python3", "bwrap");
        using BotProgram bot = WithPets();
        string log = Path.Combine(bot.Folder, "points.txt");
        (await bot.RunAsync(Ask, [("AGENTWORKFLOW_CRASH_LOG", log)])).Require(0);
        Assert.SkipUnless(File.Exists(log), "This is a Release build: it has no crash points.");
        string[] points = [.. (await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).Select(l => l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..])];
        TestContext.Current.TestOutputHelper?.WriteLine($"{points.Length} crash points:\n{string.Join('\n', points)}");
        return (await Books.OutsideAsync(bot), points);
    }

    /// <summary>Lets the process die at its n-th point.</summary>
    /// <returns>False where it ended before.</returns>
    private static async Task<bool> CrashAsync(BotProgram bot, string[] arguments, int at, bool mayEnd = false)
    {
        Ended ended = await bot.RunAsync(arguments, [("AGENTWORKFLOW_CRASH", at.ToString(CultureInfo.InvariantCulture))]);
        return ended.ExitCode == 137 || (mayEnd && ended.ExitCode == 0 ? false : throw new InvalidOperationException($"Instead of dying at {at}, it ended with {ended.ExitCode}: {ended.Error}{ended.Output}"));
    }

    /// <summary>Does what a person does after a crash: the retry of a run that is there, a serve that takes up what was asked for, or asking again.</summary>
    private static async Task RecoverAsync(BotProgram bot, bool byServe)
    {
        IReadOnlyList<string> runs = Books.Runs(bot);
        if (runs.Count == 1 && !byServe)
        {
            (await bot.RunAsync("generate", "--retry", runs[0])).Require(0);
        }
        else if (WasAskedFor(bot))
        {
            await ServeAsync(bot);
        }
        else
        {
            // Nothing was asked for yet: what was begun is an empty repository, and the next one has another name.
            Assert.Empty(runs);
            (await bot.RunAsync(Ask)).Require(0);
        }
    }

    private static bool WasAskedFor(BotProgram bot) =>
        Books.Query(bot, "SELECT count(*) FROM sqlite_master WHERE name = 'Deliveries'") is ["1"]
        && Books.Query(bot, "SELECT count(*) FROM Deliveries WHERE Event = 'issue_comment'") is not ["0"];

    private static async Task ServeAsync(BotProgram bot)
    {
        using StartedProgram serve = bot.Start(["serve", "--urls", "http://127.0.0.1:0"]);
        using CancellationTokenSource patience = new(ServePatience, TimeProvider.System);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(250), TimeProvider.System);
        while (Books.Query(bot, "SELECT count(*) FROM Runs WHERE FinishedAt IS NOT NULL AND LeaseOwner IS NULL") is not ["1"])
        {
            if (serve.HasExited || patience.IsCancellationRequested)
            {
                Ended early = await serve.EndAsync(TimeSpan.FromSeconds(1));
                throw new InvalidOperationException($"serve does not finish the run: {early.ExitCode} {early.Output}{early.Error}");
            }

            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        serve.Signal("TERM");

        // A signal that comes before the program listens for it ends it the system's way.
        Assert.Contains((await serve.EndAsync(TimeSpan.FromSeconds(20))).ExitCode, new[] { 0, 143 });
    }

    private static async Task<string> DifferenceAsync(string undisturbed, BotProgram bot, string name)
    {
        string repository = Books.Query(bot, "SELECT r.FullName FROM LocalRepositories r JOIN LocalIssues i ON i.RepositoryId = r.Id WHERE i.Branch IS NOT NULL").SingleOrDefault() ?? "ideas/pets";
        string outside = await Books.OutsideAsync(bot, repository);
        bool another = repository != "ideas/pets";
        return Comparable(outside, another) == Comparable(undisturbed, another) ? "" : $"--- point {name}\n{outside}\n--- instead of\n{undisturbed}\n";
    }

    // The second repository of that name has another number and name, so other keys and another folder in its archives.
    private static string Comparable(string outside, bool another) => !another ? outside : string.Join('\n', outside.Split('\n')
        .Where(l => !l.StartsWith("archive ", StringComparison.Ordinal))
        .Select(l => System.Text.RegularExpressions.Regex.Replace(l, "agentworkflow/1-pets-[a-z0-9]+", "BRANCH", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))));

    private static BotProgram WithPets()
    {
        BotProgram bot = new();
        bot.Write("pets.md", Ideas.Tiny);
        bot.Write("short.yml", Workflows.Short);
        return bot;
    }
}
