using System.Globalization;
using System.Net;
using System.Net.Sockets;

using AgentWorkflow.Bench.Measuring;

namespace AgentWorkflow.Bench.Stores;

/// <summary>A PostgreSQL server for the time of a table, with the durable settings it comes with.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/postgresql";
    private readonly TemporaryFolder _folder;
    private readonly string _tools;

    private BenchServer(TemporaryFolder folder, string tools, int port)
    {
        _folder = folder;
        _tools = tools;
        ConnectionString = $"Host=127.0.0.1;Port={port.ToString(CultureInfo.InvariantCulture)};Username=postgres;Database=postgres";
    }

    /// <summary>How to reach it.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts one; null where PostgreSQL is not installed.</summary>
    public static async Task<BenchServer?> StartAsync()
    {
        string? tools = Directory.Exists(Binaries)
            ? Directory.GetDirectories(Binaries).Order(StringComparer.Ordinal).Select(d => Path.Combine(d, "bin")).LastOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
            : null;
        if (tools is null)
        {
            return null;
        }

        TemporaryFolder folder = new();
        if (Environment.UserName == "root")
        {
            await Tool.RunAsync("chown", ["postgres", folder.Path], "/");
        }

        BenchServer server = new(folder, tools, FreePort());
        string port = new Npgsql.NpgsqlConnectionStringBuilder(server.ConnectionString).Port.ToString(CultureInfo.InvariantCulture);
        await server.CallAsync("initdb", "-D", folder["data"], "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8");
        await server.CallAsync("pg_ctl", "-D", folder["data"], "-s", "-w", "-l", folder["log"], "-o", $"-p {port} -k {folder.Path} -c listen_addresses=127.0.0.1", "start");
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Npgsql.NpgsqlConnection.ClearAllPools();
        await CallAsync("pg_ctl", "-D", _folder["data"], "-s", "-m", "immediate", "stop");
        _folder.Dispose();
    }

    // The server keeps open what it inherits, so its output goes nowhere that somebody waits for.
    private Task<string> CallAsync(string tool, params string[] arguments)
    {
        string command = string.Join(' ', arguments.Prepend(Path.Combine(_tools, tool)).Select(a => $"'{a}'")) + " >/dev/null 2>&1";
        return Environment.UserName == "root"
            ? Tool.RunAsync("runuser", ["-u", "postgres", "--", "sh", "-c", command], "/")
            : Tool.RunAsync("sh", ["-c", command], "/");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
