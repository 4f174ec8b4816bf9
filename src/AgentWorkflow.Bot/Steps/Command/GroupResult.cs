using AgentWorkflow.Bot.Steps.Command.Reports;

namespace AgentWorkflow.Bot.Steps.Command;

/// <summary>What became of a group.</summary>
/// <param name="Group">The commands.</param>
/// <param name="Cases">The tests that its reports name.</param>
/// <param name="Faults">What went wrong, parts of sentences, what people want to know first; empty when nothing did.</param>
internal sealed record GroupResult(CommandGroup Group, IReadOnlyList<TestCase> Cases, IReadOnlyList<string> Faults)
{
    /// <summary>The tests that failed.</summary>
    public IReadOnlyList<TestCase> Failed { get; } = [.. Cases.Where(c => c.Outcome == TestOutcome.Failed)];
}
