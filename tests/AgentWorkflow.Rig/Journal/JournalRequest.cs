namespace AgentWorkflow.Rig.Journal;

/// <summary>One request that the double got.</summary>
/// <param name="Sequence">Its place in the order of arrival, from 1.</param>
/// <param name="At">When it came.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query as they were sent.</param>
/// <param name="Operation">The operation's name (<c>POST /repos/{owner}/{repo}/pulls</c>, <c>graphql:createCommitOnBranch</c>, <c>git:upload-pack</c>, <c>archive</c>), or empty where it is none.</param>
/// <param name="Caller"><c>app</c>, <c>installation 1</c>, <c>anonymous</c>.</param>
/// <param name="Body">The body's beginning; tokens never stand there.</param>
/// <param name="Status">What was answered; 0 where the reply was dropped.</param>
/// <param name="Fault">The fault that was played, or null.</param>
public sealed record JournalRequest(int Sequence, DateTimeOffset At, string Method, string Path, string Operation, string Caller, string Body, int Status, string? Fault)
{
    /// <summary>One line without times.</summary>
    public override string ToString() => $"{Sequence} {Method} {Path} -> {Status}{(Fault is null ? "" : $" ({Fault})")}";
}
