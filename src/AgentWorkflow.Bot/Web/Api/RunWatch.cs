using System.Data.Common;
using System.Threading.Channels;

using AgentWorkflow.Bot.Runs.Reporting;
using AgentWorkflow.Bot.Web.Access;

namespace AgentWorkflow.Bot.Web.Api;

/// <summary>
/// Looks after runs for all who follow one: one question a moment for all of them, whoever drives the runs and wherever. It also
/// ends those whose token counts no more (promise P58).
/// </summary>
internal sealed partial class RunWatch(RunMoves moves, ApiTokens tokens, TimeProvider time, ILogger<RunWatch> logger) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private const int LooksPerTokenCheck = 4;

    private readonly Lock _lock = new();
    private readonly List<Follower> _followers = [];
    private readonly CancellationTokenSource _end = new();
    private Task? _looking;

    /// <summary>Begins to watch a run for a caller, until it is disposed of.</summary>
    public Follower Follow(string runId, Caller caller)
    {
        Follower follower = new(this, runId, caller.Id);
        lock (_lock)
        {
            _followers.Add(follower);
            _looking ??= Task.Run(() => LookAsync(_end.Token));
        }

        return follower;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, long> seen = new(StringComparer.Ordinal);
        for (int look = 0; Followers() is { Count: > 0 } followers; look++)
        {
            try
            {
                await LookAsync(followers, seen, look % LooksPerTokenCheck == 0, cancellationToken);
            }
            catch (DbException e)
            {
                Log.LookFailed(logger, e);
            }

            try
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task LookAsync(List<Follower> followers, Dictionary<string, long> seen, bool checkTokens, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, long> now = await moves.CountAsync([.. followers.Select(f => f.RunId).Distinct(StringComparer.Ordinal)], cancellationToken);
        IReadOnlySet<string> ended = checkTokens ? await tokens.FindEndedAsync([.. followers.Select(f => f.CallerId).Distinct(StringComparer.Ordinal)], cancellationToken) : new HashSet<string>();
        foreach (Follower follower in followers)
        {
            if (ended.Contains(follower.CallerId))
            {
                follower.End();
            }
            else if (now.GetValueOrDefault(follower.RunId) is var count && seen.GetValueOrDefault(follower.RunId, -1) != count)
            {
                follower.Wake();
            }
        }

        seen.Clear();
        foreach ((string run, long count) in now)
        {
            seen[run] = count;
        }
    }

    /// <summary>Who follows now; where that is nobody, looking ends with this answer.</summary>
    private List<Follower> Followers()
    {
        lock (_lock)
        {
            _looking = _followers.Count == 0 ? null : _looking;
            return [.. _followers];
        }
    }

    private void Remove(Follower follower)
    {
        lock (_lock)
        {
            _followers.Remove(follower);
        }
    }

    /// <summary>Somebody who follows a run.</summary>
    internal sealed class Follower(RunWatch watch, string runId, string callerId) : IDisposable
    {
        // One word is enough, however often it was said.
        private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        private volatile bool _ended;

        public string RunId => runId;

        public string CallerId => callerId;

        /// <summary>Waits until the run has moved, or for that long.</summary>
        /// <returns>False where the caller may follow no more.</returns>
        public async Task<bool> WaitAsync(TimeSpan most, CancellationToken cancellationToken)
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            either.CancelAfter(most);
            try
            {
                await _woken.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Nothing moved.
            }

            return !_ended;
        }

        internal void Wake() => _woken.Writer.TryWrite(item: true);

        internal void End()
        {
            _ended = true;
            Wake();
        }

        /// <inheritdoc/>
        public void Dispose() => watch.Remove(this);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Runs that are followed could not be looked at, and are again in a moment.")]
        public static partial void LookFailed(ILogger logger, Exception exception);
    }
}
