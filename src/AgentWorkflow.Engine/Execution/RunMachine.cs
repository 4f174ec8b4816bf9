using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Expressions;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Engine.Execution;

/// <summary>
/// The run engine: (state, what happened) to (state, what to do next). Pure: no clock, no chance, no world, so that a
/// simulator can run it for a thousand years, and a process that takes a run over comes to the same decision.
/// </summary>
/// <param name="workflow">The pinned workflow.</param>
/// <param name="roots">The contexts of expressions but <c>steps</c> and <c>item</c>.</param>
public sealed class RunMachine(Workflow workflow, IReadOnlyDictionary<string, JsonNode?> roots)
{
    private const int MostDeaths = 5;
    private const string CancelCode = "AW2004";

    private readonly StepConditions _conditions = new(workflow, roots);
    private readonly Dictionary<string, Step> _definitions = workflow.Steps.ToDictionary(s => s.Id, StringComparer.Ordinal);

    /// <summary>Advances the run.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="now">The time of it.</param>
    public Transition Advance(RunState state, RunEvent happened, DateTimeOffset now)
    {
        if (state.IsOver && happened is not RunEvent.RetryRequested)
        {
            return new Transition(state, []);
        }

        List<RunAction> actions = [];
        state = happened switch
        {
            RunEvent.Claimed claimed => Claim(state, claimed, now, actions),
            RunEvent.Endured => state,
            RunEvent.Returned returned => Return(state, returned, now, actions),
            RunEvent.Applied applied => Apply(state, applied, now, actions),
            RunEvent.Deferred deferred => Defer(state, deferred),
            RunEvent.Answered answered => Answer(state, answered, actions),
            RunEvent.TimePassed => Wake(state, now, actions),
            RunEvent.CancelRequested cancel => Stop(state, RunStatus.Cancelled, CancelCode, cancel.Reason, now),
            RunEvent.Aborted aborted => Stop(state, RunStatus.Failed, aborted.Code, aborted.Reason, now),
            RunEvent.RetryRequested => Reopen(state),
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "Unknown event."),
        };
        state = IsProgress(happened) ? state with { Deaths = 0 } : state;
        return new Transition(Settle(StartWhatMayStart(state, now, actions), now), actions);
    }

    /// <summary>Evaluates the inputs of a step that is about to be called.</summary>
    /// <exception cref="ExpressionException">An expression fails on the values of this run.</exception>
    public JsonNode? EvaluateInputs(RunState state, string key)
    {
        StepState step = state[key];
        ValueTemplate with = DefinitionOf(step).With;
        return with.Evaluate(_conditions.Context(state, step, StepConditions.StepsReadBy(with)));
    }

    /// <summary>The files a step sees: the base with the changes of all steps it stands on, in file order.</summary>
    public WorkspaceTree TreeFor(RunState state, string key, WorkspaceTree baseTree)
    {
        IReadOnlySet<string> ancestors = _conditions.Ancestors(state[key].StepId);
        return state.Steps
            .Where(s => !s.Changes.IsEmpty && ancestors.Contains(s.StepId))
            .Aggregate(baseTree, (tree, step) => tree.Apply(step.Changes));
    }

    /// <summary>The time one attempt of a step may take; null means the run's limit alone.</summary>
    public TimeSpan? TimeoutOf(StepState step) => DefinitionOf(step).Timeout;

    /// <summary>The step type's name of a step.</summary>
    public string KindOf(StepState step) => DefinitionOf(step).Uses;

    private Step DefinitionOf(StepState step) => _definitions[step.StepId];

    /// <summary>A run that crashes its process never gets to any of these; one that is merely killed gets there sooner or later.</summary>
    private static bool IsProgress(RunEvent happened) =>
        happened is RunEvent.Returned { Result: not StepResult.Wait } or RunEvent.Applied or RunEvent.Answered or RunEvent.Endured or RunEvent.RetryRequested;

    private static RunState Claim(RunState state, RunEvent.Claimed claimed, DateTimeOffset now, List<RunAction> actions)
    {
        int deaths = claimed.Recorded > state.Recorded ? 0 : state.Deaths;

        // Since its last move nobody may have had it for days: that was no time at work.
        state = state with { StartedAt = state.StartedAt ?? now, ActiveSince = null, Recorded = claimed.Recorded, Deaths = claimed.TakenOver ? deaths + 1 : 0 };
        bool isGivenUp = state.Deaths >= MostDeaths;
        foreach (StepState step in state.Steps.Where(s => IsAtWork(state, s)))
        {
            if (isGivenUp)
            {
                string reason = $"The process died {MostDeaths} times in a row while step '{step.Key}' was at work, and nothing of the run got done in between; what it works on is kept, and '/aw retry' tries it again.";
                state = state.With(Fail(step, "AW2003", reason, null, now));
            }
            else
            {
                actions.Add(step.Status == StepStatus.Running ? new RunAction.Call(step.Key) : new RunAction.Apply(step.Key, Fresh: false));
            }
        }

        return Wake(isGivenUp ? state with { Deaths = 0 } : state, now, actions);
    }

    private static RunState Wake(RunState state, DateTimeOffset now, List<RunAction> actions)
    {
        foreach (StepState step in state.Steps.Where(s => s.Status is StepStatus.Acting && s.WakeAt <= now))
        {
            state = state.With(step with { WakeAt = null, Reason = null });
            actions.Add(new RunAction.Apply(step.Key, Fresh: false));
        }

        foreach (StepState step in state.Steps.Where(s => s.Status is StepStatus.Waiting or StepStatus.Retrying && s.WakeAt <= now))
        {
            state = state.With(step with
            {
                Status = StepStatus.Running,
                WakeAt = null,
                Attempt = step.Status == StepStatus.Retrying ? step.Attempt + 1 : step.Attempt,
            });
            actions.Add(new RunAction.Call(step.Key));
        }

        return state;
    }

    private RunState Return(RunState state, RunEvent.Returned returned, DateTimeOffset now, List<RunAction> actions)
    {
        StepState step = state[returned.Key];
        if (step.Status != StepStatus.Running)
        {
            return state;
        }

        switch (returned.Result)
        {
            case StepResult.Done done:
                return state.With(step with
                {
                    Status = StepStatus.Succeeded,
                    Outputs = done.Outputs,
                    Note = done.Note,
                    Retryable = done.Retryable,
                    Changes = returned.Changes,
                    FinishedAt = now,
                    Code = null,
                    Reason = null,
                });
            case StepResult.Wait wait:
                return state.With(step with { Status = StepStatus.Waiting, Reason = wait.What, WakeAt = wait.Until, Answer = null });
            case StepResult.Act act:
                // What an attempt before this one asked for may be there already.
                actions.Add(new RunAction.Apply(step.Key, Fresh: step.Attempt == 1 && state.Tries == 1));
                return state.With(step with { Status = StepStatus.Acting, Planned = [.. act.Effects], Carry = act.Carry ?? step.Carry });
            case StepResult.Failed failed:
                return state.With(FailOrRetry(step, failed.Code, failed.Reason, failed.Outputs, now));
            default:
                throw new ArgumentOutOfRangeException(nameof(returned), returned.Result, "Unknown result.");
        }
    }

    private RunState Apply(RunState state, RunEvent.Applied applied, DateTimeOffset now, List<RunAction> actions)
    {
        StepState step = state[applied.Key];
        if (step.Status != StepStatus.Acting)
        {
            return state;
        }

        step = step with { Planned = [], Receipts = step.Receipts.AddRange(applied.Receipts) };
        if (applied.Receipts.Find(r => r.Outcome == Effects.EffectOutcome.Refused) is { } refused)
        {
            return state.With(FailOrRetry(step, "AW2201", refused.Reason ?? $"The forge refused '{refused.Key}'.", null, now));
        }

        actions.Add(new RunAction.Call(step.Key));
        return state.With(step with { Status = StepStatus.Running });
    }

    private static RunState Defer(RunState state, RunEvent.Deferred deferred)
    {
        StepState step = state[deferred.Key];
        return step.Status == StepStatus.Acting ? state.With(step with { WakeAt = deferred.Until, Reason = deferred.Reason }) : state;
    }

    private static RunState Answer(RunState state, RunEvent.Answered answered, List<RunAction> actions)
    {
        foreach (StepState step in state.Steps.Where(s => s.Status == StepStatus.Waiting && (answered.Key is null || s.Key == answered.Key)))
        {
            actions.Add(new RunAction.Call(step.Key));
            state = state.With(step with { Status = StepStatus.Running, Answer = answered.Answer, WakeAt = null });
        }

        return state;
    }

    private static RunState Stop(RunState state, RunStatus status, string code, string reason, DateTimeOffset now) => state with
    {
        Status = status,
        Code = code,
        Reason = reason,
        FinishedAt = now,
        Steps = state.Steps.ConvertAll(s => s.IsOver ? s : s with { Status = StepStatus.Cancelled, FinishedAt = now }),
    };

    private RunState Reopen(RunState state)
    {
        HashSet<string> anew = [.. state.Steps.Where(s => s.Item is null && (s.Status != StepStatus.Succeeded || s.Retryable)).Select(s => s.StepId)];
        anew.UnionWith([.. workflow.Steps.Where(s => _conditions.Ancestors(s.Id).Any(anew.Contains)).Select(s => s.Id)]);
        return state with
        {
            Status = RunStatus.Running,
            Tries = state.Tries + 1,
            Code = null,
            Reason = null,
            FinishedAt = null,

            // Items that succeeded are kept, unless what they stand on is made anew: then the list may be another one.
            Steps = state.Steps.RemoveAll(
                s => s.Item is not null && anew.Contains(s.StepId) && (s.Status != StepStatus.Succeeded || _conditions.Ancestors(s.StepId).Any(anew.Contains))).ConvertAll(
                s => s.Item is null && anew.Contains(s.StepId) ? new StepState { Key = s.Key, StepId = s.StepId } : s),
        };
    }

    private StepState FailOrRetry(StepState step, string code, string reason, JsonObject? outputs, DateTimeOffset now)
    {
        Retry retry = DefinitionOf(step).Retry;
        return step.Attempt < retry.Attempts
            ? step with
            {
                Status = StepStatus.Retrying,
                Code = code,
                Reason = reason,
                Receipts = [],
                Carry = null,
                WakeAt = now + (retry.Backoff * Math.Pow(2, step.Attempt - 1)),
            }
            : Fail(step, code, reason, outputs, now);
    }

    private static StepState Fail(StepState step, string code, string reason, JsonObject? outputs, DateTimeOffset now) =>
        step with { Status = StepStatus.Failed, Code = code, Reason = reason, Outputs = outputs, FinishedAt = now };

    private RunState StartWhatMayStart(RunState state, DateTimeOffset now, List<RunAction> actions)
    {
        for (bool moved = true; moved && !state.IsOver;)
        {
            moved = false;
            foreach (Step definition in workflow.Steps)
            {
                StepState step = state[definition.Id];
                RunState next = step.Status switch
                {
                    StepStatus.Pending => Start(state, definition, step, now, actions),
                    StepStatus.Running when IsContainer(state, step) => AdvanceItems(state, definition, step, now, actions),
                    _ => state,
                };
                moved |= !ReferenceEquals(next, state);
                state = next;
            }
        }

        return state;
    }

    private RunState Start(RunState state, Step definition, StepState step, DateTimeOffset now, List<RunAction> actions)
    {
        if (!definition.Needs.All(n => state[n].IsOver))
        {
            return state;
        }

        try
        {
            if (!_conditions.MayRun(state, definition, step))
            {
                return state.With(step with { Status = StepStatus.Skipped, FinishedAt = now });
            }

            step = step with { Status = StepStatus.Running, Attempt = 1, StartedAt = now };
            if (definition.ForEach is null)
            {
                actions.Add(new RunAction.Call(step.Key));
                return state.With(step);
            }

            return Expand(state, step, _conditions.Items(state, definition, step), now);
        }
        catch (ExpressionException e)
        {
            return state.With(Fail(step, "AW2005", $"{workflow.Path}:{e.Line}:{e.Column}: {e.Message}", null, now));
        }
    }

    private static RunState Expand(RunState state, StepState step, JsonArray items, DateTimeOffset now)
    {
        if (items.Count == 0)
        {
            return state.With(step with { Status = StepStatus.Succeeded, Outputs = new JsonArray(), Note = "no items", FinishedAt = now });
        }

        // A retried run keeps the items that succeeded before.
        IEnumerable<StepState> added = items
            .Select((value, index) => new StepState { Key = $"{step.Key}[{index}]", StepId = step.StepId, Item = index, ItemValue = value?.DeepClone() })
            .Where(i => state.Steps.TrueForAll(s => s.Key != i.Key));
        state = state.With(step);
        int at = state.Steps.FindLastIndex(s => s.StepId == step.StepId) + 1;
        return state with { Steps = state.Steps.InsertRange(at, added) };
    }

    private static bool IsContainer(RunState state, StepState step) => step.Item is null && state.Steps.Exists(s => s.StepId == step.StepId && s.Item is not null);

    private static bool IsAtWork(RunState state, StepState step) => step is { Status: StepStatus.Acting, WakeAt: null } || (step.Status is StepStatus.Running && !IsContainer(state, step));

    private static RunState AdvanceItems(RunState state, Step definition, StepState container, DateTimeOffset now, List<RunAction> actions)
    {
        List<StepState> items = [.. state.Steps.Where(s => s.StepId == container.StepId && s.Item is not null).OrderBy(s => s.Item)];
        int room = definition.MaxParallel - items.Count(i => i is { IsOver: false, Status: not StepStatus.Pending });
        foreach (StepState item in items.Where(i => i.Status == StepStatus.Pending).Take(Math.Max(0, room)))
        {
            actions.Add(new RunAction.Call(item.Key));
            state = state.With(item with { Status = StepStatus.Running, Attempt = 1, StartedAt = now });
        }

        if (!items.TrueForAll(i => i.IsOver))
        {
            return state;
        }

        StepState? failed = items.Find(i => i.Status is StepStatus.Failed);
        return state.With(container with
        {
            Status = failed is null ? StepStatus.Succeeded : StepStatus.Failed,
            Outputs = new JsonArray([.. items.Select(i => i.Outputs?.DeepClone())]),
            Note = $"{items.Count} items",
            Code = failed?.Code,
            Reason = failed is null ? null : $"{failed.Key}: {failed.Reason}",
            FinishedAt = now,
        });
    }

    private RunState Settle(RunState state, DateTimeOffset now)
    {
        if (state.IsOver)
        {
            return state with { ActiveFor = ActiveTime(state, now), ActiveSince = null };
        }

        if (state.Steps.TrueForAll(s => s.IsOver))
        {
            if (state.Steps.Exists(s => s.Status == StepStatus.Cancelled))
            {
                // It was stopped by a process that died before the end was stored: it stays stopped.
                return Settle(state with { Status = state.Code == CancelCode ? RunStatus.Cancelled : RunStatus.Failed, FinishedAt = now }, now);
            }

            StepState? failed = state.Steps.Find(s => s.Item is null && s.Status == StepStatus.Failed && !DefinitionOf(s).ContinueOnError);
            return state with
            {
                Status = failed is null ? RunStatus.Succeeded : RunStatus.Failed,
                Code = failed?.Code,
                Reason = failed?.Reason,
                FinishedAt = now,
                ActiveFor = ActiveTime(state, now),
                ActiveSince = null,
            };
        }

        return state.Steps.Exists(s => IsAtWork(state, s))
            ? state with { Status = RunStatus.Running, ActiveFor = ActiveTime(state, now), ActiveSince = now }
            : state with { Status = RunStatus.Waiting, ActiveFor = ActiveTime(state, now), ActiveSince = null };
    }

    private static TimeSpan ActiveTime(RunState state, DateTimeOffset now) => state.ActiveFor + (now - (state.ActiveSince ?? now));
}
