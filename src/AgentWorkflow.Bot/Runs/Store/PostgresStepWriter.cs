using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

using Npgsql;

using NpgsqlTypes;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>Saves claims and moves on PostgreSQL: each one statement, so one way there and back, and a transaction by itself.</summary>
internal sealed class PostgresStepWriter(IDbContextFactory<BotDb> databases) : IStepWriter
{
    private const string MoveSql = """
        WITH held AS (
            UPDATE "Runs" SET "Status" = @status, "State" = @state, "Code" = @code, "Reason" = @reason, "FinishedAt" = @finished, "WakeAt" = @wake, "Moves" = "Moves" + 1,
                "LeaseOwner" = CASE WHEN @finished IS NULL THEN "LeaseOwner" END, "LeaseUntil" = CASE WHEN @finished IS NULL THEN "LeaseUntil" END
            WHERE "Id" = @run AND "Fencing" = @fencing RETURNING "Id"),
        moved AS (
            UPDATE "RunSteps" s SET "State" = v.state FROM held, unnest(@keys, @states) AS v (key, state)
            WHERE s."RunId" = held."Id" AND s."Key" = v.key),
        added AS (
            INSERT INTO "RunSteps" ("RunId", "Key", "Ordinal", "State")
            SELECT held."Id", v.key, v.ordinal, v.state FROM held, unnest(@newKeys, @newOrdinals, @newStates) AS v (key, ordinal, state)),
        freed AS (
            DELETE FROM "RunGroups" g USING held WHERE @finished IS NOT NULL AND g."RunId" = held."Id"),
        forgotten AS (
            DELETE FROM "RunSignals" s USING held WHERE @finished IS NOT NULL AND s."RunId" = held."Id" AND s."Kind" <> 'retry')
        SELECT count(*) FROM held
        """;

    // Two runs of one group that claim at the same moment both find it free: the group's key lets one of them through.
    private const string ClaimSql = """
        WITH held AS (
            UPDATE "Runs" SET "Fencing" = "Fencing" + 1, "LeaseOwner" = @owner, "LeaseUntil" = @until, "WakeAt" = NULL
            WHERE "Id" = @run AND "Fencing" = @fencing AND "LeaseUntil" IS NOT DISTINCT FROM @seen
                AND ("FinishedAt" IS NULL OR @reopen OR EXISTS (SELECT 1 FROM "RunSignals" s WHERE s."RunId" = @run AND s."Kind" = 'retry'))
                AND NOT EXISTS (SELECT 1 FROM "RunGroups" g WHERE g."Name" = @group AND g."RunId" <> @run)
                AND (EXISTS (SELECT 1 FROM "RunGroups" g WHERE g."Name" = @group) OR NOT EXISTS (
                    SELECT 1 FROM "Runs" o WHERE o."ConcurrencyGroup" = @group AND o."Status" = 'queued' AND o."FinishedAt" IS NULL
                        AND (o."CreatedAt", o."Id") < (@created, @run)))
            RETURNING "Id"),
        grouped AS (
            INSERT INTO "RunGroups" ("Name", "RunId") SELECT @group, held."Id" FROM held WHERE NOT EXISTS (SELECT 1 FROM "RunGroups" g WHERE g."Name" = @group))
        SELECT count(*) FROM held
        """;

    /// <inheritdoc/>
    public async Task<bool> ClaimAsync(RunClaim claim, CancellationToken cancellationToken)
    {
        try
        {
            return await ExecuteAsync(
                ClaimSql,
                [
                    Value("owner", claim.Owner), Value("until", claim.Until.ToUniversalTime()), Value("run", claim.RunId), Value("fencing", claim.SeenFencing),
                    Time("seen", claim.SeenUntil), Value("reopen", claim.Reopen), Value("group", claim.Group), Value("created", claim.CreatedAt.ToUniversalTime()),
                ],
                cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public Task<bool> WriteAsync(StepWrite write, CancellationToken cancellationToken) => ExecuteAsync(
        MoveSql,
        [
            Value("status", write.Status), Value("state", write.State), Text("code", write.Code), Text("reason", write.Reason),
            Time("finished", write.FinishedAt), Time("wake", write.WakeAt), Value("run", write.RunId), Value("fencing", write.Fencing),
            Value<string[]>("keys", [.. write.Moved.Select(s => s.Key)]), Value<string[]>("states", [.. write.Moved.Select(s => s.State)]),
            Value<string[]>("newKeys", [.. write.Added.Select(s => s.Key)]), Value<int[]>("newOrdinals", [.. write.Added.Select(s => s.Ordinal)]),
            Value<string[]>("newStates", [.. write.Added.Select(s => s.State)]),
        ],
        cancellationToken);

    /// <inheritdoc/>
    public Task<IDisposable?> TakeTurnAsync(CancellationToken cancellationToken) => Task.FromResult<IDisposable?>(null);

    private async Task<bool> ExecuteAsync(string sql, NpgsqlParameter[] values, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
#pragma warning disable CA2100 // Only the constants of this class come here.
        await using NpgsqlCommand command = new(sql, (NpgsqlConnection)db.Database.GetDbConnection());
#pragma warning restore CA2100
        command.Parameters.AddRange(values);

        // The driver keeps what is prepared with the connection, also in its pool.
        await command.PrepareAsync(cancellationToken);
        return await command.ExecuteScalarAsync(cancellationToken) is 1L;
    }

    private static NpgsqlParameter<T> Value<T>(string name, T value) => new(name, value);

    private static NpgsqlParameter Text(string name, string? value) => new(name, NpgsqlDbType.Text) { Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Time(string name, DateTimeOffset? value) =>
        new(name, NpgsqlDbType.TimestampTz) { Value = value is { } time ? time.ToUniversalTime() : DBNull.Value };
}
