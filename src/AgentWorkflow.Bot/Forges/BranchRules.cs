using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Forges;

/// <summary>What the rules of a repository say of a branch that we are about to write.</summary>
/// <param name="Refusal">Why we may not write it whatever it holds, as the end of a sentence with the rule's name; null where we may.</param>
/// <param name="Files">What they say of the files.</param>
internal sealed record BranchRules(string? Refusal, IReadOnlyList<FileRule> Files)
{
    /// <summary>Nothing is forbidden.</summary>
    public static BranchRules None { get; } = new(null, []);
}
