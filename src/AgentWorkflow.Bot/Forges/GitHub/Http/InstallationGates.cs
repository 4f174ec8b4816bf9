using System.Collections.Concurrent;

namespace AgentWorkflow.Bot.Forges.GitHub.Http;

/// <summary>How far apart writes are; a value of the program, which only tests replace.</summary>
internal sealed record WritePace(TimeSpan Between)
{
    /// <summary>What GitHub asks for.</summary>
    public static WritePace Usual { get; } = new(OfTests ?? TimeSpan.FromSeconds(1));

    // As with crash points: a debug build alone listens to tests, which start the program hundreds of times.
    private static TimeSpan? OfTests =>
#if DEBUG
        int.TryParse(Environment.GetEnvironmentVariable("AGENTWORKFLOW_WRITE_PACE_MS"), System.Globalization.CultureInfo.InvariantCulture, out int milliseconds) ? TimeSpan.FromMilliseconds(milliseconds) : null;
#else
        null;
#endif
}

/// <summary>One gate an installation, and a place for each request of them all.</summary>
internal sealed class InstallationGates(WritePace pace, TimeProvider time) : IDisposable
{
    // The App asks for the tokens with which the others go on: were it to wait for their places, all could wait for each other.
    private const int MostOfTheApp = 10;
    private const int MostAtOnce = 80 - MostOfTheApp;

    private readonly ConcurrentDictionary<long, InstallationGate> _gates = new();
    private readonly SemaphoreSlim _app = new(MostOfTheApp);
    private readonly SemaphoreSlim _all = new(MostAtOnce);

    /// <summary>The gate of an installation; 0 is the App itself.</summary>
    public InstallationGate Of(long installation) => _gates.GetOrAdd(installation, id => id == 0 ? new InstallationGate("the App", _app, pace, time) : new InstallationGate("this installation", _all, pace, time));

    /// <inheritdoc/>
    public void Dispose()
    {
        _app.Dispose();
        _all.Dispose();
        foreach (InstallationGate gate in _gates.Values)
        {
            gate.Dispose();
        }
    }
}
