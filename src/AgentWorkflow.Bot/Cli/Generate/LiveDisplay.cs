using AgentWorkflow.Engine.Execution;

using Spectre.Console;

namespace AgentWorkflow.Bot.Cli.Generate;

/// <summary>Lines that move: a spinner for each step at work, with its time and what it does.</summary>
internal sealed class LiveDisplay(IAnsiConsole console, TimeProvider time) : IGenerateDisplay
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    private readonly Spinner _spinner = console.Profile.Capabilities.Unicode ? Spinner.Known.Dots : Spinner.Known.Line;
    private readonly Dictionary<string, string> _doing = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _over = new();
    private RunState? _state;
    private Task? _painting;

    /// <inheritdoc/>
    public void Begin(RunHeading heading)
    {
        console.Write(StepLines.Heading(heading));
        _painting = console.Live(new Text("")).Overflow(VerticalOverflow.Ellipsis).StartAsync(PaintAsync);
    }

    /// <inheritdoc/>
    public void Moved(RunState state)
    {
        lock (_lock)
        {
            _state = state;
        }
    }

    /// <inheritdoc/>
    public void Progressed(string stepKey, string what)
    {
        lock (_lock)
        {
            _doing[stepKey] = what;
        }
    }

    /// <inheritdoc/>
    public void Logged(string stepKey, string line)
    {
        // A log line is not for this display: it would push the steps away.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_painting is null)
        {
            return;
        }

        _over.Cancel();
        _painting.GetAwaiter().GetResult();
        _painting = null;
        _over.Dispose();
    }

    private async Task PaintAsync(LiveDisplayContext live)
    {
        for (int frame = 0; !_over.IsCancellationRequested; frame++)
        {
            live.UpdateTarget(new Text(Compose(frame)));
            await Task.Delay(Frame, time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        live.UpdateTarget(new Text(Compose(0)));
    }

    private string Compose(int frame)
    {
        // The window may have become narrower since; the last column stays free, as some terminals wrap when it is written.
        int columns = Math.Max(console.Profile.Width - 1, 20);
        lock (_lock)
        {
            IEnumerable<string> lines = StepLines.Lines(_state, s => _doing.GetValueOrDefault(s.Key) ?? "", time.GetUtcNow()).Select(line =>
                StepLines.Fit(line[2] == StepLines.Working ? $"  {_spinner.Frames[frame % _spinner.Frames.Count]}{line[3..]}" : line, columns));
            return string.Join('\n', lines);
        }
    }
}
