using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Runs.Driving;

/// <summary>A run while it is driven: its lease, its engine and its state, which is saved with every move.</summary>
internal sealed class RunSession(RunLease lease, RunMachine machine, Workflow workflow, RunStore store, IRunObserver observer, TimeProvider time)
{
    private RunState? _saved = lease.State;

    public RunLease Lease { get; } = lease;

    public RunMachine Machine { get; } = machine;

    public Workflow Workflow { get; } = workflow;

    public IRunObserver Observer { get; } = observer;

    /// <summary>The state now; it may be over before that is stored.</summary>
    public RunState State { get; private set; } = new() { Steps = [] };

    /// <summary>True when this process has asked whether the run may write.</summary>
    public bool MayWrite { get; set; }

    /// <summary>Starts from a state.</summary>
    public void Begin(RunState state) => State = state;

    /// <summary>Advances and saves. The last move of a run is stored as still running, until its end was told.</summary>
    public async Task AdvanceAsync(RunEvent happened, IReadOnlyList<RunSignal> taken, Queue<RunAction> todo, CancellationToken cancellationToken)
    {
        Transition next = Machine.Advance(State, happened, time.GetUtcNow());
        RunState stored = next.State.IsOver ? next.State with { Status = RunStatus.Running, FinishedAt = null } : next.State;
        CrashPoint.Here($"before-save:{happened.GetType().Name}");
        await SaveAsync(stored, taken, cancellationToken);
        CrashPoint.Here($"saved:{happened.GetType().Name}");
        State = next.State;
        foreach (RunAction action in next.Actions.Where(_ => !next.State.IsOver))
        {
            todo.Enqueue(action);
        }

        Observer.Moved(State);
    }

    /// <summary>Stores the final state.</summary>
    public Task SaveFinalAsync(CancellationToken cancellationToken) => SaveAsync(State, [], cancellationToken);

    private async Task SaveAsync(RunState state, IReadOnlyList<RunSignal> taken, CancellationToken cancellationToken)
    {
        await store.SaveAsync(Lease, _saved, state, taken, cancellationToken);
        _saved = state;
    }
}
