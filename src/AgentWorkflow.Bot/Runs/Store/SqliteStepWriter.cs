using System.Collections.Concurrent;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;

using Microsoft.Data.Sqlite;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>
/// Saves moves on SQLite, which has one writer at a time anyhow: while one transaction waits for the disk, the moves of all
/// other runs gather and become the next one. So many runs share a sync, and none waits longer than for two.
/// </summary>
internal sealed class SqliteStepWriter(StorageOptions options) : IStepWriter, IDisposable
{
    private const int MostAtOnce = 256;
    private readonly ConcurrentQueue<Pending> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private Statements? _statements;
    private int _working;

    /// <inheritdoc/>
    public Task<bool> WriteAsync(StepWrite write, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Pending pending = new(write);
        _waiting.Enqueue(pending);
        Start();
        return pending.Result;
    }

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
            held = (_statements ??= new Statements(options.ConnectionString)).Write(group.ConvertAll(p => p.Write));
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

    private sealed class Pending(StepWrite write)
    {
        private readonly TaskCompletionSource<bool> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public StepWrite Write => write;

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

    /// <summary>A connection with its prepared statements.</summary>
    private sealed class Statements : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _run;
        private readonly SqliteCommand _step;

        public Statements(string connectionString)
        {
            _connection = new SqliteConnection(connectionString);
            _connection.Open();
            SqliteSettings.Apply(_connection);
            _run = new SqliteCommand(
                """
                UPDATE "Runs" SET "Status" = $status, "State" = $state, "Code" = $code, "Reason" = $reason, "FinishedAt" = NULL, "WakeAt" = NULL
                WHERE "Id" = $run AND "Fencing" = $fencing
                """,
                _connection);
            _step = new SqliteCommand("""UPDATE "RunSteps" SET "State" = $state WHERE "RunId" = $run AND "Key" = $key""", _connection);
            AddTexts(_run, "$status", "$state", "$code", "$reason", "$run");
            _run.Parameters.Add("$fencing", SqliteType.Integer);
            AddTexts(_step, "$state", "$run", "$key");
        }

        /// <summary>Writes all in one transaction; false for a run that another process holds, and nothing of that is written.</summary>
        public bool[] Write(List<StepWrite> writes)
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            _run.Transaction = transaction;
            _step.Transaction = transaction;
            bool[] held = [.. writes.Select(Write)];
            CrashPoint.Here("uncommitted:moves");
            transaction.Commit();
            CrashPoint.Here("committed:moves");
            return held;
        }

        public void Dispose()
        {
            _run.Dispose();
            _step.Dispose();
            _connection.Dispose();
        }

        private bool Write(StepWrite write)
        {
            Set(_run, write.Status, write.State, write.Code, write.Reason, write.RunId);
            _run.Parameters[5].Value = write.Fencing;
            if (_run.ExecuteNonQuery() != 1)
            {
                return false;
            }

            foreach ((string key, string state) in write.Steps)
            {
                Set(_step, state, write.RunId, key);
                _step.ExecuteNonQuery();
            }

            return true;
        }

        private static void AddTexts(SqliteCommand command, params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
            {
                command.Parameters.Add(name, SqliteType.Text);
            }
        }

        private static void Set(SqliteCommand command, params ReadOnlySpan<string?> values)
        {
            for (int i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = (object?)values[i] ?? DBNull.Value;
            }
        }
    }
}
