using System.Collections.Immutable;
using System.Text;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Runs.Driving;

/// <summary>
/// Drives one run in this process: asks the engine what comes next, calls steps and applies effects side by side, saves after
/// each, and lets go when the run is over or waits. Everything it knows is in the store, so any process can go on.
/// </summary>
internal sealed class RunDriver(RunStore store, WorkflowParser parser, StepCaller steps, RunEffects effects, TimeProvider time)
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    /// <summary>Drives the run until it is over or waits.</summary>
    /// <param name="id">The run.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="retry">True to try a run again that is over: failed steps start anew.</param>
    /// <param name="cancellationToken">Stops driving; the run stays as it was saved last and can be claimed at once.</param>
    /// <returns>The state it was left in; null when another process holds it, its turn has not come or it is over.</returns>
    public async Task<RunState?> DriveAsync(string id, IRunObserver observer, bool retry, CancellationToken cancellationToken)
    {
        RunLease? lease = await store.TryClaimAsync(id, LeaseOwner.Current, LeaseDuration, retry, cancellationToken);
        if (lease is null)
        {
            return null;
        }

        try
        {
            Workflow workflow = Parse(lease);
            RunMachine machine = new(workflow, RunContexts.Of(lease.Pin, lease.State?.Tries ?? 1));
            RunSession session = new(lease, machine, workflow, store, observer, time);
            return await DriveAsync(session, cancellationToken);
        }
        finally
        {
            // Also when the process is told to stop: the next one need not wait for the lease to end.
            await store.ReleaseAsync(lease, CancellationToken.None);
        }
    }

    private async Task<RunState> DriveAsync(RunSession session, CancellationToken cancellationToken)
    {
        RunLease lease = session.Lease;
        Workflow workflow = session.Workflow;
        Queue<RunAction> todo = new();
        await BeginAsync(session, todo, cancellationToken);
        using CancellationTokenSource work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource deadline = new(Remaining(session.State, workflow), time);
        List<Task<RunEvent>> running = [];
        Task beat = Task.Delay(Heartbeat, time, work.Token);
        try
        {
            while (!session.State.IsOver)
            {
                while (todo.TryDequeue(out RunAction? action))
                {
                    running.Add(StartAsync(session, action, work.Token));
                }

                await effects.ReportProgressAsync(session, cancellationToken);
                if (running.Count == 0)
                {
                    await TakeSignalsAsync(session, todo, cancellationToken);
                    if (todo.Count == 0)
                    {
                        break;
                    }

                    continue;
                }

                Task first = await Task.WhenAny([.. running, beat, Cancelled(deadline.Token)]).WaitAsync(cancellationToken);
                if (first is Task<RunEvent> done)
                {
                    running.Remove(done);
                    await session.AdvanceAsync(await done, [], todo, cancellationToken);
                }
                else if (deadline.IsCancellationRequested)
                {
                    string reason = $"The run's limit of {workflow.Limits.Time.TotalMinutes:0.##} minutes (limits.minutes) is used up; raise it in {workflow.Path} and retry.";
                    await session.AdvanceAsync(new RunEvent.Aborted("AW2002", reason), [], todo, cancellationToken);
                }
                else
                {
                    await store.RenewAsync(lease, LeaseDuration, cancellationToken);
                    await TakeSignalsAsync(session, todo, cancellationToken);
                    beat = Task.Delay(Heartbeat, time, work.Token);
                }
            }
        }
        finally
        {
            await work.CancelAsync();
            await Task.WhenAll(running.Append(beat)).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        await FinishAsync(session, cancellationToken);
        return session.State;
    }

    private async Task BeginAsync(RunSession session, Queue<RunAction> todo, CancellationToken cancellationToken)
    {
        session.Begin(session.Lease.State ?? RunState.Initial(session.Workflow));
        if (session.State.IsOver)
        {
            IReadOnlyList<RunSignal> asked = await store.ReadSignalsAsync(session.Lease.Id, cancellationToken);
            await session.AdvanceAsync(new RunEvent.RetryRequested(), [.. asked.Where(s => s.Kind == RunSignal.Retry)], todo, cancellationToken);
        }

        await effects.ReportStartAsync(session, cancellationToken);
        await session.AdvanceAsync(new RunEvent.Claimed(session.Lease.TakenOver), [], todo, cancellationToken);
    }

    private async Task FinishAsync(RunSession session, CancellationToken cancellationToken)
    {
        if (session.State.IsOver)
        {
            // The end is told before it is stored: a process that dies in between tells it again, edited in place.
            await effects.ReportEndAsync(session, cancellationToken);
            CrashPoint.Here("before:final-state");
            await session.SaveFinalAsync(cancellationToken);
            CrashPoint.Here("saved:final-state");
        }
        else
        {
            await effects.ReportWaitAsync(session, cancellationToken);
        }
    }

    private Task<RunEvent> StartAsync(RunSession session, RunAction action, CancellationToken cancellationToken) => action switch
    {
        RunAction.Call call => Task.Run(() => steps.CallAsync(session, call.Key, cancellationToken), cancellationToken),
        RunAction.Apply apply => Task.Run(() => ApplyAsync(session, apply, cancellationToken), cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Unknown action."),
    };

    private async Task<RunEvent> ApplyAsync(RunSession session, RunAction.Apply apply, CancellationToken cancellationToken)
    {
        ImmutableList<Receipt> receipts = await effects.ApplyAsync(session, session.State[apply.Key].Planned, apply.Fresh, cancellationToken);
        return new RunEvent.Applied(apply.Key, receipts);
    }

    private async Task TakeSignalsAsync(RunSession session, Queue<RunAction> todo, CancellationToken cancellationToken)
    {
        foreach (RunSignal signal in await store.ReadSignalsAsync(session.Lease.Id, cancellationToken))
        {
            RunEvent happened = signal.Kind switch
            {
                RunSignal.Cancel => new RunEvent.CancelRequested(signal.Payload["reason"]?.GetValue<string>() ?? "Cancelled."),
                RunSignal.Answer => new RunEvent.Answered(signal.Payload["step"]?.GetValue<string>() ?? "", signal.Payload),
                _ => new RunEvent.Claimed(TakenOver: false),
            };
            await session.AdvanceAsync(happened, [signal], todo, cancellationToken);
        }
    }

    private Workflow Parse(RunLease lease) =>
        parser.Parse(lease.WorkflowPath, Encoding.UTF8.GetBytes(lease.WorkflowText)).Workflow
        ?? throw new InvalidOperationException($"The pinned workflow of run {lease.Id} is not valid any more: it was written by another version.");

    private TimeSpan Remaining(RunState state, Workflow workflow)
    {
        TimeSpan used = state.ActiveFor + (time.GetUtcNow() - (state.ActiveSince ?? time.GetUtcNow()));
        TimeSpan left = workflow.Limits.Time - used;
        return left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
    }

    private static Task Cancelled(CancellationToken token)
    {
        TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(source.SetResult);
        return source.Task;
    }
}
