using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Agents;

/// <summary>Something that can do an agent's task: the offline agent, or a model with tools. One folder and one registration line each.</summary>
internal interface IAgent
{
    /// <summary>The name in <c>Agents__Default</c>.</summary>
    string Name { get; }

    /// <summary>Does one task. Files are written through the workspace in <paramref name="context"/>.</summary>
    /// <exception cref="AgentException">The task cannot be done; the message is one sentence.</exception>
    Task<AgentAnswer> RunAsync(AgentTask task, StepContext context, CancellationToken cancellationToken);
}

/// <summary>A task for an agent.</summary>
/// <param name="Role">The role: <c>requirements</c>, <c>code</c>, <c>tests</c>, <c>docs</c>, <c>review</c>.</param>
/// <param name="Input">What to work on; data, never instructions.</param>
/// <param name="Schema">The name of the schema of a typed answer; null for text or files.</param>
/// <param name="Writes">Globs of the files it may write.</param>
internal sealed record AgentTask(string Role, JsonNode? Input, string? Schema, IReadOnlyList<string> Writes);

/// <summary>What an agent answered.</summary>
/// <param name="Text">The text, or null.</param>
/// <param name="Json">The typed answer, or null.</param>
/// <param name="Files">The files it wrote.</param>
/// <param name="Usage">What it cost; null where no model was used.</param>
/// <param name="Note">A few words for the step's row.</param>
internal sealed record AgentAnswer(string? Text, JsonObject? Json, IReadOnlyList<RepoPath> Files, AgentUsage? Usage, string? Note)
{
    /// <summary>Files that were there already and were left as they are.</summary>
    public IReadOnlyList<RepoPath> Skipped { get; init; } = [];
}

/// <summary>What a task cost.</summary>
internal sealed record AgentUsage(string Model, int Calls, long InputTokens, long OutputTokens, decimal? CostUsd);

/// <summary>An agent cannot do its task.</summary>
internal sealed class AgentException(string code, string message) : Exception(message)
{
    /// <summary>The stable code, <c>AWnnnn</c>.</summary>
    public string Code { get; } = code;
}
