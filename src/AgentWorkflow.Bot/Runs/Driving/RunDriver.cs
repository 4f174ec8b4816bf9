using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Runs.Pausing;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Runs.Driving;

/// <summary>
/// Drives one run in this process: asks the engine what comes next, calls steps and applies effects side by side, saves after
/// each, and lets go when the run is over or waits. Everything it knows is in the store, so any process can go on.
/// </summary>
internal sealed partial class RunDriver(
    RunStore store, WorkflowParser parser, StepCaller steps, RunEffects effects, RunCeilings ceilings, Pauses pauses, LeaseOwner owner, TimeProvider time, ILogger<RunDriver> logger)
{
    private static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    // A minute: what crashes the process does so sooner, and what is slower is ended by the run's own limit of minutes.
    private const int BeatsToEndure = 30;

    /// <summary>Drives the run until it is over or waits.</summary>
    /// <param name="id">The run.</param>
    /// <param name="observer">Who watches.</param>
    /// <param name="retry">True to try a run again that is over: failed steps start anew.</param>
    /// <param name="cancellationToken">Stops driving; the run stays as it was saved last and can be claimed at once.</param>
    /// <returns>The state it was left in; null when another process holds it, its turn has not come or it is over.</returns>
    public async Task<RunState?> DriveAsync(string id, IRunObserver observer, bool retry, CancellationToken cancellationToken)
    {
        RunLease? lease = await store.TryClaimAsync(id, owner, LeaseDuration, retry, cancellationToken);
        if (lease is null)
        {
            return null;
        }

        RunState? left = null;
        DateTimeOffset? later = null;
        try
        {
            Workflow workflow = Parse(lease);
            RunMachine machine = new(workflow, RunContexts.Of(lease.Pin, lease.State?.Tries ?? 1));
            RunSession session = new(lease, machine, workflow, store, observer, time);
            left = await DriveAsync(session, cancellationToken);
            return left;
        }
        catch (ForgeException e) when (e.SaysWhen)
        {
            // All is done but telling it: the end is told, and only then stored, when the forge may be asked again.
            later = e.Until;
            Log.EndDeferred(logger, id, e.Message);
            return null;
        }
        catch (LeaseLostException)
        {
            // Whoever holds it now drives it; this process has nothing to say any more.
            Log.LeaseLost(logger, id);
            return null;
        }
        finally
        {
            // Also when the process is told to stop: the next one need not wait for the lease to end. Its end lets go of a run itself.
            await (left is { IsOver: true } ? Task.CompletedTask : store.ReleaseAsync(lease, later, CancellationToken.None));
        }
    }

    private async Task<RunState> DriveAsync(RunSession session, CancellationToken cancellationToken)
    {
        RunLease lease = session.Lease;
        Workflow workflow = session.Workflow;
        Queue<RunAction> todo = new();
        await BeginAsync(session, todo, cancellationToken);
        using CancellationTokenSource work = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource deadline = new(Remaining(session.State, LimitOf(workflow)), time);
        TaskCompletionSource timeIsUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration ring = deadline.Token.Register(timeIsUp.SetResult);
        List<Task<RunEvent>> running = [];
        bool isPaused = await IsPausedAsync(lease, cancellationToken);
        Task beat = Task.Delay(Heartbeat, time, work.Token);
        int beats = 0;
        try
        {
            while (!session.State.IsOver)
            {
                while (!isPaused && todo.TryDequeue(out RunAction? action))
                {
                    running.Add(StartAsync(session, action, work.Token));
                }

                await effects.ReportProgressAsync(session, cancellationToken);
                if (running.Count == 0 && isPaused && todo.Count > 0)
                {
                    // What would come next is stored; whoever claims the run after the pause begins with it.
                    return session.State;
                }

                if (running.Count == 0)
                {
                    await TakeSignalsAsync(session, todo, cancellationToken);
                    if (todo.Count == 0)
                    {
                        break;
                    }

                    continue;
                }

                Task first = await Task.WhenAny([.. running, beat, timeIsUp.Task]).WaitAsync(cancellationToken);
                if (first is Task<RunEvent> done)
                {
                    running.Remove(done);
                    await session.AdvanceAsync(await done, [], todo, cancellationToken);
                }
                else if (first == timeIsUp.Task)
                {
                    string reason = $"The run's limit of {LimitOf(workflow).TotalMinutes:0.##} minutes is used up; raise 'limits.minutes' in {workflow.Path}, or the operator's Limits__Minutes where that is lower, and retry.";
                    await session.AdvanceAsync(new RunEvent.Aborted("AW2002", reason), [], todo, cancellationToken);
                }
                else
                {
                    await store.RenewAsync(lease, LeaseDuration, cancellationToken);
                    await TakeSignalsAsync(session, todo, cancellationToken);
                    await WakeAsync(session, todo, cancellationToken);
                    await (++beats % BeatsToEndure == 0 ? session.AdvanceAsync(new RunEvent.Endured(), [], todo, cancellationToken) : Task.CompletedTask);
                    isPaused = isPaused || await IsPausedAsync(lease, cancellationToken);
                    beat = Task.Delay(Heartbeat, time, work.Token);
                }
            }
        }
        finally
        {
            // What still works is told to stop and waited for: no step of a run outlives the driving of it.
            await work.CancelAsync();
            await Task.WhenAll(running.Append(beat)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await FinishAsync(session, cancellationToken);
        return session.State;
    }

    private async Task BeginAsync(RunSession session, Queue<RunAction> todo, CancellationToken cancellationToken)
    {
        session.Begin(session.Lease.State ?? RunState.Initial(session.Workflow));
        if (session.State.IsOver)
        {
            // Words from before the retry were meant for the try that is over.
            IReadOnlyList<RunSignal> waiting = await store.ReadSignalsAsync(session.Lease.Id, cancellationToken);
            long retry = waiting.LastOrDefault(s => s.Kind == RunSignal.Retry)?.Id ?? long.MaxValue;
            await session.AdvanceAsync(new RunEvent.RetryRequested(), [.. waiting.Where(s => s.Id <= retry)], todo, cancellationToken);
            todo.Clear();
        }

        await effects.ReportStartAsync(session, cancellationToken);
        int recorded = await effects.CountRecordedAsync(session, cancellationToken);
        await session.AdvanceAsync(new RunEvent.Claimed(session.Lease.TakenOver, recorded), [], todo, cancellationToken);

        // Before anything is called: who cancelled a run that waited for its turn does not want to see it work.
        await TakeSignalsAsync(session, todo, cancellationToken);
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
        ImmutableList<Effect> planned = session.State[apply.Key].Planned;
        try
        {
            return new RunEvent.Applied(apply.Key, await effects.ApplyAsync(session, planned, apply.Fresh, cancellationToken));
        }
        catch (ForgeException e) when (e.SaysWhen)
        {
            return new RunEvent.Deferred(apply.Key, e.Until ?? time.GetUtcNow(), e.Message);
        }
#pragma warning disable CA1031 // The run loop is one of the three places where a bug or a broken world is caught: the run must end with a sentence.
        catch (Exception e) when (e is not LeaseLostException && StorageErrors.Classify(e) is StorageFault.None && !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.EffectBroke(logger, e, session.Lease.Id, apply.Key);
            string reason = $"An effect of step '{apply.Key}' broke unexpectedly ({e.GetType().Name}: {e.Message}); what was done before it is kept, retry to go on.";
            return new RunEvent.Applied(apply.Key, [new Receipt(planned[0].Key, planned[0].Kind, EffectOutcome.Refused, ImmutableSortedDictionary<string, string>.Empty, reason)]);
        }
    }

    private async Task TakeSignalsAsync(RunSession session, Queue<RunAction> todo, CancellationToken cancellationToken)
    {
        foreach (RunSignal signal in await store.ReadSignalsAsync(session.Lease.Id, cancellationToken))
        {
            RunEvent happened = signal.Kind switch
            {
                RunSignal.Cancel => new RunEvent.CancelRequested(Text(signal, "reason") ?? "Cancelled."),
                RunSignal.Answer => new RunEvent.Answered(Text(signal, "step"), signal.Payload),

                // A retry of a run that is not over asks for nothing new.
                _ => new RunEvent.TimePassed(),
            };
            await session.AdvanceAsync(happened, [signal], todo, cancellationToken);
        }
    }

    private async Task<bool> IsPausedAsync(RunLease lease, CancellationToken cancellationToken) =>
        (await pauses.ReadAsync(cancellationToken)).Holds(lease.Pin.Facts.Repository.ToString());

    /// <summary>A pause of one step may end while others are at work.</summary>
    private async Task WakeAsync(RunSession session, Queue<RunAction> todo, CancellationToken cancellationToken)
    {
        if (session.State.Steps.Exists(s => !s.IsOver && s.WakeAt <= time.GetUtcNow()))
        {
            await session.AdvanceAsync(new RunEvent.TimePassed(), [], todo, cancellationToken);
        }
    }

    private static string? Text(RunSignal signal, string name) => signal.Payload[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private TimeSpan LimitOf(Workflow workflow) => ceilings.Time < workflow.Limits.Time ? ceilings.Time : workflow.Limits.Time;

    private Workflow Parse(RunLease lease) =>
        parser.Parse(lease.WorkflowPath, Encoding.UTF8.GetBytes(lease.WorkflowText)).Workflow
        ?? throw new InvalidOperationException($"The pinned workflow of run {lease.Id} is not valid any more: it was written by another version.");

    private TimeSpan Remaining(RunState state, TimeSpan limit)
    {
        TimeSpan used = state.ActiveFor + (time.GetUtcNow() - (state.ActiveSince ?? time.GetUtcNow()));
        TimeSpan left = limit - used;
        return left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Run {RunId} is held by another process now; this one lets go of it.")]
        public static partial void LeaseLost(ILogger logger, string runId);

        [LoggerMessage(Level = LogLevel.Information, Message = "Run {RunId} is over and tells it later: {Reason}")]
        public static partial void EndDeferred(ILogger logger, string runId, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "An effect of step {StepKey} of run {RunId} broke unexpectedly.")]
        public static partial void EffectBroke(ILogger logger, Exception exception, string runId, string stepKey);
    }
}
