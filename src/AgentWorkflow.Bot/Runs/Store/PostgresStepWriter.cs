using System.Data;
using System.Data.Common;

using AgentWorkflow.Bot.Storage;

using Microsoft.EntityFrameworkCore;

using Npgsql;

namespace AgentWorkflow.Bot.Runs.Store;

/// <summary>Saves moves on PostgreSQL: one statement, so one way there and back, and a transaction by itself.</summary>
internal sealed class PostgresStepWriter(IDbContextFactory<BotDb> databases) : IStepWriter
{
    private const string Sql = """
        WITH held AS (
            UPDATE "Runs" SET "Status" = @status, "State" = @state, "Code" = @code, "Reason" = @reason, "FinishedAt" = NULL, "WakeAt" = NULL
            WHERE "Id" = @run AND "Fencing" = @fencing RETURNING "Id"),
        moved AS (
            UPDATE "RunSteps" s SET "State" = v.state FROM held, unnest(@keys, @states) AS v (key, state)
            WHERE s."RunId" = held."Id" AND s."Key" = v.key)
        SELECT count(*) FROM held
        """;

    /// <inheritdoc/>
    public async Task<bool> WriteAsync(StepWrite write, CancellationToken cancellationToken)
    {
        await using BotDb db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlCommand command = new(Sql, (NpgsqlConnection)db.Database.GetDbConnection());
        Add(command, "status", write.Status);
        Add(command, "state", write.State);
        Add(command, "code", write.Code);
        Add(command, "reason", write.Reason);
        Add(command, "run", write.RunId);
        command.Parameters.Add(new NpgsqlParameter<long>("fencing", write.Fencing));
        command.Parameters.Add(new NpgsqlParameter<string[]>("keys", [.. write.Steps.Select(s => s.Key)]));
        command.Parameters.Add(new NpgsqlParameter<string[]>("states", [.. write.Steps.Select(s => s.State)]));

        // The driver keeps what is prepared with the connection, also in its pool.
        await command.PrepareAsync(cancellationToken);
        return await command.ExecuteScalarAsync(cancellationToken) is 1L;
    }

    /// <inheritdoc/>
    public Task<IDisposable?> TakeTurnAsync(CancellationToken cancellationToken) => Task.FromResult<IDisposable?>(null);

    private static void Add(NpgsqlCommand command, string name, string? value)
    {
        DbParameter parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.DbType = DbType.String;
        parameter.Value = (object?)value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }
}
