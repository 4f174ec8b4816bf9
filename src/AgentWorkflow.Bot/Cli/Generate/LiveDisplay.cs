using AgentWorkflow.Engine.Execution;
using AgentWorkflow.Engine.Steps;

using Spectre.Console;

namespace AgentWorkflow.Bot.Cli.Generate;

/// <summary>Lines that move: a spinner for each step at work, with its time and what it does.</summary>
internal sealed class LiveDisplay : IGenerateDisplay
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console;
    private readonly Spinner _spinner = Spinner.Known.Dots;
    private readonly Dictionary<string, string> _doing = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _over = new();
    private RunState? _state;
    private Task? _painting;

    public LiveDisplay(TextWriter output) => _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

    /// <inheritdoc/>
    public void Begin(string repository, string idea, IssueFacts? issue)
    {
        _console.Write(StepLines.Heading(repository, idea, issue));
        _painting = _console.Live(new Text("")).StartAsync(PaintAsync);
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
            await Task.Delay(Frame, TimeProvider.System, _over.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        live.UpdateTarget(new Text(Compose(0)));
    }

    private string Compose(int frame)
    {
        lock (_lock)
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            IEnumerable<string> lines = (_state?.Steps ?? []).Where(s => s.Item is null).Select(s =>
            {
                string line = StepLines.Line(s, _doing.GetValueOrDefault(s.Key) ?? "", now - (s.StartedAt ?? now));
                return line.StartsWith("  >", StringComparison.Ordinal) ? $"  {_spinner.Frames[frame % _spinner.Frames.Count]}{line[3..]}" : line;
            });
            return string.Join('\n', lines);
        }
    }
}
