using System.Diagnostics;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>
/// A process of the host with an argument list and exactly the environment given. The only place that starts one.
/// The thread that starts it lives as long as it does: bubblewrap dies with the thread that is its parent, and threads of the
/// pool end when they are idle.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process) => _process = process;

    /// <summary>The process id on the host.</summary>
    public int Id { get; private set; }

    /// <summary>Completes with the exit code, 128 + n for signal n.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>Its standard output.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Its standard error.</summary>
    public Stream Error => _process.StandardError.BaseStream;

    /// <summary>Starts it.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program, or it may not be run.</exception>
    public static async Task<ChildProcess> StartAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? folder = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? "/",
        };
        start.Environment.Clear();
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        ChildProcess child = new(new Process { StartInfo = start });
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread parent = new(() => child.Live(started)) { IsBackground = true, Name = "child process" };
        parent.Start();
        try
        {
            await started.Task;
            return child;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>Kills it, and with <paramref name="tree"/> all that descends from it.</summary>
    public void Kill(bool tree)
    {
        try
        {
            _process.Kill(tree);
        }
        catch (Exception gone) when (gone is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended by itself in this moment.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private void Live(TaskCompletionSource started)
    {
        try
        {
            _process.Start();
            Id = _process.Id;
            _process.StandardInput.Close();
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            started.SetException(missing);
            return;
        }

        started.SetResult();
        try
        {
            _process.WaitForExit();
            _exited.SetResult(_process.ExitCode);
        }
        catch (InvalidOperationException disposed)
        {
            _exited.TrySetException(disposed);
        }
    }
}
