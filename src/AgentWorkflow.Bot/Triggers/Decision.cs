using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;

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

    /// <summary>Tell a run.</summary>
    /// <param name="Signal">The word.</param>
    /// <param name="Payload">What goes with it.</param>
    /// <param name="RunKey">The run's key; null for the newest one of the issue, pull request or branch.</param>
    internal sealed record Tell(string Signal, JsonObject Payload, string? RunKey = null) : Decision;

    /// <summary>Answer with one comment.</summary>
    /// <param name="Text">The text; null where it is the state of the newest run.</param>
    internal sealed record Answer(string? Text) : Decision;

    /// <summary>Check the workflow files of a commit, without running any of them.</summary>
    /// <param name="Commit">The commit.</param>
    /// <param name="Paths">The files; null for all that there are.</param>
    /// <param name="Then">The runs that the same push starts.</param>
    internal sealed record Check(CommitId Commit, IReadOnlyList<string>? Paths, IReadOnlyList<Start> Then) : Decision;

    /// <summary>Stop what is at work on these repositories: the forge has taken them from us.</summary>
    internal sealed record Stop(IReadOnlyList<RepoRef> Repositories, string Reason) : Decision;

    /// <summary>Nothing to do.</summary>
    internal sealed record Ignore(string Reason) : Decision;

    /// <summary>Asked for, and not done: a reaction and one sentence.</summary>
    internal sealed record Refuse(string Code, string Reason) : Decision;
}
