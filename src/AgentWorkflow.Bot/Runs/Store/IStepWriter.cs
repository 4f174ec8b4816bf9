namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>
/// Claims runs, and saves the moves of a run that change nothing but its own row and rows of its steps. That is what a run
/// does most of the time, so it has a path of its own: prepared statements, one transaction, no model in between.
/// </summary>
internal interface IStepWriter
{
    /// <summary>Takes the run durably, and its concurrency group, if nobody came in between.</summary>
    /// <returns>False when somebody did, or its turn has not come; nothing was written.</returns>
    Task<bool> ClaimAsync(RunClaim claim, CancellationToken cancellationToken);

    /// <summary>Saves the move durably.</summary>
    /// <returns>False when another process holds the run; nothing was written.</returns>
    Task<bool> WriteAsync(StepWrite write, CancellationToken cancellationToken);

    /// <summary>Waits for the turn to write something else where a database takes one writer at a time; disposing ends the turn.</summary>
    Task<IDisposable?> TakeTurnAsync(CancellationToken cancellationToken);
}

/// <summary>A run to be taken.</summary>
/// <param name="RunId">The run.</param>
/// <param name="SeenFencing">The token that it had when it was found free; the claim raises it by one.</param>
/// <param name="SeenUntil">The lease that it had then.</param>
/// <param name="Owner">Who takes it.</param>
/// <param name="Until">How long it is held without a renewal.</param>
/// <param name="Group">Its concurrency group.</param>
/// <param name="CreatedAt">Its place in the group's queue.</param>
/// <param name="Reopen">True to take also a run that is over, without anybody having left that word.</param>
internal sealed record RunClaim(
    string RunId, long SeenFencing, DateTimeOffset? SeenUntil, string Owner, DateTimeOffset Until, string Group, DateTimeOffset CreatedAt, bool Reopen);

/// <summary>A move to be saved.</summary>
internal sealed record StepWrite
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>The holder's token.</summary>
    public required long Fencing { get; init; }

    /// <summary>The run's status.</summary>
    public required string Status { get; init; }

    /// <summary>JSON of the run's state without its steps.</summary>
    public required string State { get; init; }

    /// <summary>The code of a failure, if any.</summary>
    public required string? Code { get; init; }

    /// <summary>Its sentence.</summary>
    public required string? Reason { get; init; }

    /// <summary>When the run ended; then it also lets go of its lease and its group, and forgets what nobody took in.</summary>
    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it is due again, if it waits for a time.</summary>
    public required DateTimeOffset? WakeAt { get; init; }

    /// <summary>The steps that changed, as JSON by key.</summary>
    public required IReadOnlyList<(string Key, string State)> Moved { get; init; }

    /// <summary>The steps that are new, with their places.</summary>
    public required IReadOnlyList<(string Key, int Ordinal, string State)> Added { get; init; }
}
