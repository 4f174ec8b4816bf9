using AgentWorkflow.Bot.Storage;

using Microsoft.Data.Sqlite;

namespace AgentWorkflow.Bot.Intake;

/// <summary>
/// On SQLite deliveries of forges have a file of their own: taking them in never waits for the transactions of runs and the
/// scheduler, and needs no migration of the other file. Handing over is idempotent, since a run's key comes from its cause.
/// </summary>
internal sealed class SqliteDeliveryTable(StorageOptions options) : IDeliveryTable
{
    /// <summary>The version of the table, in the file's header.</summary>
    private const long Version = 1;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS "Deliveries" (
            "Forge" TEXT NOT NULL,
            "DeliveryId" TEXT NOT NULL,
            "Event" TEXT NOT NULL,
            "Source" TEXT NOT NULL,
            "HookId" INTEGER NULL,
            "TargetType" TEXT NULL,
            "TargetId" INTEGER NULL,
            "Body" BLOB NULL,
            "ReceivedAt" INTEGER NOT NULL,
            "DueAt" INTEGER NOT NULL,
            "Attempts" INTEGER NOT NULL,
            "DecidedAt" INTEGER NULL,
            "Decision" TEXT NULL,
            "RunId" TEXT NULL,
            CONSTRAINT "PK_Deliveries" PRIMARY KEY ("Forge", "DeliveryId"));
        CREATE INDEX IF NOT EXISTS "IX_Deliveries_DueAt" ON "Deliveries" ("DueAt") WHERE "DecidedAt" IS NULL;
        CREATE INDEX IF NOT EXISTS "IX_Deliveries_ReceivedAt" ON "Deliveries" ("ReceivedAt");
        PRAGMA user_version = 1;
        """;

    private Statements? _statements;

    /// <summary>The connection string of the file.</summary>
    public static string FileOf(StorageOptions options) =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(options.DataDirectory, "deliveries.db"), Pooling = false }.ToString();

    /// <inheritdoc/>
    public bool[] Apply(IReadOnlyList<DeliveryChange> changes)
    {
        try
        {
            _statements ??= new Statements(Open());
            return _statements.Apply(changes);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw Explain(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _statements?.Dispose();
        _statements = null;
    }

    private StorageException Explain(Exception exception) => exception is UnauthorizedAccessException
        ? new StorageException("AW2522", $"'{options.DataDirectory}' cannot be written; give this user the right to write there, or set DataDirectory to another folder.", exception)
        : StorageErrors.Explain(exception, options) ?? new StorageException("AW2525", $"The file deliveries.db refused: {exception.Message.TrimEnd('.')}.", exception);

    private SqliteConnection Open()
    {
        Directory.CreateDirectory(options.DataDirectory);
        SqliteConnection connection = new(FileOf(options));
        try
        {
            connection.Open();
            SqliteSettings.Apply(connection);
            Prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Prepare(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        long version = (long)(command.ExecuteScalar() ?? 0L);
        if (version > Version)
        {
            throw new StorageException("AW2513", "The file deliveries.db was written by a newer version; use that version, or another DataDirectory.");
        }

        if (version < Version)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            command.Transaction = transaction;
            command.CommandText = Schema;
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    /// <summary>A connection with its prepared statements.</summary>
    private sealed class Statements : IDisposable
    {
        private readonly SqliteConnection _connection;
        private readonly SqliteCommand _arrive;
        private readonly SqliteCommand _decide;
        private readonly SqliteCommand _postpone;

        public Statements(SqliteConnection connection)
        {
            _connection = connection;
            _arrive = Command(
                """
                INSERT INTO "Deliveries" ("Forge", "DeliveryId", "Event", "Source", "HookId", "TargetType", "TargetId", "Body", "ReceivedAt", "DueAt", "Attempts", "DecidedAt", "Decision")
                VALUES ($forge, $id, $event, $source, $hook, $type, $target, $body, $at, $at, 0, $decided, $decision) ON CONFLICT DO NOTHING
                """,
                "$forge", "$id", "$event", "$source", "$hook", "$type", "$target", "$body", "$at", "$decided", "$decision");
            _decide = Command(
                """UPDATE "Deliveries" SET "DecidedAt" = $at, "Decision" = $decision, "RunId" = $run WHERE "Forge" = $forge AND "DeliveryId" = $id AND "DecidedAt" IS NULL""",
                "$forge", "$id", "$at", "$decision", "$run");
            _postpone = Command(
                """UPDATE "Deliveries" SET "DueAt" = $due, "Attempts" = "Attempts" + $attempts WHERE "Forge" = $forge AND "DeliveryId" = $id AND "DecidedAt" IS NULL""",
                "$forge", "$id", "$due", "$attempts");
        }

        public bool[] Apply(IReadOnlyList<DeliveryChange> changes)
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            _arrive.Transaction = transaction;
            _decide.Transaction = transaction;
            _postpone.Transaction = transaction;
            bool[] changed = [.. changes.Select(Apply)];
            Guards.CrashPoint.Here("written:deliveries");
            transaction.Commit();
            return changed;
        }

        public void Dispose()
        {
            _arrive.Dispose();
            _decide.Dispose();
            _postpone.Dispose();
            _connection.Dispose();
        }

        private bool Apply(DeliveryChange change) => change switch
        {
            DeliveryChange.Arrive { Delivery: { } d } => Execute(
                _arrive, d.Forge, d.DeliveryId, d.Event, d.Source, d.HookId, d.TargetType, d.TargetId, d.Body, d.ReceivedAt.UtcTicks,
                d.Unreadable is null ? null : d.ReceivedAt.UtcTicks, d.Unreadable),
            DeliveryChange.Decide d => Execute(_decide, d.Forge, d.DeliveryId, d.At.UtcTicks, d.Decision, d.RunId),
            DeliveryChange.Postpone p => Execute(_postpone, p.Forge, p.DeliveryId, p.DueAt.UtcTicks, p.Attempts),
            DeliveryChange.Probe => false,
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "Unknown change."),
        };

        private static bool Execute(SqliteCommand command, params ReadOnlySpan<object?> values)
        {
            for (int i = 0; i < values.Length; i++)
            {
                SqliteParameter parameter = command.Parameters[i];
                if (values[i] is ArraySegment<byte> body)
                {
                    // The array is larger than what it holds.
                    parameter.Value = body.Array;
                    parameter.Size = body.Count;
                }
                else
                {
                    parameter.Value = values[i] ?? DBNull.Value;
                }
            }

            return command.ExecuteNonQuery() == 1;
        }

        [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA2100", Justification = "The texts are this class's own.")]
        private SqliteCommand Command(string text, params ReadOnlySpan<string> names)
        {
            SqliteCommand command = new(text, _connection);
            foreach (string name in names)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            return command;
        }
    }
}
