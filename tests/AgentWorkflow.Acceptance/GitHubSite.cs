using System.Globalization;
using System.Text.RegularExpressions;

using AgentWorkflow.Acceptance.Rig;
using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitHub;
using AgentWorkflow.Rig.GitHub.World;

namespace AgentWorkflow.Acceptance;

/// <summary>The real program serving a GitHub that runs on this machine: an organization with one repository, and people who talk on it.</summary>
internal sealed partial class GitHubSite : IAsyncDisposable
{
    /// <summary>The repository.</summary>
    public const string Repository = "octo/pets";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly List<StartedProgram> _servers = [];

    private GitHubSite(GitHubDouble github) => GitHub = github;

    /// <summary>The forge.</summary>
    public GitHubDouble GitHub { get; }

    /// <summary>The program and its data.</summary>
    public BotProgram Bot { get; } = new();

    /// <summary>Settings beyond those of the forge.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal) { ["AGENTWORKFLOW_WRITE_PACE_MS"] = "0" };

    /// <summary>Sets up the forge: ada may write, bob may read.</summary>
    /// <param name="workflows">Workflow files by name.</param>
    public static async Task<GitHubSite> StartAsync(params (string Name, string Text)[] workflows)
    {
        Tool.Require("git", "bwrap");
        Assert.SkipUnless(SharedData.HasGitHub, SharedData.Absent);
        GitHubSite site = new(await GitHubDouble.StartAsync(options: null, TestContext.Current.CancellationToken));
        site.AddRepository(Repository, workflows);
        return site;
    }

    /// <summary>Adds a repository in which ada may write and bob may read.</summary>
    public void AddRepository(string name, params IEnumerable<(string Name, string Text)> workflows) => GitHub.Do(world =>
    {
        Dictionary<string, string> files = workflows.ToDictionary(w => $".agentworkflow/workflows/{w.Name}.yml", w => w.Text, StringComparer.Ordinal);
        files["README.md"] = "# Pets\n";
        world.CreateRepository(name, files);
        world.Grant(name, "ada", "write");
        world.Grant(name, "bob", "read");
    });

    /// <summary>Starts the program; webhooks go to it from now on.</summary>
    public async Task<StartedProgram> ServeAsync(params (string Name, string Value)[] environment)
    {
        StartedProgram serve = Bot.Start(["serve", "--urls", "http://127.0.0.1:0"], [.. GitHub.Settings().Concat(Settings).Select(s => (s.Key, s.Value)), .. environment]);
        _servers.Add(serve);
        string said = await serve.SaysAsync(line => line.Contains("listens on http", StringComparison.Ordinal));
        GitHub.SendWebhooksTo(Address().Match(said).Value + "/api/github/webhooks");
        return serve;
    }

    /// <summary>Somebody writes an issue with an idea.</summary>
    public long Issue(string idea = Ideas.Tiny, string by = "ada") => GitHub.Do(world => world.OpenIssue(Repository, by, "Pets", idea).Number);

    /// <summary>Somebody comments.</summary>
    public long Comment(long issue, string text, string by = "ada") => GitHub.Do(world => world.Comment(Repository, issue, by, text).Id);

    /// <summary>True when so many runs are over and nobody holds one.</summary>
    public bool AreRunsOver(int count = 1) => Books.Has(Bot, "Runs")
        && int.Parse(Books.Query(Bot, "SELECT count(*) FROM Runs WHERE FinishedAt IS NOT NULL AND LeaseOwner IS NULL")[0], CultureInfo.InvariantCulture) >= count;

    /// <summary>Waits until so many runs are over and nobody holds one; patience begins anew with each of them.</summary>
    public async Task RunsAreOverAsync(StartedProgram serve, int count = 1)
    {
        for (int over = 1; over <= count; over++)
        {
            await SeesAsync(serve, () => AreRunsOver(over), "The runs do not end");
        }
    }

    /// <summary>Waits until something is so.</summary>
    public async Task SeesAsync(StartedProgram serve, Func<bool> wanted, string what)
    {
        using CancellationTokenSource patience = new(Patience, TimeProvider.System);
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (!wanted())
        {
            if (serve.HasExited || patience.IsCancellationRequested)
            {
                await FailAsync(serve, what);
            }

            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What the bot did on the forge, as sorted lines without ids and times; edits of its comment may be fewer after a crash.</summary>
    public string Did() => string.Join('\n', GitHub.Journal.Lines(GitHub.BotLogin, "comment-edit", "check-edit", "pull_request-edit"));

    /// <summary>What stands on the forge.</summary>
    public string Stands() => string.Join('\n', GitHub.Do(WorldView.Lines));

    /// <summary>Everything about the site, for a test that fails.</summary>
    public string Story() => $"--- requests\n{string.Join('\n', GitHub.Journal.Requests)}\n--- effects\n{Did()}\n--- stands\n{Stands()}\n--- violations\n{string.Join('\n', GitHub.Journal.Violations)}";

    public async ValueTask DisposeAsync()
    {
        foreach (StartedProgram serve in _servers)
        {
            serve.Dispose();
        }

        await GitHub.DisposeAsync();
        Bot.Dispose();
    }

    private async Task FailAsync(StartedProgram serve, string what)
    {
        serve.Signal("KILL");
        Ended ended = await serve.EndAsync();
        throw new InvalidOperationException($"{what}.\n{Story()}\n--- the program ({ended.ExitCode})\n{ended.Output}{ended.Error}");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
