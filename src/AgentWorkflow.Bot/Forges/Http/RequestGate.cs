using System.Net;

namespace AgentWorkflow.Bot.Forges.Http;

/// <summary>
/// The limits of one account on a forge: ten requests at once, writes one after the other and apart, and no request at all while
/// the forge says to wait (promise P33). Each installation has its own, so that one cannot starve another (promise P35).
/// </summary>
internal sealed class RequestGate(string forge, string name, SemaphoreSlim all, WritePace pace, TimeProvider time) : IDisposable
{
    private const int MostAtOnce = 10;
    private const int MostWritesAnHour = 400;

    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(24);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _places = new(MostAtOnce);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Queue<DateTimeOffset> _writes = new();
    private DateTimeOffset? _lastWrite;
    private DateTimeOffset? _closedUntil;
    private Budget? _budget;
    private int _inFlight;
    private TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits for a turn.</summary>
    /// <param name="isWrite">True for what changes something.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ForgeException">RateLimited: the forge has said to wait, and until when.</exception>
    public async Task<Turn> EnterAsync(bool isWrite, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        Stack<SemaphoreSlim> held = new();
        try
        {
            if (isWrite)
            {
                await TakeAsync(_writing, held, cancellationToken);
                await SpaceAsync(cancellationToken);
            }

            await TakeAsync(_places, held, cancellationToken);
            await TakeAsync(all, held, cancellationToken);
            await ReserveAsync(isWrite, cancellationToken);
            return new Turn(this, held);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ForgeException)
        {
            Release(held);
            throw;
        }
    }

    /// <summary>Refuses while the forge has said to wait.</summary>
    public void ThrowIfClosed()
    {
        lock (_lock)
        {
            RefuseIfClosed();
        }
    }

    /// <summary>Learns from an answer's headers.</summary>
    /// <returns>When to come back, where the answer says that a limit was met.</returns>
    public DateTimeOffset? Learn(HttpResponseMessage answer)
    {
        DateTimeOffset now = time.GetUtcNow();
        LimitHeaders limits = LimitHeaders.Read(answer);
        bool refused = answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.Forbidden or HttpStatusCode.ServiceUnavailable
            && (limits.RetryAfter is not null || limits.Remaining == 0 || answer.StatusCode is HttpStatusCode.TooManyRequests);
        lock (_lock)
        {
            if (limits is { Remaining: { } remaining, UntilReset: { } reset })
            {
                _budget = new Budget(remaining, now + reset);
            }

            if (refused)
            {
                TimeSpan pause = limits.RetryAfter ?? (limits.Remaining == 0 ? limits.UntilReset : null) ?? TimeSpan.FromMinutes(1);
                Close(now + Within(pause));
            }
            else if (limits is { Remaining: 0, UntilReset: { } until } && until > TimeSpan.Zero)
            {
                Close(now + Within(until));
            }

            return refused ? _closedUntil : null;
        }
    }

    /// <summary>Closes the gate where an answer said so in its body alone; what its headers said before stays.</summary>
    public DateTimeOffset CloseFor(TimeSpan pause)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (_closedUntil is not { } until || until <= now)
            {
                Close(now + Within(pause));
            }

            return _closedUntil ?? now;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _places.Dispose();
        _writing.Dispose();
    }

    private async Task SpaceAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause;
        lock (_lock)
        {
            RefuseIfClosed();
            DateTimeOffset now = time.GetUtcNow();
            while (_writes.TryPeek(out DateTimeOffset oldest) && now - oldest >= s_hour)
            {
                _writes.Dequeue();
            }

            if (_writes.Count >= MostWritesAnHour && pace.Between > TimeSpan.Zero)
            {
                throw Closed(_writes.Peek() + s_hour);
            }

            pause = _lastWrite is { } last ? last + pace.Between - now : TimeSpan.Zero;
        }

        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    // What is in flight counts against what is left, or ten at once would run over the edge of a limit.
    private async Task ReserveAsync(bool isWrite, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task left;
            lock (_lock)
            {
                RefuseIfClosed();
                DateTimeOffset now = time.GetUtcNow();
                if (_budget is not { } budget || budget.Until <= now || _inFlight == 0 || _inFlight < budget.Remaining)
                {
                    _inFlight++;
                    if (isWrite)
                    {
                        _writes.Enqueue(now);
                        _lastWrite = now;
                    }

                    return;
                }

                left = _left.Task;
            }

            await left.WaitAsync(cancellationToken);
        }
    }

    private static async Task TakeAsync(SemaphoreSlim place, Stack<SemaphoreSlim> held, CancellationToken cancellationToken)
    {
        await place.WaitAsync(cancellationToken);
        held.Push(place);
    }

    private static void Release(Stack<SemaphoreSlim> held)
    {
        while (held.TryPop(out SemaphoreSlim? place))
        {
            place.Release();
        }
    }

    private void Leave(Stack<SemaphoreSlim> held)
    {
        TaskCompletionSource left;
        lock (_lock)
        {
            _inFlight--;
            left = _left;
            _left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        left.SetResult();
        Release(held);
    }

    private void RefuseIfClosed()
    {
        if (_closedUntil is { } until && time.GetUtcNow() < until)
        {
            throw Closed(until);
        }
    }

    private void Close(DateTimeOffset until) => _closedUntil = _closedUntil is { } before && before > until ? before : until;

    private ForgeException Closed(DateTimeOffset until) =>
        new(ForgeFault.RateLimited, $"AW3020: {forge} takes no more requests of {name} until {until:yyyy-MM-dd HH:mm:ss} UTC; the work goes on then.") { Until = until };

    private static TimeSpan Within(TimeSpan pause) => pause < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : pause > s_longest ? s_longest : pause;

    private readonly record struct Budget(long Remaining, DateTimeOffset Until);

    /// <summary>A turn; the end of it lets the next one in.</summary>
    internal sealed class Turn(RequestGate gate, Stack<SemaphoreSlim> held) : IDisposable
    {
        private int _ended;

        /// <inheritdoc/>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                gate.Leave(held);
            }
        }
    }
}
