namespace AgentWorkflow.Bot.Intake;

/// <summary>What must be decided on in the order in which it came: all that happened in one repository.</summary>
/// <param name="Owner">The account that the App is installed on: a limit, or a forge that hangs, meets all its repositories.</param>
/// <param name="Repository">The repository.</param>
internal sealed record Lane(string Owner, string Repository);

/// <summary>
/// Works side by side, and in each lane in order. No owner gets more than a few of the places, so that one whose forge does not
/// answer holds up nobody but itself (promise P35).
/// </summary>
internal sealed class Lanes : IDisposable
{
    private const int MostAtOnce = 32;
    private const int MostOfOwner = 4;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _all = new(MostAtOnce);
    private readonly Dictionary<string, Owner> _owners = new(StringComparer.Ordinal);

    /// <summary>How much of an owner waits or is at work.</summary>
    public int CountOf(string owner)
    {
        lock (_lock)
        {
            return _owners.GetValueOrDefault(owner)?.Count ?? 0;
        }
    }

    /// <summary>Does the work when its turn comes: after what was put into the lane before, whatever became of that.</summary>
    public Task<T> RunAsync<T>(Lane lane, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_owners.TryGetValue(lane.Owner, out Owner? owner))
            {
                _owners[lane.Owner] = owner = new Owner();
            }

            owner.Count++;
            Task<T> turn = TurnAsync(lane, owner, owner.Last.GetValueOrDefault(lane.Repository, Task.CompletedTask), work, cancellationToken);
            owner.Last[lane.Repository] = turn;
            return turn;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _all.Dispose();

    private async Task<T> TurnAsync<T>(Lane lane, Owner owner, Task before, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        // Never on the caller's thread: a database in this process answers without a pause, and all would come one after the other.
        await Task.Yield();
        try
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // The owner's place first: who waits for that takes no place of others.
            await owner.Places.WaitAsync(cancellationToken);
            try
            {
                return await InPlaceAsync(work, cancellationToken);
            }
            finally
            {
                owner.Places.Release();
            }
        }
        finally
        {
            Leave(lane, owner);
        }
    }

    private async Task<T> InPlaceAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _all.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _all.Release();
        }
    }

    private void Leave(Lane lane, Owner owner)
    {
        lock (_lock)
        {
            if (--owner.Count == 0)
            {
                _owners.Remove(lane.Owner);
                owner.Places.Dispose();
            }
        }
    }

    private sealed class Owner
    {
        public SemaphoreSlim Places { get; } = new(MostOfOwner);

        /// <summary>The last turn of each repository.</summary>
        public Dictionary<string, Task> Last { get; } = new(StringComparer.Ordinal);

        public int Count { get; set; }
    }
}
