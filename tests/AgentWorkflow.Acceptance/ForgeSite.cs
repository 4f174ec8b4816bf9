using System.Globalization;
using System.Text.RegularExpressions;

using AgentWorkflow.Acceptance.Rig;
using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.Journal;

namespace AgentWorkflow.Acceptance;

/// <summary>The real program serving a forge that runs on this machine: one repository, and people who talk on it. Ada may write, bob may read.</summary>
internal abstract partial class ForgeSite : IAsyncDisposable
{
    /// <summary>The repository.</summary>
    public const string Repository = "octo/pets";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly List<StartedProgram> _servers = [];

    /// <summary>The program and its data.</summary>
    public BotProgram Bot { get; } = new();

    /// <summary>Settings beyond those of the forge.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal) { ["AGENTWORKFLOW_WRITE_PACE_MS"] = "0" };

    /// <summary>What the forge was asked and accepted.</summary>
    public abstract ForgeJournal Journal { get; }

    /// <summary>What goes wrong on the forge.</summary>
    public abstract FaultBook Faults { get; }

    /// <summary>The bot's name there.</summary>
    public abstract string BotName { get; }

    /// <summary>What is on the branches of runs: full names of references.</summary>
    public abstract IReadOnlyList<string> Branches { get; }

    /// <summary>The repository's files on this machine, to be cloned.</summary>
    public abstract string GitFolder { get; }

    /// <summary>The bot's settings for the forge.</summary>
    protected abstract IReadOnlyDictionary<string, string> ForgeSettings { get; }

    /// <summary>Starts the program; webhooks go to it from now on.</summary>
    public async Task<StartedProgram> ServeAsync(params (string Name, string Value)[] environment)
    {
        StartedProgram serve = Bot.Start(["serve", "--urls", "http://127.0.0.1:0"], [.. ForgeSettings.Concat(Settings).Select(s => (s.Key, s.Value)), .. environment]);
        _servers.Add(serve);
        string said = await serve.SaysAsync(line => line.Contains("listens on http", StringComparison.Ordinal));
        SendWebhooksTo(Address().Match(said).Value);
        return serve;
    }

    /// <summary>Somebody writes an issue with an idea.</summary>
    public abstract long Issue(string idea = Ideas.Tiny, string by = "ada");

    /// <summary>Somebody comments.</summary>
    public abstract void Comment(long issue, string text, string by = "ada");

    /// <summary>True for a request that belongs to a run or to its trigger: not to a start or a sweep.</summary>
    public abstract bool IsOfARun(JournalRequest request);

    /// <summary>From now on ada may have repositories made beside this one, and the operator allows it.</summary>
    public virtual void MakesRepositories() => Settings["Repositories__Owners__0"] = Repository.Split('/')[0];

    /// <summary>A repository that was made: where its git is, what it says of itself, and its issues as title, milestone and labels.</summary>
    public abstract (string Git, string Description, IReadOnlyList<string> Issues) Made(string name);

    /// <summary>Waits until what a start asks has been asked.</summary>
    public abstract Task StartedAsync(StartedProgram serve);

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
    public string Did() => string.Join('\n', Journal.Lines(BotName, "comment-edit", "check-edit", "pull_request-edit"));

    /// <summary>What stands on the forge.</summary>
    public string Stands() => string.Join('\n', Lines());

    /// <summary>Everything about the site, for a test that fails.</summary>
    public string Story() => $"--- requests\n{string.Join('\n', Journal.Requests)}\n--- effects\n{Did()}\n--- stands\n{Stands()}\n--- violations\n{string.Join('\n', Journal.Violations)}";

    public async ValueTask DisposeAsync()
    {
        foreach (StartedProgram serve in _servers)
        {
            serve.Dispose();
        }

        await CloseAsync();
        Bot.Dispose();
    }

    /// <summary>A repository's files: these workflows, and something to read.</summary>
    protected static Dictionary<string, string> FilesOf(IEnumerable<(string Name, string Text)> workflows) =>
        new(workflows.Select(w => KeyValuePair.Create($".agentworkflow/workflows/{w.Name}.yml", w.Text)), StringComparer.Ordinal) { ["README.md"] = "# Pets\n" };

    /// <summary>Sends webhooks to the program at this address.</summary>
    protected abstract void SendWebhooksTo(string address);

    /// <summary>The setting by which the program looks by itself.</summary>
    public abstract string PollSetting { get; }

    /// <summary>From now on nothing is sent to the program.</summary>
    public abstract void SendNoWebhooks();

    /// <summary>What stands on the forge, as lines.</summary>
    protected abstract IReadOnlyList<string> Lines();

    /// <summary>Ends the forge.</summary>
    protected abstract ValueTask CloseAsync();

    private async Task FailAsync(StartedProgram serve, string what)
    {
        serve.Signal("KILL");
        Ended ended = await serve.EndAsync();
        throw new InvalidOperationException($"{what}.\n{Story()}\n--- the program ({ended.ExitCode})\n{ended.Output}{ended.Error}");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
