using AgentWorkflow.Bot.Web.Access;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>A line of the route table: where it is, who may use it, and what it is about. Nothing is mapped but through one.</summary>
/// <param name="Id">The operation's id, the name of a method in generated clients.</param>
/// <param name="Method">GET, POST or DELETE.</param>
/// <param name="Path">The route.</param>
/// <param name="Tag">The group in the description.</param>
/// <param name="Rule">Who may use it.</param>
/// <param name="Summary">What it does, one line.</param>
internal sealed record ApiOperation(string Id, string Method, string Path, string Tag, AccessRule Rule, string Summary)
{
    /// <summary>True where a repeat with the same <c>Idempotency-Key</c> is answered as the first one was.</summary>
    public bool IsRepeatable { get; init; }

    /// <summary>True where the answer holds what is shown once and stored nowhere.</summary>
    public bool AnswersSecret { get; init; }
}
