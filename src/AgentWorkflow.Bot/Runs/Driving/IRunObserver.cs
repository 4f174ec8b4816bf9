using AgentWorkflow.Engine.Execution;

namespace AgentWorkflow.Bot.Runs.Driving;

/// <summary>Somebody who watches a run while it is driven in this process: a progress display. It must not throw or block.</summary>
internal interface IRunObserver
{
    /// <summary>The run moved; called after the state was saved.</summary>
    void Moved(RunState state);

    /// <summary>A step says what it does now.</summary>
    void Progressed(string stepKey, string what);

    /// <summary>A step wrote a line to its log.</summary>
    void Logged(string stepKey, string line);
}

/// <summary>Nobody watches.</summary>
internal sealed class NoObserver : IRunObserver
{
    /// <summary>The one instance.</summary>
    public static NoObserver Instance { get; } = new();

    /// <inheritdoc/>
    public void Moved(RunState state)
    {
    }

    /// <inheritdoc/>
    public void Progressed(string stepKey, string what)
    {
    }

    /// <inheritdoc/>
    public void Logged(string stepKey, string line)
    {
    }
}
