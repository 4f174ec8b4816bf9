using System.Diagnostics;
using System.Globalization;

using AgentWorkflow.Acceptance.Rig;
using AgentWorkflow.Rig.GitHub.Webhooks;
using AgentWorkflow.Rig.GitHub.World;

namespace AgentWorkflow.Acceptance;

/// <summary>
/// The random kill loop on GitHub (promises P1, P18): commands keep coming on issues of several repositories while the server is
/// killed again and again, 6 times by default, 300 times with <c>AGENTWORKFLOW_FULL=1</c>, or as often as <c>AGENTWORKFLOW_KILLS</c>
/// says. In the end each command has one branch, commit, pull request, comment, reaction and check: nothing is lost, nothing is there twice.
/// </summary>
public sealed class GitHubKillLoopTests
{
    private const int Seed = 20260504;

    // A server dies after so many requests and not after so much time, which means nothing on a busy machine. A start makes some
    // ten and a run twenty, so that most lives end in the middle of a few runs and some before anything was done.
    private const int MostRequests = 64;

    // People wait while the server falls over; without that the heap of runs only grows, and each of them dies with every server.
    private const int MostUnfinished = 16;
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(3);
    private static readonly string[] s_repositories = ["octo/pets", "octo/birds", "octo/fish", "octo/cats"];
    private static readonly string[] s_kinds = ["branch", "commit", "pull_request", "comment", "reaction"];

