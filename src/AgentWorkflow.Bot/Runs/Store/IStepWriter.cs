namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>
/// Saves the moves of a run that change nothing but its own row and rows of its steps. That is what a run does most of the
/// time, so it has a path of its own: prepared statements, one transaction, no model in between.
/// </summary>
internal interface IStepWriter
{
    /// <summary>Saves the move durably.</summary>
    /// <returns>False when another process holds the run; nothing was written.</returns>
    Task<bool> WriteAsync(StepWrite write, CancellationToken cancellationToken);

    /// <summary>Waits for the turn to write something else where a database takes one writer at a time; disposing ends the turn.</summary>
    Task<IDisposable?> TakeTurnAsync(CancellationToken cancellationToken);
}

/// <summary>A move to be saved.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Fencing">The holder's token.</param>
/// <param name="Status">The run's status; the run is neither over nor due at a time.</param>
/// <param name="State">JSON of the run's state without its steps.</param>
/// <param name="Code">The code of a failure, if any.</param>
/// <param name="Reason">Its sentence.</param>
/// <param name="Steps">The steps that changed, as JSON by key.</param>
internal sealed record StepWrite(
    string RunId, long Fencing, string Status, string State, string? Code, string? Reason, IReadOnlyList<(string Key, string State)> Steps);
