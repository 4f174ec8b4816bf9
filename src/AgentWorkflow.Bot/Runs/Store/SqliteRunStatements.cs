using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Bot.Storage;

using Microsoft.Data.Sqlite;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>A connection with the prepared statements that claim runs and save their moves.</summary>
internal sealed class SqliteRunStatements : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public SqliteRunStatements(string connectionString)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        SqliteSettings.Apply(_connection);
    }

    /// <summary>Does all writes in one transaction.</summary>
    /// <returns>Of each, whether it held; of one that did not, nothing is written.</returns>
    public bool[] InOneTransaction(List<Func<SqliteRunStatements, bool>> writes)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Transaction = transaction;
        }

        bool[] held = [.. writes.Select(write => write(this))];
        CrashPoint.Here("uncommitted:moves");
        transaction.Commit();
        CrashPoint.Here("committed:moves");
        return held;
    }

    /// <summary>Takes a run and its group; false when it is not free or not its turn.</summary>
    public bool Claim(RunClaim claim)
    {
        bool taken = Execute(
            """
            UPDATE "Runs" AS r SET "Fencing" = "Fencing" + 1, "LeaseOwner" = $0, "LeaseUntil" = $1, "WakeAt" = NULL
            WHERE "Id" = $2 AND "Fencing" = $3 AND "LeaseUntil" IS $4
                AND ("FinishedAt" IS NULL OR $5 OR EXISTS (SELECT 1 FROM "RunSignals" s WHERE s."RunId" = $2 AND s."Kind" = 'retry'))
                AND NOT EXISTS (SELECT 1 FROM "RunGroups" g WHERE g."Name" = $6 AND g."RunId" <> $2)
                AND (EXISTS (SELECT 1 FROM "RunGroups" g WHERE g."Name" = $6) OR NOT EXISTS (
                    SELECT 1 FROM "Runs" o WHERE o."ConcurrencyGroup" = $6 AND o."Status" = 'queued' AND o."FinishedAt" IS NULL
                        AND (o."CreatedAt", o."Id") < ($7, $2)))
            """,
            claim.Owner, claim.Until.UtcTicks, claim.RunId, claim.SeenFencing, claim.SeenUntil?.UtcTicks, claim.Reopen, claim.Group, claim.CreatedAt.UtcTicks) == 1;
        _ = taken && Execute("""INSERT INTO "RunGroups" ("Name", "RunId") VALUES ($0, $1) ON CONFLICT DO NOTHING""", claim.Group, claim.RunId) > 0;
        return taken;
    }

    /// <summary>Saves a move; false when another process holds the run.</summary>
    public bool Write(StepWrite write)
    {
        const string Run = """
            UPDATE "Runs" SET "Status" = $0, "State" = $1, "Code" = $2, "Reason" = $3, "FinishedAt" = $4, "WakeAt" = $5, "Moves" = "Moves" + 1,
                "LeaseOwner" = CASE WHEN $4 IS NULL THEN "LeaseOwner" END, "LeaseUntil" = CASE WHEN $4 IS NULL THEN "LeaseUntil" END
            WHERE "Id" = $6 AND "Fencing" = $7
            """;
        if (Execute(Run, write.Status, write.State, write.Code, write.Reason, write.FinishedAt?.UtcTicks, write.WakeAt?.UtcTicks, write.RunId, write.Fencing) != 1)
        {
            return false;
        }

        foreach ((string key, string state) in write.Moved)
        {
            Execute("""UPDATE "RunSteps" SET "State" = $0 WHERE "RunId" = $1 AND "Key" = $2""", state, write.RunId, key);
        }

        foreach ((string key, int ordinal, string state) in write.Added)
        {
            Execute("""INSERT INTO "RunSteps" ("RunId", "Key", "Ordinal", "State") VALUES ($0, $1, $2, $3)""", write.RunId, key, ordinal, state);
        }

        if (write.FinishedAt is not null)
        {
            Execute("""DELETE FROM "RunGroups" WHERE "RunId" = $0""", write.RunId);
            Execute("""DELETE FROM "RunSignals" WHERE "RunId" = $0 AND "Kind" <> 'retry'""", write.RunId);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // Only the constants of this file come here.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (int i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter($"${i}", value: null));
            }

            _commands.Add(sql, command);
        }

        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command.ExecuteNonQuery();
    }
}
