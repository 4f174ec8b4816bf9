using System.Diagnostics;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Storage.Objects;
using AgentWorkflow.Bot.Tests.Storage;

[assembly: AssemblyFixture(typeof(S3Servers))]

namespace AgentWorkflow.Bot.Tests.Storage;

/// <summary>The S3 servers of <c>tests/s3</c>, each started when a test first asks for it and ended with the tests.</summary>
public sealed class S3Servers : IAsyncDisposable
{
    public const string Fauxqs = "fauxqs";
    public const string S3rver = "s3rver";

    private static readonly string? Folder = FindFolder();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, (Process Process, int Port)> _servers = [];
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("aw-s3-");

    /// <summary>Why there is none; null where there is.</summary>
    public static string? Absence { get; } =
        Folder is null ? "tests/s3 is not beside the tests"
        : !Directory.Exists(Path.Combine(Folder, "node_modules", "fauxqs")) ? "the S3 servers are not installed (node and npm: npm ci --prefix tests/s3)"
        : null;

    /// <summary>The settings of a server.</summary>
    internal async Task<S3Options> OptionsAsync(string kind, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_servers.TryGetValue(kind, out (Process Process, int Port) server))
            {
                _servers[kind] = server = await StartAsync(kind, cancellationToken);
            }

            return new S3Options
            {
                Endpoint = new Uri($"http://127.0.0.1:{server.Port}"),
                Bucket = "agentworkflow",
                AccessKey = "S3RVER",
                SecretKey = "S3RVER",
                Region = S3Options.DefaultRegion,
            };
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((Process process, _) in _servers.Values)
        {
            process.StandardInput.Close(); // That ends it.
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _gate.Dispose();
        _data.Delete(recursive: true);
    }

    private async Task<(Process Process, int Port)> StartAsync(string kind, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("node", [Path.Combine(Folder!, "server.mjs"), kind, _data.FullName]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        Process process = Process.Start(start)!;

        // The port comes from the process itself: no stranger can listen there.
        string line = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException($"The S3 server {kind} did not start.");
        return (process, (int)JsonNode.Parse(line)!["port"]!);
    }

    private static string? FindFolder()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string folder = Path.Combine(at.FullName, "tests", "s3");
            if (File.Exists(Path.Combine(folder, "server.mjs")))
            {
                return folder;
            }
        }

        return null;
    }
}
