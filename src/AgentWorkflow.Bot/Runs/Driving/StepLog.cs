using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Runs.Driving;

/// <summary>A step's log as a file of the run: <c>DataDirectory/runs/RUN/STEP.log</c>, shown live to whoever watches.</summary>
internal sealed class StepLog : IStepLog, IDisposable
{
    private readonly string _path;
    private readonly string _key;
    private readonly IRunObserver _observer;
    private readonly Lock _lock = new();
    private StreamWriter? _file;

    public StepLog(StorageOptions storage, string runId, string key, IRunObserver observer)
    {
        _key = key;
        _observer = observer;
        _path = PathOf(storage, runId, key);
    }

    /// <summary>Where a step's log is.</summary>
    public static string PathOf(StorageOptions storage, string runId, string key) => Path.Combine(storage.DataDirectory, "runs", runId, $"{key}.log");

    /// <inheritdoc/>
    public void Write(string line)
    {
        lock (_lock)
        {
            Open().WriteLine(line);
        }

        _observer.Logged(_key, line);
    }

    /// <inheritdoc/>
    public void Progress(string what) => _observer.Progressed(_key, what);

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>Makes the file, also where there is no line to say: a step that failed has a log to look at.</summary>
    public void Keep()
    {
        lock (_lock)
        {
            Open();
        }
    }

    // Most steps say nothing, and a file costs more than saving a step.
    private StreamWriter Open()
    {
        if (_file is null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path) ?? ".");
            _file = new StreamWriter(_path, append: true) { AutoFlush = true };
        }

        return _file;
    }
}
