using System.Globalization;

using AgentWorkflow.Acceptance.Rig;

namespace AgentWorkflow.Acceptance;

/// <summary>
/// On a forge over HTTP too: the server dies at the places worth dying at and another takes over, and the forge's journal is that of an
/// undisturbed run (promises P1, P17, P18). By default at a part of the places; with <c>AGENTWORKFLOW_FULL=1</c> at every one,
/// or at as many as <c>AGENTWORKFLOW_POINTS</c> says.
/// </summary>
public abstract class ForgeCrashes
{
    /// <summary>At how many places by default.</summary>
    private protected abstract int Sample { get; }

    private protected abstract Task<ForgeSite> StartAsync(params (string Name, string Text)[] workflows);

    [Fact]
    public Task A_Server_That_Dies_Anywhere_Leaves_The_Journal_Of_An_Undisturbed_Run() => LeavesTheSameAsync("swift", "", Sample);

    [Fact]
    public Task A_Server_That_Dies_While_It_Makes_A_Repository_Leaves_One() => LeavesTheSameAsync("new name=shop", "repository", sample: 2);

    private async Task LeavesTheSameAsync(string workflow, string places, int sample)
    {
        (string did, string stands, string[] points) = await UndisturbedAsync(workflow);
        int died = 0;
        await CrashWorld.ForEachAsync(Enumerable.Range(1, points.Length).Where(n => points[n - 1].Contains(places, StringComparison.Ordinal)), sample, async point =>
        {
            await using ForgeSite site = await SiteAsync();
            StartedProgram first = await site.ServeAsync(("AGENTWORKFLOW_CRASH", point.ToString(CultureInfo.InvariantCulture)));
            site.Comment(site.Issue(), $"/generate {workflow}");
            if (await DiesAsync(site, first))
            {
                Interlocked.Increment(ref died);
                StartedProgram second = await site.ServeAsync();
                await site.RunsAreOverAsync(second);
            }

            site.Journal.RequireNoViolations();
            return site.Did() == did && site.Stands() == stands ? "" : $"--- dead at {point}\n{site.Story()}\n--- instead of\n{did}\n{stands}";
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{died} servers died.");
        Assert.True(died > 0, "Nobody died.");
    }

    // Parallel steps may share a commit, so a run passes a few points more or less: the last ones may not be reached.
    private static async Task<bool> DiesAsync(ForgeSite site, StartedProgram serve)
    {
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        while (!serve.HasExited)
        {
            if (site.AreRunsOver())
            {
                return false;
            }

            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        return true;
    }

    private async Task<ForgeSite> SiteAsync()
    {
        ForgeSite site = await StartAsync(("swift", Workflows.Swift), ("new", Workflows.New));
        site.MakesRepositories();
        return site;
    }

    private async Task<(string Did, string Stands, string[] Points)> UndisturbedAsync(string workflow)
    {
        await using ForgeSite site = await SiteAsync();
        string log = Path.Combine(site.Bot.Folder, "points.txt");
        StartedProgram serve = await site.ServeAsync(("AGENTWORKFLOW_CRASH_LOG", log));
        site.Comment(site.Issue(), $"/generate {workflow}");
        await site.RunsAreOverAsync(serve);
        Assert.SkipUnless(File.Exists(log), "This is a Release build: it has no crash points.");
        return (site.Did(), site.Stands(), await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken));
    }
}
