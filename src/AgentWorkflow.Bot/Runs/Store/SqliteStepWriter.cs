using System.Collections.Concurrent;

using AgentWorkflow.Bot.Storage;

using Microsoft.Data.Sqlite;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>
/// Saves claims and moves on SQLite, which has one writer at a time anyhow: while one transaction waits for the disk, those of all
/// other runs gather and become the next one. So many runs share a sync, and none waits longer than for two.
/// </summary>
internal sealed class SqliteStepWriter(StorageOptions options) : IStepWriter, IDisposable
{
    private const int MostAtOnce = 256;
    private readonly ConcurrentQueue<Pending> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private SqliteRunStatements? _statements;
    private int _working;

    /// <inheritdoc/>
    public Task<bool> ClaimAsync(RunClaim claim, CancellationToken cancellationToken) => AddAsync(statements => statements.Claim(claim), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> WriteAsync(StepWrite write, CancellationToken cancellationToken) => AddAsync(statements => statements.Write(write), cancellationToken);
    /// <inheritdoc/>
    /// <remarks>Without turns, SQLite lets writers sleep and look again, each on a thread of its own.</remarks>
    public async Task<IDisposable?> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _statements?.Dispose();
        _turn.Dispose();
    }

    private Task<bool> AddAsync(Func<SqliteRunStatements, bool> write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Pending pending = new(write);
        _waiting.Enqueue(pending);
        Start();
        return pending.Result;
    }

    private void Start()
    {
        if (Interlocked.Exchange(ref _working, 1) == 0)
        {
            _ = Task.Run(WorkAsync);
        }
    }

    private async Task WorkAsync()
    {
        List<Pending> group = [];
        while (!_waiting.IsEmpty)
        {
            await _turn.WaitAsync(CancellationToken.None);
            while (group.Count < MostAtOnce && _waiting.TryDequeue(out Pending? next))
            {
                group.Add(next);
            }

            Write(group);
            group.Clear();
        }

        // What came between the last look and here would wait for ever.
        Volatile.Write(ref _working, 0);
        if (!_waiting.IsEmpty)
        {
            Start();
        }
    }

    private void Write(List<Pending> group)
    {
        Exception failure = new InvalidOperationException("The writer of steps broke; nothing of this group was written.");
        bool[]? held = null;
        try
        {
            held = (_statements ??= new SqliteRunStatements(options.ConnectionString)).InOneTransaction(group.ConvertAll(p => p.Write));
        }
        catch (SqliteException e)
        {
            failure = e;
        }
        finally
        {
            if (held is null)
            {
                _statements?.Dispose();
                _statements = null;
            }

            _turn.Release();
            foreach ((int i, Pending pending) in group.Index())
            {
                pending.Complete(held?[i], failure);
            }
        }
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }

    private sealed class Pending(Func<SqliteRunStatements, bool> write)
    {
        private readonly TaskCompletionSource<bool> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Func<SqliteRunStatements, bool> Write => write;

        public Task<bool> Result => _result.Task;

        public void Complete(bool? held, Exception failure)
        {
            if (held is { } known)
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
