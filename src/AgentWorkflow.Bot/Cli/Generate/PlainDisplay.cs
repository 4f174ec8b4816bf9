using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Cli.Generate;

/// <summary>Plain lines: one when a step is over; with <c>--verbose</c> also what steps write.</summary>
internal sealed class PlainDisplay(TextWriter output, bool verbose) : IGenerateDisplay
{
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public void Begin(RunHeading heading)
    {
        lock (_lock)
        {
            output.Write(StepLines.Heading(heading));
        }
    }

    /// <inheritdoc/>
    public void Moved(RunState state)
    {
        lock (_lock)
        {
            foreach (StepState step in state.Steps.Where(s => s is { Item: null, IsOver: true } && _shown.Add(s.Key)))
            {
                output.WriteLine(StepLines.Line(step, "", TimeSpan.Zero));
            }
        }
    }

    /// <inheritdoc/>
    public void Progressed(string stepKey, string what)
    {
        if (verbose)
        {
            Logged(stepKey, what);
        }
    }

    /// <inheritdoc/>
    public void Logged(string stepKey, string line)
    {
        if (verbose)
        {
            lock (_lock)
            {
                output.WriteLine($"    {stepKey} | {TerminalText.Strip(line)}");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            output.Flush();
        }
    }
}