    [Fact]
    public async Task Commands_That_Keep_Coming_While_Servers_Are_Killed_Each_Lead_To_One_Result()
    {
        await using GitHubSite site = await GitHubSite.StartAsync(("quick", Workflows.Quick), ("checked", Workflows.Checked));

        // More commands than an installation's 5,000 requests an hour last for would wait for the next hour, as they should.
        site.GitHub.Limits.PerHour = int.MaxValue;
        foreach (string repository in s_repositories.Skip(1))
        {
            site.AddRepository(repository, ("quick", Workflows.Quick), ("checked", Workflows.Checked));
        }

#pragma warning disable CA5394 // A seed is wanted here: the same kills and commands again.
        Random chance = new(Seed);
        List<(string Repository, long Issue)> asked = [];
        int kills = int.TryParse(Environment.GetEnvironmentVariable("AGENTWORKFLOW_KILLS"), CultureInfo.InvariantCulture, out int told) ? told : CrashWorld.Full ? 300 : 6;
        long began = Stopwatch.GetTimestamp();
        for (int kill = 1; kill <= kills; kill++)
        {
            StartedProgram serve = await site.ServeAsync();
            for (int commands = chance.Next(1, 3); commands > 0; commands--)
            {
                if (asked.Count - Books.Query(site.Bot, "SELECT Id FROM Runs WHERE Status IN ('succeeded', 'failed')").Count < MostUnfinished)
                {
                    asked.Add(Ask(site, s_repositories[chance.Next(s_repositories.Length)], chance.Next(4) == 0 ? "checked" : "quick"));
                }

                await RequestsAsync(site, chance.Next(MostRequests));
            }

            serve.Signal("KILL");
            await serve.EndAsync();
            if (kill % 2 == 0)
            {
                // Nobody is there to take it.
                asked.Add(Ask(site, s_repositories[chance.Next(s_repositories.Length)], "quick"));
            }
        }
#pragma warning restore CA5394

        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} servers were killed while {asked.Count} commands came, in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s.");
        int givenUp = await FinishAsync(site, asked);
        TestContext.Current.TestOutputHelper?.WriteLine($"All is over after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s; {givenUp} runs were given up after five deaths in a row, and retried.");
        site.GitHub.Journal.RequireNoViolations();
        Assert.Equal(["0"], Books.Query(site.Bot, "SELECT count(*) FROM RunEffects WHERE Receipt IS NULL"));
        List<string> wrong = site.GitHub.Do(world => asked.Select(a => Wrong(world, a.Repository, a.Issue)).Where(w => w.Length > 0).ToList());
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        if (givenUp == 0)
        {
            Assert.All(s_kinds, kind => Assert.Equal($"{asked.Count} x {kind}", $"{site.GitHub.Journal.Count(kind, site.GitHub.BotLogin)} x {kind}"));
        }
    }

    /// <summary>Waits until the bot has asked the forge so many times more, or has nothing more to ask.</summary>
    private static async Task RequestsAsync(GitHubSite site, int count)
    {
        int seen = site.GitHub.Journal.Requests.Count;
        int wanted = seen + count;
        long last = Stopwatch.GetTimestamp();
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        while (seen < wanted && Stopwatch.GetElapsedTime(last) < s_idle)
        {
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            int now = site.GitHub.Journal.Requests.Count;
            last = now > seen ? Stopwatch.GetTimestamp() : last;
            seen = now;
        }
    }

    private static (string Repository, long Issue) Ask(GitHubSite site, string repository, string workflow) => site.GitHub.Do(world =>
    {
        long issue = world.OpenIssue(repository, "ada", "Pets", Ideas.Tiny).Number;
        world.Comment(repository, issue, "ada", $"/generate {workflow}");
        return (repository, issue);
    });

    /// <summary>Lets a last server work until nothing is left: what was refused while none was there it fetches, or it comes again by a person's hand.</summary>
    private static async Task<int> FinishAsync(GitHubSite site, List<(string Repository, long Issue)> asked)
    {
        StartedProgram serve = await site.ServeAsync();
        await site.GitHub.Webhooks.SettleAsync(TestContext.Current.CancellationToken);
        ILookup<string, WebhookDelivery> deliveries = site.GitHub.Webhooks.Deliveries.ToLookup(d => d.Guid, StringComparer.Ordinal);
        WebhookDelivery[] refused = [.. deliveries.Where(g => g.All(d => d.StatusCode is < 200 or > 299)).Select(g => g.First())];
        foreach (WebhookDelivery delivery in refused.Where((_, i) => i % 2 == 0))
        {
            site.GitHub.Webhooks.Redeliver(delivery);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{refused.Length} of {deliveries.Count} deliveries were refused at first; every second of them was sent again by hand.");
        await site.RunsAreOverAsync(serve, asked.Count);
        string[] givenUp = [.. Books.Query(site.Bot, "SELECT Repository || '#' || Issue FROM Runs WHERE Code = 'AW2003'")];
        foreach (string[] place in givenUp.Select(p => p.Split('#')))
        {
            site.GitHub.Do(world => world.Comment(place[0], long.Parse(place[1], CultureInfo.InvariantCulture), "ada", "/aw retry"));
        }

        await site.SeesAsync(serve, () => Books.Query(site.Bot, "SELECT Id FROM Runs WHERE Status <> 'succeeded' OR LeaseOwner IS NOT NULL").Count == 0, "Not every run succeeds");
        return givenUp.Length;
    }

    /// <summary>What an issue lacks or has too often.</summary>
    private static string Wrong(GitHubWorld world, string name, long number)
    {
        ForgeRepository repository = world.Repository(name);
        string main = repository.Git.Head(repository.DefaultBranch) ?? "";
        Issue issue = repository.Find(number) ?? throw new KeyNotFoundException($"There is no {name}#{number}.");
        string start = $"agentworkflow/{number}-";
        string[] heads = [.. repository.Git.Refs().Where(r => r.Key.StartsWith($"refs/heads/{start}", StringComparison.Ordinal)).Select(r => r.Value)];
        int pulls = repository.Issues.Count(i => i.Pull?.Head.StartsWith(start, StringComparison.Ordinal) == true);
        Comment command = issue.Comments.First(c => c.Body.StartsWith("/generate", StringComparison.Ordinal));
        bool isRetried = issue.Comments.Exists(c => c.Body == "/aw retry");
        int said = issue.Comments.Count(c => c.Author == world.Bot) - (isRetried ? 1 : 0);
        string found = $"{heads.Length} branches with {heads.Sum(h => repository.Git.Ahead(h, main))} commits, {pulls} pull requests, {said} comments, {command.Reactions.Count(r => r.Author == world.Bot)} reactions, {repository.Checks.Count(c => heads.Contains(c.HeadSha))} checks";
        return found == "1 branches with 1 commits, 1 pull requests, 1 comments, 1 reactions, 1 checks" ? "" : $"{name}#{number}: {found}";
    }
}
