using AgentWorkflow.Bot.Storage;

using Npgsql;

using NpgsqlTypes;

namespace AgentWorkflow.Bot.Intake;

/// <summary>On PostgreSQL all deliveries are in one table; a group is one batch, which is one way there and back and one transaction.</summary>
internal sealed class PostgresDeliveryTable(StorageOptions options) : IDeliveryTable
{
    private const string ArriveSql = """
        INSERT INTO "Deliveries" ("Forge", "DeliveryId", "Event", "Source", "HookId", "TargetType", "TargetId", "Body", "ReceivedAt", "DueAt", "Attempts", "DecidedAt", "Decision")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 0, $10, $11) ON CONFLICT DO NOTHING
        """;

    private const string DecideSql = """
        UPDATE "Deliveries" SET "DecidedAt" = $3, "Decision" = $4, "RunId" = $5 WHERE "Forge" = $1 AND "DeliveryId" = $2 AND "DecidedAt" IS NULL
        """;

    private const string PostponeSql = """
        UPDATE "Deliveries" SET "DueAt" = $3, "Attempts" = "Attempts" + $4 WHERE "Forge" = $1 AND "DeliveryId" = $2 AND "DecidedAt" IS NULL
        """;

    private NpgsqlConnection? _connection;

    /// <inheritdoc/>
    public bool[] Apply(IReadOnlyList<DeliveryChange> changes)
    {
        try
        {
            return Write(changes);
        }
        catch (NpgsqlException e) when (StorageErrors.IsTransient(e))
        {
            // A connection that the server closed says so at its next use. Asking again is safe: what is there already stays.
            Dispose();
        }

        try
        {
            return Write(changes);
        }
        catch (NpgsqlException e)
        {
            Dispose();
            throw StorageErrors.Explain(e, options) ?? new StorageException("AW2525", $"The database refused: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private bool[] Write(IReadOnlyList<DeliveryChange> changes)
    {
        if (_connection is null)
        {
            // Of its own: a pool that runs have emptied must not close the intake.
            NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(options.ConnectionString) { Pooling = false, MaxAutoPrepare = 8, AutoPrepareMinUsages = 1 }.ConnectionString);
            connection.Open();
            _connection = connection;
        }

        using NpgsqlBatch batch = new(_connection);
        foreach (DeliveryChange change in changes)
        {
            batch.BatchCommands.Add(CommandOf(change));
        }

        // Without a transaction around it the whole batch is one, which its last message commits.
        Guards.CrashPoint.Here("written:deliveries");
        batch.ExecuteNonQuery();
        bool[] changed = new bool[changes.Count];
        for (int i = 0; i < changed.Length; i++)
        {
            changed[i] = batch.BatchCommands[i].RecordsAffected == 1;
        }

        return changed;
    }

    private static NpgsqlBatchCommand CommandOf(DeliveryChange change) => change switch
    {
        DeliveryChange.Arrive { Delivery: { } d } => new NpgsqlBatchCommand(ArriveSql)
        {
            Parameters =
            {
                Text(d.Forge), Text(d.DeliveryId), Text(d.Event), Text(d.Source), Number(d.HookId), Text(d.TargetType), Number(d.TargetId),
                new NpgsqlParameter<ArraySegment<byte>> { TypedValue = d.Body, NpgsqlDbType = NpgsqlDbType.Bytea },
                Time(d.ReceivedAt), Time(d.Unreadable is null ? null : d.ReceivedAt), Text(d.Unreadable),
            },
        },
        DeliveryChange.Decide d => new NpgsqlBatchCommand(DecideSql) { Parameters = { Text(d.Forge), Text(d.DeliveryId), Time(d.At), Text(d.Decision), Text(d.RunId) } },
        DeliveryChange.Postpone p => new NpgsqlBatchCommand(PostponeSql) { Parameters = { Text(p.Forge), Text(p.DeliveryId), Time(p.DueAt), Number(p.Attempts) } },

        // Begins to write, which a server that only reads refuses.
        DeliveryChange.Probe => new NpgsqlBatchCommand("""UPDATE "Deliveries" SET "Decision" = "Decision" WHERE 1 = 0"""),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "Unknown change."),
    };

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Number(long? value) => new() { Value = value is { } number ? number : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter Time(DateTimeOffset? value) => new() { Value = value is { } at ? at.UtcDateTime : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
