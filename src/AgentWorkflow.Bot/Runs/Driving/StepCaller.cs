using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Projects.Workspaces;
using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Expressions;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Runs.Driving;

/// <summary>Calls one attempt of a step: inputs evaluated and bound, the workspace as its needs left it, its time limit.</summary>
internal sealed partial class StepCaller(
    StepRegistry registry, IContentStore contents, StorageOptions storage, RunCeilings ceilings, TimeProvider time, ILogger<StepCaller> logger)
{
    /// <summary>Calls the step. What it answers, and what goes wrong in it, comes back as an event; only cancellation is thrown.</summary>
    public async Task<RunEvent> CallAsync(RunSession session, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await PrepareAndRunAsync(session, key, cancellationToken);
        }
#pragma warning disable CA1031 // The run loop is one of the three places where a bug or a broken world is caught: the run must end with a sentence.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.StepBroke(logger, e, session.Lease.Id, key);
            return new RunEvent.Returned(
                key,
                new StepResult.Failed("AW2000", $"Step '{key}' broke unexpectedly ({e.GetType().Name}: {e.Message}); this is a bug or a broken machine, the log of the run has more.", Retryable: true),
                TreeDelta.None);
        }
    }

    private async Task<RunEvent> PrepareAndRunAsync(RunSession session, string key, CancellationToken cancellationToken)
    {
        (RunLease lease, RunMachine machine, RunState state) = (session.Lease, session.Machine, session.State);
        StepState step = state[key];
        WorkspaceTree before = machine.TreeFor(state, key, lease.Pin.Facts.BaseTree);
        IStepType type = registry.Find(machine.KindOf(step)) ?? throw new InvalidOperationException($"The step type '{machine.KindOf(step)}' is not registered.");
        if (!TryPrepare(machine, state, key, type, out object inputs, out string? refusal))
        {
            return new RunEvent.Returned(key, new StepResult.Failed("AW2006", $"Step '{key}': {refusal}"), TreeDelta.None);
        }

        Workspace workspace = new(contents, lease.Pin.Facts.BaseTree, before, PolicyOf(type, inputs, session.Workflow.Limits, lease.Pin.Facts.FileRules));
        using StepLog log = new(storage, lease.Id, key, session.Observer);
        StepContext context = new()
        {
            Run = lease.Pin.Facts,
            StepId = key,
            Attempt = step.Attempt,
            Workspace = workspace,
            Receipts = step.Receipts,
            Carry = step.Carry,
            Answer = step.Answer,
            Outputs = state.Steps.Where(s => s.Item is null && s.IsOver).ToDictionary(s => s.StepId, s => s.Outputs, StringComparer.Ordinal),
            Permissions = session.Workflow.Permissions,
            Log = log,
        };
        CrashPoint.Here($"call:{key}");
        StepResult result = await RunAsync(type, inputs, context, machine.TimeoutOf(step), cancellationToken);
        CrashPoint.Here($"called:{key}");
        if (result is StepResult.Failed)
        {
            log.Keep();
        }

        return new RunEvent.Returned(key, result, TreeDelta.Between(before, workspace.Tree));
    }

    private static bool TryPrepare(RunMachine machine, RunState state, string key, IStepType type, out object inputs, out string? refusal)
    {
        inputs = type;
        try
        {
            JsonNode? values = machine.EvaluateInputs(state, key);
            if (!InputBinder.TryBind(type, values, out object? result, out refusal) || result is null)
            {
                return false;
            }

            inputs = result;
            return type.WritesOf(result).All(glob => PathGlob.TryParse(glob, out _, out _)) || Refuse("a glob under 'writes' is not valid", out refusal);
        }
        catch (ExpressionException e)
        {
            refusal = $"line {e.Line}, column {e.Column}: {e.Message}";
            return false;
        }
    }

    private static bool Refuse(string reason, out string? refusal)
    {
        refusal = reason;
        return false;
    }

    private WritePolicy PolicyOf(IStepType type, object inputs, Limits limits, IReadOnlyList<FileRule> rules) =>
        WritePolicy.Within(type.WritesOf(inputs).Select(glob => PathGlob.TryParse(glob, out PathGlob? parsed, out _) ? parsed : null).OfType<PathGlob>()) with
        {
            Rules = rules,
            Limits = WriteLimits.Default with { Files = Math.Min(limits.Files, ceilings.Files) },
        };

    private async Task<StepResult> RunAsync(IStepType type, object inputs, StepContext context, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource clock = new(timeout ?? Timeout.InfiniteTimeSpan, time);
        await using CancellationTokenRegistration link = clock.Token.Register(limited.Cancel);
        try
        {
            return await type.RunAsync(inputs, context, limited.Token);
        }
        catch (WorkspaceRefusedException e)
        {
            return new StepResult.Failed(e.Code, e.Message);
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new StepResult.Failed("AW2007", $"Step '{context.StepId}' took longer than its timeout of {timeout?.TotalMinutes:0.##} minutes; raise 'timeout-minutes' or make it do less.", Retryable: true);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            context.Log.Write($"unexpected: {e.GetType().Name}: {e.Message}");
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Step {StepKey} of run {RunId} broke unexpectedly.")]
        public static partial void StepBroke(ILogger logger, Exception exception, string runId, string stepKey);
    }
}
