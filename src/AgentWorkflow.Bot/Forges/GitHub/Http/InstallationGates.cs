using System.Collections.Concurrent;

using AgentWorkflow.Bot.Forges.Http;

namespace AgentWorkflow.Bot.Forges.GitHub.Http;

/// <summary>One gate an installation, and a place for each request of them all.</summary>
internal sealed class InstallationGates(WritePace pace, TimeProvider time) : IDisposable
{
    // The App asks for the tokens with which the others go on: were it to wait for their places, all could wait for each other.
    private const int MostOfTheApp = 10;
    private const int MostAtOnce = 80 - MostOfTheApp;

    private readonly ConcurrentDictionary<long, RequestGate> _gates = new();
    private readonly SemaphoreSlim _app = new(MostOfTheApp);
    private readonly SemaphoreSlim _all = new(MostAtOnce);

    /// <summary>The gate of an installation; 0 is the App itself.</summary>
    public RequestGate Of(long installation) => _gates.GetOrAdd(installation, id => id == 0 ? new RequestGate("GitHub", "the App", _app, pace, time) : new RequestGate("GitHub", "this installation", _all, pace, time));

    /// <inheritdoc/>
    public void Dispose()
    {
        _app.Dispose();
        _all.Dispose();
        foreach (RequestGate gate in _gates.Values)
        {
            gate.Dispose();
        }
    }
}
