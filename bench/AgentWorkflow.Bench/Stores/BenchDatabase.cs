using System.Diagnostics.CodeAnalysis;

using AgentWorkflow.Bot.Storage;

using Npgsql;

namespace AgentWorkflow.Bench.Stores;

/// <summary>A database of a PostgreSQL server that is gone afterwards.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;

    private BenchDatabase(string server, string name)
    {
        _server = server;
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 64 }.ConnectionString;
    }

    /// <summary>How to reach it.</summary>
    public string ConnectionString { get; }

    /// <summary>Makes it; the server is told as a connection string or as a <c>postgres://</c> address.</summary>
    public static async Task<BenchDatabase> CreateAsync(string server, CancellationToken cancellationToken)
    {
        BenchDatabase made = new(Normal(server), "bench_" + new SystemRandomSource().NextBase32(12));
        await ExecuteAsync(made._server, $"CREATE DATABASE {made._name}", cancellationToken);
        return made;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync(_server, $"DROP DATABASE {_name}", CancellationToken.None);
    }

    [SuppressMessage("Security", "CA2100", Justification = "The name is made here.")]
    private static async Task ExecuteAsync(string server, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = new(server);
        await connection.OpenAsync(cancellationToken);
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Normal(string server)
    {
        if (!server.StartsWith("postgres://", StringComparison.Ordinal) && !server.StartsWith("postgresql://", StringComparison.Ordinal))
        {
            return server;
        }

        Uri address = new(server);
        string[] user = address.UserInfo.Split(':', 2);
        NpgsqlConnectionStringBuilder builder = new()
        {
            Host = address.Host,
            Port = address.IsDefaultPort || address.Port < 0 ? 5432 : address.Port,
            Username = Uri.UnescapeDataString(user[0]),
            Database = address.AbsolutePath.Trim('/') is { Length: > 0 } database ? database : "postgres",
        };
        if (user.Length == 2)
        {
            builder.Password = Uri.UnescapeDataString(user[1]);
        }

        return builder.ConnectionString;
    }
}
