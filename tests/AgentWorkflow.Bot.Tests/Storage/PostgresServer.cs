using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Storage;

using Microsoft.Extensions.DependencyInjection;

using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace AgentWorkflow.Bot.Tests.Storage;

/// <summary>A PostgreSQL server of our own for the time of the tests: started when a test first asks for a database, gone at the end.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private string? _directory;
    private int _port;
    private int _databases;

    /// <summary>Why there is no server; null where there is one.</summary>
    public static string? Absence { get; } =
        Tool("initdb") is null ? "PostgreSQL is not installed (Debian: postgresql)"
        : Environment.UserName == "root" && !File.Exists("/usr/sbin/runuser") ? "PostgreSQL does not run as root, and there is no runuser"
        : null;

    /// <summary>Makes a migrated, empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_directory is null)
            {
                await StartAsync(cancellationToken);
            }

            string name = $"t{++_databases}";
            await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template_of_tests", cancellationToken);
            return Connection(name);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        if (_directory is not null)
        {
            NpgsqlConnection.ClearAllPools();
            await RunAsync("pg_ctl", ["-D", Path.Combine(_directory, "data"), "-s", "-m", "immediate", "stop"], CancellationToken.None);
            Directory.Delete(_directory, recursive: true);
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        string directory = Directory.CreateTempSubdirectory("aw-pg-").FullName;
        if (Environment.UserName == "root")
        {
            await RunToolAsync("/bin/chown", ["postgres:postgres", directory], cancellationToken);
        }

        string data = Path.Combine(directory, "data");
        await RunAsync("initdb", ["-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"], cancellationToken);
        _port = FreePort();
        string settings = $"-p {_port} -k {directory} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200";
        await RunAsync("pg_ctl", ["-D", data, "-s", "-w", "-l", Path.Combine(directory, "log"), "-o", settings, "start"], cancellationToken);
        _directory = directory;

        // Between choosing the port and binding it somebody else may have taken it: write to no stranger.
        object? actual = await ScalarAsync("SHOW data_directory", cancellationToken);
        if (actual as string != data)
        {
            throw new InvalidOperationException($"The server at port {_port} keeps its data in '{actual}', not in '{data}'.");
        }

        await ExecuteAsync("CREATE DATABASE template_of_tests", cancellationToken);
        await using (ServiceProvider services = Services(Connection("template_of_tests"), directory + "-lock"))
        {
            await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(cancellationToken);
        }

        Directory.Delete(directory + "-lock", recursive: true);
        NpgsqlConnection.ClearAllPools();
    }

    internal static ServiceProvider Services(string connection, string dataDirectory) =>
        new ServiceCollection()
            .AddStorage(new StorageOptions { DataDirectory = dataDirectory, Provider = DatabaseProvider.PostgreSql, ConnectionString = connection })
            .BuildServiceProvider();

    private string Connection(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Maximum Pool Size=20";

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken) => await ScalarAsync(sql, cancellationToken);

    private async Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = new(Connection("postgres"));
        await connection.OpenAsync(cancellationToken);
        await using NpgsqlCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this class's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? Tool(string name) =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => d, StringComparer.Ordinal)
                .Select(d => Path.Combine(d, "bin", name)).FirstOrDefault(File.Exists)
            : null;

    private static Task RunAsync(string tool, string[] arguments, CancellationToken cancellationToken) =>
        Environment.UserName == "root"
            ? RunToolAsync("/usr/sbin/runuser", ["-u", "postgres", "--", Tool(tool)!, .. arguments], cancellationToken)
            : RunToolAsync(Tool(tool)!, arguments, cancellationToken);

    private static async Task RunToolAsync(string file, string[] arguments, CancellationToken cancellationToken)
    {
        // The server inherits what pg_ctl has, and would keep a redirected stream open; only initdb talks.
        bool talks = arguments.Any(a => a.EndsWith("initdb", StringComparison.Ordinal)) || file.EndsWith("initdb", StringComparison.Ordinal);
        using Process process = Process.Start(new ProcessStartInfo(file, arguments) { WorkingDirectory = "/", UseShellExecute = false, RedirectStandardOutput = talks })!;
        if (talks)
        {
            await process.StandardOutput.ReadToEndAsync(cancellationToken);
        }

        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Path.GetFileName(file)} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
