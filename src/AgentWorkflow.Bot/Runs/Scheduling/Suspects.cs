using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Runs.Scheduling;

/// <summary>
/// Runs with which processes died three times in a row: any of them may be the one that crashes its process, and the others
/// only stood beside it. So this process drives one of them at a time until it gets on; who waits is not blamed (promise P31).
/// After a start they come first, with nothing beside them: a server that is killed often gives each of them time to get on.
/// </summary>
internal sealed class Suspects(RunStore store, LeaseOwner owner, TimeProvider time)
{
    private static readonly TimeSpan HeadStart = TimeSpan.FromSeconds(5);

    private readonly long _began = time.GetTimestamp();
    private readonly Lock _turn = new();
    private Task<HashSet<string>>? _left;
    private Turn? _driven;

    /// <summary>Lets a run be driven; null when it has to wait for a suspect at work here, or for those that come first.</summary>
    public async Task<Turn?> TryEnterAsync(string runId, CancellationToken cancellationToken)
    {
        HashSet<string> left = await LeftAsync().WaitAsync(cancellationToken);
        bool isSuspect = await store.IsSuspectAsync(runId, cancellationToken);
        lock (_turn)
        {
            if (isSuspect ? _driven is not null : time.GetElapsedTime(_began) < HeadStart && (_driven is not null || left.Count > 0))
            {
                return null;
            }

            Turn turn = new(this);
            left.Remove(runId);
            _driven = isSuspect ? turn : _driven;
            return turn;
        }
    }

    // What dead processes left here, looked up once.
    private Task<HashSet<string>> LeftAsync()
    {
        lock (_turn)
        {
            return _left ??= store.FindSuspectsAsync(owner, CancellationToken.None);
        }
    }

    private void Leave(Turn turn)
    {
        lock (_turn)
        {
            _driven = ReferenceEquals(_driven, turn) ? null : _driven;
        }
    }

    /// <summary>A run while it is driven. It ends with the driving, or as soon as the run got on.</summary>
    internal sealed class Turn(Suspects suspects) : IRunObserver, IDisposable
    {
        /// <inheritdoc/>
        public void Moved(RunState state)
        {
            if (!state.IsSuspect)
            {
                suspects.Leave(this);
            }
        }

        /// <inheritdoc/>
        public void Progressed(string stepKey, string what)
        {
        }

        /// <inheritdoc/>
        public void Logged(string stepKey, string line)
        {
        }

        /// <inheritdoc/>
        public void Dispose() => suspects.Leave(this);
    }
}
