using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

using AgentWorkflow.Acceptance.Rig;

namespace AgentWorkflow.Acceptance;

/// <summary>Processes that die, and what a person does about it.</summary>
internal static partial class CrashWorld
{
    /// <summary>What is asked for: a workflow with every kind of step and effect that costs little.</summary>
    public static readonly string[] Ask = ["generate", "pets.md", "--workflow", "swift.yml"];

    /// <summary>The server, on any port.</summary>
    public static readonly string[] Serve = ["serve", "--urls", "http://127.0.0.1:0"];

    private const int AtOnce = 2;

    private static readonly TimeSpan ServePatience = TimeSpan.FromMinutes(10);
    private static (string Outside, string[] Points)? _undisturbed;

    /// <summary>True for the tier that goes through everything.</summary>
    public static bool Full { get; } = Environment.GetEnvironmentVariable("AGENTWORKFLOW_FULL") == "1";

    /// <summary>At how many places instead of a sample; null where nothing is said.</summary>
    private static int? Told { get; } = int.TryParse(Environment.GetEnvironmentVariable("AGENTWORKFLOW_POINTS"), CultureInfo.InvariantCulture, out int told) ? told : null;

    /// <summary>A program with an idea to ask for.</summary>
    public static BotProgram WithPets()
    {
        BotProgram bot = new();
        bot.Write("pets.md", Ideas.Tiny);
        bot.Write("swift.yml", Workflows.Swift);
        return bot;
    }

    /// <summary>What an undisturbed run leaves behind, and the places worth dying at that it passed.</summary>
    public static async Task<(string Outside, string[] Points)> UndisturbedAsync()
    {
        Tool.Require("git", "bwrap");
        if (_undisturbed is { } known)
        {
            return known;
        }

        using BotProgram bot = WithPets();
        string log = Path.Combine(bot.Folder, "points.txt");
        (await bot.RunAsync(Ask, [("AGENTWORKFLOW_CRASH_LOG", log)])).Require(0);
        Assert.SkipUnless(File.Exists(log), "This is a Release build: it has no crash points.");
        string[] points = [.. (await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).Select(l => l[(l.IndexOf(' ', StringComparison.Ordinal) + 1)..])];
        _undisturbed = (await Books.OutsideAsync(bot), points);
        return _undisturbed.Value;
    }

