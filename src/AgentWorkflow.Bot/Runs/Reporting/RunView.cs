using System.Text;
using System.Text.Json;

using AgentWorkflow.Bot.Runs.Store;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Steps;

using Microsoft.EntityFrameworkCore;

namespace AgentWorkflow.Bot.Runs.Reporting;

/// <summary>A run to look at.</summary>
internal sealed record RunView(RunFacts Facts, Workflow Workflow, RunState State, RunSummary Summary, TimeSpan Duration);

/// <summary>Reads runs without holding them.</summary>
internal sealed class RunReader(IDbContextFactory<BotDb> databases, WorkflowParser parser, TimeProvider time)
{
    /// <summary>The run, by its id or the beginning of it that texts show; null when there is none or more than one.</summary>
    public async Task<RunView?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        List<RunRow> rows = await db.Set<RunRow>().AsNoTracking().Where(r => r.Id.StartsWith(id)).Take(2).ToListAsync(cancellationToken);
        if (rows is not [RunRow row] || parser.Parse(row.WorkflowPath, Encoding.UTF8.GetBytes(row.WorkflowText)).Workflow is not { } workflow)
        {
            return null;
        }

        List<string> steps = await db.Set<RunStepRow>().AsNoTracking().Where(s => s.RunId == row.Id).OrderBy(s => s.Ordinal).Select(s => s.State).ToListAsync(cancellationToken);
        RunPin pin = Read<RunPin>(row.Facts);
        RunState state = row.State.Length == 0
            ? RunState.Initial(workflow)
            : Read<RunState>(row.State) with { Steps = [.. steps.Select(Read<StepState>)] };
        RunMachine machine = new(workflow, RunContexts.Of(pin, state.Tries));
        return new RunView(pin.Facts, workflow, state, RunSummary.Of(machine, state), (state.FinishedAt ?? time.GetUtcNow()) - pin.Facts.CreatedAt);
    }

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, StateJson.Options) ?? throw new JsonException($"A stored {typeof(T).Name} is null.");
}
