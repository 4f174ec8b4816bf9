using AgentWorkflow.Bot.Storage.Objects;

using Microsoft.Data.Sqlite;

using Npgsql;

namespace AgentWorkflow.Bot.Storage;

/// <summary>Where the bot keeps its state. The keys stand at the top of the settings: <c>DataDirectory</c>, <c>Database:Provider</c>, <c>ConnectionStrings:Default</c>.</summary>
internal sealed record StorageOptions
{
    /// <summary>The folder of everything that is kept on this machine; an absolute path once read.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The database.</summary>
    public DatabaseProvider Provider { get; init; } = DatabaseProvider.Sqlite;

    /// <summary>How to reach the database; on SQLite it follows from the data directory.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The server of contents and archives; null where they are in the data directory.</summary>
    public S3Options? S3 { get; init; }

    /// <summary>After what time what is removed.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>Reads the settings.</summary>
    /// <exception cref="StorageException">A setting is wrong; the message is one sentence.</exception>
    public static StorageOptions Read(IConfiguration configuration)
    {
        string directory = Path.GetFullPath(configuration["DataDirectory"] is { Length: > 0 } set ? set : "data");
        string name = configuration["Database:Provider"] is { Length: > 0 } given ? given : nameof(DatabaseProvider.Sqlite);
        if (!Enum.TryParse(name, ignoreCase: true, out DatabaseProvider provider) || !Enum.IsDefined(provider) || char.IsAsciiDigit(name[0]))
        {
            throw new StorageException("AW2510", $"Database__Provider is '{name}'; it must be Sqlite or PostgreSql.");
        }

        string? connection = provider is DatabaseProvider.Sqlite ? SqliteFile(directory) : configuration.GetConnectionString("Default");
        return string.IsNullOrWhiteSpace(connection)
            ? throw new StorageException("AW2511", "Database__Provider is PostgreSql, but ConnectionStrings__Default is not set; give it a connection string.")
            : provider is DatabaseProvider.PostgreSql && Refusal(connection) is { } refusal
            ? throw new StorageException("AW2514", $"ConnectionStrings__Default is no PostgreSQL connection string ({refusal}); write it like 'Host=db;Database=agentworkflow;Username=bot'.")
            : new StorageOptions { DataDirectory = directory, Provider = provider, ConnectionString = connection, S3 = S3Options.Read(configuration), Retention = RetentionOptions.Read(configuration) };
    }

    private static string? Refusal(string connection)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connection).Host is { Length: > 0 } ? null : "it names no Host";
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            // The library's message may repeat a part of the text, which may hold the password.
            return "a key or value in it is wrong";
        }
    }

    /// <summary>The connection string of the SQLite database of a data directory.</summary>
    public static string SqliteFile(string directory) =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, "agentworkflow.db") }.ToString();
}

/// <summary>The databases that the bot runs on.</summary>
internal enum DatabaseProvider
{
    /// <summary>One file in the data directory, for one machine.</summary>
    Sqlite,

    /// <summary>A server, for several replicas.</summary>
    PostgreSql,
}
