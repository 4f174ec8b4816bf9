using System.Globalization;

using AgentWorkflow.Acceptance.Rig;

namespace AgentWorkflow.Acceptance;

/// <summary>
/// The random kill loop (promise P18): a server is killed again and again while runs are asked for by processes that die as
/// well, 6 times by default, 300 times with <c>AGENTWORKFLOW_FULL=1</c>, or as often as <c>AGENTWORKFLOW_KILLS</c> says. In the end every run that was asked for is over, once, and nothing stands on the forge twice or without its run.
/// </summary>
public sealed class KillLoopTests
{
    private const string PerRepository = """
        SELECT r.FullName || ': '
            || (SELECT count(*) FROM Deliveries d JOIN Runs x ON x.Id = d.RunId WHERE d.Event = 'issue_comment' AND x.Repository = r.FullName) || ' asked, '
            || (SELECT count(*) FROM Runs x WHERE x.Repository = r.FullName) || ' runs, '
            || (SELECT count(*) FROM LocalIssues i WHERE i.RepositoryId = r.Id AND i.Branch IS NOT NULL) || ' pull requests, '
            || (SELECT count(*) FROM LocalComments c WHERE c.RepositoryId = r.Id AND c.Marker IS NOT NULL) || ' status comments, '
            || (SELECT count(*) FROM LocalReactions e JOIN LocalComments c ON c.Id = e.CommentId WHERE c.RepositoryId = r.Id) || ' reactions, '
            || (SELECT count(*) FROM LocalChecks k WHERE k.RepositoryId = r.Id) || ' checks, '
            || (SELECT count(*) FROM Projects p WHERE p.Repository = r.FullName) || ' projects, '
            || (SELECT count(*) FROM RepositoryExports a WHERE 'ideas/' || a.RootFolder = r.FullName) || ' archives'
        FROM LocalRepositories r WHERE EXISTS (SELECT 1 FROM LocalComments c WHERE c.RepositoryId = r.Id) ORDER BY r.Id
        """;

    [Fact]
    public async Task Servers_That_Are_Killed_At_Random_Lose_Nothing_And_Do_Nothing_Twice()
    {
        (string undisturbed, string[] points) = await CrashWorld.UndisturbedAsync();
        int asked = Array.IndexOf(points, "made:comment") + 1;
        using BotProgram bot = CrashWorld.WithPets();
        SortedDictionary<int, int> ends = [];
        int kills = int.TryParse(Environment.GetEnvironmentVariable("AGENTWORKFLOW_KILLS"), CultureInfo.InvariantCulture, out int told) ? told : CrashWorld.Full ? 300 : 6;
        for (int kill = 1; kill <= kills; kill++)
        {
            // Who asks dies too, at a place of its own each time: right after the comment, or in the middle of its run.
            string place = (asked + (kill * 11 % 60)).ToString(CultureInfo.InvariantCulture);
            using StartedProgram serve = bot.Start(CrashWorld.Serve);
            using StartedProgram asking = bot.Start(CrashWorld.Ask, [("AGENTWORKFLOW_CRASH", place)]);
            await Task.Delay(TimeSpan.FromMilliseconds(700 + (kill * 577 % 2400)), TimeProvider.System, TestContext.Current.CancellationToken);
            serve.Signal("KILL");
            await serve.EndAsync();
            Ended ended = await asking.EndAsync();
            ends[ended.ExitCode] = ends.GetValueOrDefault(ended.ExitCode) + 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"How those who asked ended: {string.Join(", ", ends.Select(e => $"{e.Value} x {e.Key}"))}.");
        int runs = await FinishAsync(bot);
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} servers were killed, {runs} runs are over.");
        Assert.Equal(["0"], Books.Query(bot, "SELECT count(*) FROM RunEffects WHERE Receipt IS NULL"));
        IReadOnlyList<string> found = Books.Query(bot, PerRepository);
        Assert.NotEmpty(found);
        Assert.All(found, line => Assert.EndsWith(": 1 asked, 1 runs, 1 pull requests, 1 status comments, 1 reactions, 1 checks, 1 projects, 1 archives", line, StringComparison.Ordinal));
        Assert.Equal((found.Count, found.Count), (Books.Files(bot, "records"), Books.Files(bot, "exports")));
        await CheckBranchesAsync(bot, undisturbed);
    }

    /// <summary>Lets a server finish what is left, and has runs retried that were given up after five deaths in a row.</summary>
    private static async Task<int> FinishAsync(BotProgram bot)
    {
        // What was asked for but not decided on becomes a run first.
        int asked = int.Parse(Books.Query(bot, "SELECT count(*) FROM Deliveries WHERE Event = 'issue_comment'")[0], CultureInfo.InvariantCulture);
        await CrashWorld.ServeAsync(bot, asked);
        IReadOnlyList<string> givenUp = Books.Query(bot, "SELECT Id FROM Runs WHERE Status = 'failed' AND Code = 'AW2003'");
        TestContext.Current.TestOutputHelper?.WriteLine($"{givenUp.Count} runs were given up after five deaths in a row, and retried.");
        foreach (string run in givenUp)
        {
            (await bot.RunAsync("generate", "--retry", run)).Require(0);
        }

        Assert.Empty(Books.Query(bot, "SELECT Id || ' ' || Status || ' ' || Reason FROM Runs WHERE Status <> 'succeeded' OR LeaseOwner IS NOT NULL"));
        return asked;
    }

    private static async Task CheckBranchesAsync(BotProgram bot, string undisturbed)
    {
        string expected = undisturbed.Split('\n').Single(l => l.StartsWith("branch agentworkflow/", StringComparison.Ordinal)).Split(", ", 2)[1];
        foreach (string repository in Books.Query(bot, "SELECT DISTINCT Repository FROM Runs"))
        {
            string git = Path.Combine(bot.Data, "repositories", repository + ".git");
            string branch = Assert.Single((await Tool.GitAsync(git, "for-each-ref", "--format=%(refname:short)", "refs/heads/agentworkflow")).Split('\n'));
            string found = $"{await Tool.GitAsync(git, "rev-list", "--count", $"main..{branch}")} commit, tree {await Tool.GitAsync(git, "rev-parse", branch + "^{tree}")}";
            Assert.Equal($"{repository} {expected}", $"{repository} {found}");
        }
    }
}