    /// <summary>Checks points, two at a time: in the full tier all of them, otherwise a sample that is spread over them.</summary>
    /// <param name="points">The points.</param>
    /// <param name="sample">How many by default.</param>
    /// <param name="check">Says what is wrong after a death at a point; empty where nothing is.</param>
    public static async Task ForEachAsync(IEnumerable<int> points, int sample, Func<int, Task<string>> check)
    {
        int[] all = [.. points];
        sample = Math.Min(Told ?? sample, all.Length);
        int[] chosen = Full ? all : [.. Enumerable.Range(0, sample).Select(i => all[((2 * i) + 1) * all.Length / (2 * sample)])];
        ConcurrentBag<string> wrong = [];
        ParallelOptions options = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForEachAsync(chosen, options, async (n, _) =>
        {
            string difference;
            try
            {
                difference = await check(n);
            }
            catch (Exception e) when (e is Xunit.Sdk.XunitException or TimeoutException or InvalidOperationException)
            {
                difference = $"--- {n}: {e.Message}";
            }

            if (difference.Length > 0)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(difference);
                wrong.Add(difference);
            }
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{chosen.Length} of {all.Length} points were run, {wrong.Count} lead elsewhere.");
        Assert.True(wrong.IsEmpty, $"{wrong.Count} of {chosen.Length} points lead elsewhere:\n{string.Join('\n', wrong.Order(StringComparer.Ordinal))}");
    }

    /// <summary>Lets the process die at its n-th point.</summary>
    /// <returns>False where it ended before.</returns>
    public static async Task<bool> CrashAsync(BotProgram bot, string[] arguments, int at, bool mayEnd = false)
    {
        Ended ended = await bot.RunAsync(arguments, [("AGENTWORKFLOW_CRASH", at.ToString(CultureInfo.InvariantCulture))]);
        return ended.ExitCode == 137 || (mayEnd && ended.ExitCode == 0 ? false : throw new InvalidOperationException($"Instead of dying at {at}, it ended with {ended.ExitCode}: {ended.Error}{ended.Output}"));
    }

    /// <summary>What stands outside when a process has died: nothing of the result, or all of it (promise P29).</summary>
    public static async Task<string> HalvesAsync(BotProgram bot, string name)
    {
        (string undisturbed, _) = await UndisturbedAsync();
        string git = Path.Combine(bot.Data, "repositories", "ideas", "pets.git");
        IEnumerable<string> pulls = Books.Has(bot, "LocalIssues") ? Books.Query(bot, "SELECT Branch FROM LocalIssues WHERE Branch IS NOT NULL") : [];
        List<string> halves = [];
        foreach (string branch in Directory.Exists(git) ? (await Tool.GitAsync(git, "for-each-ref", "--format=%(refname:short)", "refs/heads/agentworkflow")).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [])
        {
            string commits = await Tool.GitAsync(git, "rev-list", "--count", $"main..{branch}");
            string tree = await Tool.GitAsync(git, "rev-parse", branch + "^{tree}");
            if (commits != "0" && !undisturbed.Contains($"branch {branch}, {commits} commit, tree {tree}", StringComparison.Ordinal))
            {
                halves.Add($"{branch} has {commits} commits and the tree {tree}");
            }

            pulls = commits == "0" ? pulls : pulls.Where(p => p != branch);
        }

        halves.AddRange(pulls.Select(p => $"there is a pull request of {p}, which has no commit"));
        return halves.Count == 0 ? "" : $"--- dead at {name}: {string.Join("; ", halves)}\n";
    }

    /// <summary>Does what a person does after a crash: the retry of a run that is there, a serve that takes up what was asked for, or asking again.</summary>
    public static async Task RecoverAsync(BotProgram bot, bool byServe)
    {
        IReadOnlyList<string> runs = Books.Runs(bot);
        if (runs.Count == 1 && !byServe)
        {
            (await bot.RunAsync("generate", "--retry", runs[0])).Require(0);
        }
        else if (WasAskedFor(bot))
        {
            await ServeAsync(bot, runs: 1);
        }
        else
        {
            // Nothing was asked for yet: what was begun is an empty repository, and the next one has another name.
            Assert.Empty(runs);
            (await bot.RunAsync(Ask)).Require(0);
        }
    }

    /// <summary>True once the comment that asks for a run is stored.</summary>
    public static bool WasAskedFor(BotProgram bot) => Books.Has(bot, "Deliveries") && Books.Query(bot, "SELECT count(*) FROM Deliveries WHERE Event = 'issue_comment'") is not ["0"];

    /// <summary>Lets a server work until so many runs are over, and ends it in order.</summary>
    public static async Task ServeAsync(BotProgram bot, int runs)
    {
        using StartedProgram serve = bot.Start(Serve);
        using CancellationTokenSource patience = new(ServePatience, TimeProvider.System);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        string[] all = [runs.ToString(CultureInfo.InvariantCulture)];
        while (!Books.Query(bot, "SELECT count(*) FROM Runs WHERE FinishedAt IS NOT NULL AND LeaseOwner IS NULL").SequenceEqual(all))
        {
            if (serve.HasExited || patience.IsCancellationRequested)
            {
                serve.Signal("KILL");
                Ended early = await serve.EndAsync();
                throw new InvalidOperationException($"serve does not finish: {string.Join("; ", Books.Query(bot, "SELECT Id, Status, LeaseOwner FROM Runs WHERE FinishedAt IS NULL"))}: {early.ExitCode} {early.Output}{early.Error}");
            }

            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        serve.Signal("TERM");

        // A signal that comes before the program listens for it ends it the system's way.
        Assert.Contains((await serve.EndAsync(TimeSpan.FromSeconds(30))).ExitCode, new[] { 0, 143 });
    }

    /// <summary>How what is there differs from what an undisturbed run leaves; empty where it does not.</summary>
    public static async Task<string> DifferenceAsync(BotProgram bot, string name)
    {
        (string undisturbed, _) = await UndisturbedAsync();
        string repository = Books.Query(bot, "SELECT r.FullName FROM LocalRepositories r JOIN LocalIssues i ON i.RepositoryId = r.Id WHERE i.Branch IS NOT NULL").SingleOrDefault() ?? "ideas/pets";
        string outside = await Books.OutsideAsync(bot, repository);
        bool another = repository != "ideas/pets";
        return Comparable(outside, another) == Comparable(undisturbed, another) ? "" : $"--- {name}\n{outside}\n--- instead of\n{undisturbed}\n";
    }

    // The second repository of that name has another number and name, so other keys and another folder in its archives.
    private static string Comparable(string outside, bool another) => !another ? outside : string.Join('\n', outside.Split('\n')
        .Where(l => !l.StartsWith("archive ", StringComparison.Ordinal)).Select(l => BranchPattern().Replace(l, "BRANCH")));

    [GeneratedRegex("agentworkflow/1-pets-[a-z0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BranchPattern();
}
