using System.Diagnostics;
using System.Text;

namespace AgentWorkflow.Acceptance.Rig;

/// <summary>A program that was started as a process, and what it says.</summary>
internal sealed class StartedProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> _waiting = [];

    public StartedProgram(ProcessStartInfo start, string? input)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.UseShellExecute = false;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Take(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            _process.StandardInput.Write(input);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading.
        }
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Waits for a line on either stream.</summary>
    public async Task<string> SaysAsync(Func<string, bool> wanted)
    {
        TaskCompletionSource<string> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            string[] said = $"{_output}{_error}".Split('\n');
            if (said.FirstOrDefault(wanted) is { } line)
            {
                return line;
            }

            _waiting.Add((wanted, found));
        }

        Task ended = _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAny(found.Task, ended).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return found.Task.IsCompleted ? await found.Task : throw new InvalidOperationException($"It ended with {_process.ExitCode} before it said so:\n{_output}\n{_error}");
    }

    /// <summary>Sends a signal by its name: INT, TERM, KILL, STOP, CONT.</summary>
    public void Signal(string name)
    {
        using Process? kill = Process.Start(new ProcessStartInfo("kill", ["-s", name, $"{_process.Id}"]) { UseShellExecute = false, RedirectStandardError = true });
        kill?.WaitForExit();
    }

    /// <summary>Waits for its end.</summary>
    public async Task<Ended> EndAsync(TimeSpan? patience = null)
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(patience ?? Patience, TestContext.Current.CancellationToken);
        return new Ended(_process.ExitCode, _output.ToString(), _error.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Take(StringBuilder said, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_waiting)
        {
            said.Append(line).Append('\n');
            foreach ((Func<string, bool> wanted, TaskCompletionSource<string> found) in _waiting)
            {
                if (wanted(line))
                {
                    found.TrySetResult(line);
                }
            }
        }
    }
}
