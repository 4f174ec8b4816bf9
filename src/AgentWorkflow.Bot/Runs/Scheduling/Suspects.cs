using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Runs.Scheduling;

/// <summary>
/// Runs with which processes died three times in a row: any of them may be the one that crashes its process, and the others
/// only stood beside it. So this process drives one of them at a time until it gets on; who waits is not blamed (promise P31).
/// </summary>
internal sealed class Suspects(RunStore store)
{
    private readonly Lock _turn = new();
    private Turn? _driven;

    /// <summary>Lets a run be driven; null when it is suspected and another suspect is at work here.</summary>
    public async Task<Turn?> TryEnterAsync(string runId, CancellationToken cancellationToken)
    {
        bool isSuspect = await store.IsSuspectAsync(runId, cancellationToken);
        lock (_turn)
        {
            if (isSuspect && _driven is not null)
            {
                return null;
            }

            Turn turn = new(this);
            _driven = isSuspect ? turn : _driven;
            return turn;
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
