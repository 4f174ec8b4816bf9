using System.Threading.Channels;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// Group commit: one thread takes all changes that wait and writes them in one transaction, and while that waits for the disk
/// the next group gathers. Nobody is answered before the commit that holds the change.
/// </summary>
internal sealed class DeliveryWriter : ICommitCheck, IDisposable
{
    /// <summary>The most changes in one transaction.</summary>
    public const int MostAtOnce = 1024;

    /// <summary>The most changes that wait; more are refused at once, since their senders would have given up before the answer.</summary>
    public const int MostWaiting = 4096;

    private const long MostWaitingBytes = 64L * 1024 * 1024;

    private readonly Channel<Pending> _waiting =
        Channel.CreateBounded<Pending>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly IDeliveryTable _table;
    private readonly InboxSignal _signal;
    private readonly Lock _start = new();
    private Thread? _thread;
    private long _waitingBytes;
    private long _commits;

    /// <summary>Prepares the writer. The database is opened with the first change.</summary>
    public DeliveryWriter(IDeliveryTable table, InboxSignal signal)
    {
        _table = table;
        _signal = signal;
    }

    /// <summary>Transactions committed so far.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Writes a change; it is durable when this returns.</summary>
    /// <returns>Whether it changed a row: false for a delivery that is there already.</returns>
    /// <exception cref="StorageException">It could not be committed, or too many wait (AW2560).</exception>
    public Task<bool> WriteAsync(DeliveryChange change)
    {
        Pending pending = new(change);
        if (Interlocked.Add(ref _waitingBytes, pending.Size) > MostWaitingBytes || !_waiting.Writer.TryWrite(pending))
        {
            Interlocked.Add(ref _waitingBytes, -pending.Size);
            return Task.FromException<bool>(new StorageException("AW2560", "More deliveries wait than can be committed in time; send it again a little later."));
        }

        Start();
        return pending.Result;
    }

    /// <inheritdoc/>
    public Task CheckAsync(CancellationToken cancellationToken) => WriteAsync(new DeliveryChange.Probe()).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        // What waits is written: its senders still wait for their answers.
        _waiting.Writer.TryComplete();
        lock (_start)
        {
            _thread?.Join();
            _table.Dispose();
        }
    }

    // A thread of its own: it blocks on the disk most of the time, and the pool has a thread a core.
    private void Start()
    {
        if (Volatile.Read(ref _thread) is not null)
        {
            return;
        }

        lock (_start)
        {
            if (_thread is null)
            {
                Thread thread = new(Work) { IsBackground = true, Name = "deliveries" };
                thread.Start();
                _thread = thread;
            }
        }
    }

    private void Work()
    {
        List<Pending> group = new(MostAtOnce);
        List<DeliveryChange> changes = new(MostAtOnce);
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (group.Count < MostAtOnce && _waiting.Reader.TryRead(out Pending? next))
            {
                group.Add(next);
                changes.Add(next.Change);
            }

            Write(group, changes);
            group.Clear();
            changes.Clear();
        }
    }

    private void Write(List<Pending> group, List<DeliveryChange> changes)
    {
        bool[]? changed = null;
        Exception failure = new InvalidOperationException("The writer of deliveries broke; nothing of this group was written.");
        try
        {
            changed = _table.Apply(changes);
            Interlocked.Increment(ref _commits);
            CrashPoint.Here("committed:deliveries");
        }
#pragma warning disable CA1031 // Everything that breaks a group is handed to those who wait for it; the thread must live on for the next group.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
        }

        long size = 0;
        for (int i = 0; i < group.Count; i++)
        {
            size += group[i].Size;
            group[i].Complete(changed?[i], failure);
        }

        Interlocked.Add(ref _waitingBytes, -size);
        if (changed is not null && changes.Exists(c => c is DeliveryChange.Arrive))
        {
            _signal.Set();
        }
    }

    private sealed class Pending(DeliveryChange change)
    {
        private readonly TaskCompletionSource<bool> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DeliveryChange Change => change;

        public Task<bool> Result => _result.Task;

        public long Size { get; } = change is DeliveryChange.Arrive arrive ? arrive.Delivery.Body.Array?.Length ?? 0 : 0;

        public void Complete(bool? changed, Exception failure)
        {
            if (changed is { } known)
            {
                _result.SetResult(known);
            }
            else
            {
                _result.SetException(failure);
            }
        }
    }
}
