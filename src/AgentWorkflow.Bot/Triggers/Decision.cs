using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>What an event leads to: a value with a reason.</summary>
internal abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>Start a run.</summary>
    /// <param name="Workflow">The workflow.</param>
    /// <param name="Inputs">The inputs after defaults, checked against the workflow.</param>
    /// <param name="Kind">The kind of cause, for the run key.</param>
    /// <param name="CauseId">The cause's id, for the run key.</param>
    /// <param name="Command">The command, for <c>event.command</c>; null for other causes.</param>
    internal sealed record Start(Workflow Workflow, JsonObject Inputs, string Kind, string CauseId, CommandLine? Command) : Decision;

    /// <summary>Tell the newest run of the issue.</summary>
    internal sealed record Tell(string Signal, JsonObject Payload) : Decision;

    /// <summary>Nothing to do.</summary>
    internal sealed record Ignore(string Reason) : Decision;

    /// <summary>Asked for, and not done: a reaction and one sentence.</summary>
    internal sealed record Refuse(string Code, string Reason) : Decision;
}
