using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Runs.Driving;

/// <summary>A step's log as a file of the run: <c>DataDirectory/runs/RUN/STEP.log</c>, shown live to whoever watches.</summary>
internal sealed class StepLog : IStepLog, IDisposable
{
    private readonly StreamWriter _file;
    private readonly string _key;
    private readonly IRunObserver _observer;
    private readonly Lock _lock = new();

    public StepLog(StorageOptions storage, string runId, string key, IRunObserver observer)
    {
        _key = key;
        _observer = observer;
        string path = PathOf(storage, runId, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? storage.DataDirectory);
        _file = new StreamWriter(path, append: true) { AutoFlush = true };
    }

    /// <summary>Where a step's log is.</summary>
    public static string PathOf(StorageOptions storage, string runId, string key) => Path.Combine(storage.DataDirectory, "runs", runId, $"{key}.log");

    /// <inheritdoc/>
    public void Write(string line)
    {
        lock (_lock)
        {
            _file.WriteLine(line);
        }

        _observer.Logged(_key, line);
    }

    /// <inheritdoc/>
    public void Progress(string what) => _observer.Progressed(_key, what);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
