using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Sandbox;

namespace AgentWorkflow.Bot.Steps.Command.Reports;

/// <summary>What a test runner says of its own run.</summary>
/// <param name="Cases">The tests, in the report's order.</param>
internal sealed record TestReport(IReadOnlyList<TestCase> Cases)
{
    /// <summary>No tests.</summary>
    public static TestReport Empty { get; } = new([]);

    /// <summary>How many ended so.</summary>
    public int Count(TestOutcome outcome) => Cases.Count(c => c.Outcome == outcome);
}

/// <summary>One test, or one row of it.</summary>
internal sealed record TestCase
{
    private const int LongestName = 500;
    private const int LongestMessage = 4000;

    /// <summary>Cuts and cleans what came out of a report.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="message">Why it failed or was skipped.</param>
    /// <param name="location"><c>file:line</c>, relative to the work folder.</param>
    public TestCase(string name, TestOutcome outcome, string? message, string? location)
    {
        Name = ShortText.Of(TerminalText.Strip(name.ReplaceLineEndings(" ")).Trim(), LongestName);
        Outcome = outcome;
        Message = string.IsNullOrWhiteSpace(message) ? null : ShortText.Of(TerminalText.Strip(message.ReplaceLineEndings("\n")).Trim(), LongestMessage);
        Location = location is null ? null : ShortText.Of(TerminalText.Strip(location), LongestName);
    }

    /// <summary>The full name.</summary>
    public string Name { get; }

    /// <summary>How it ended.</summary>
    public TestOutcome Outcome { get; }

    /// <summary>Why it failed or was skipped; null when the report does not say.</summary>
    public string? Message { get; }

    /// <summary>Where it failed, <c>file:line</c> relative to the work folder; null when the report does not say.</summary>
    public string? Location { get; }
}

/// <summary>How a test ended.</summary>
internal enum TestOutcome
{
    /// <summary>It ran and held.</summary>
    Passed,

    /// <summary>It ran and did not hold, or could not be run to its end.</summary>
    Failed,

    /// <summary>It was not run.</summary>
    Skipped,
}

/// <summary>A report that cannot be read. The message is a part of a sentence: what is wrong.</summary>
internal sealed class ReportException(string message) : Exception(message);
