using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

using AgentWorkflow.Bench.Measuring;
using AgentWorkflow.Bench.Stores;

namespace AgentWorkflow.Bench.Tables;

/// <summary><c>serve</c> on fresh data, from its start to ready, and what it holds then.</summary>
internal static class ServeTable
{
    private const int Tries = 5;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Prints the table.</summary>
    public static async Task PrintAsync()
    {
        Table table = await Table.BeginAsync($"serve on fresh data, {MeasuredProgram.How}", "what", "measured", "goal");
        List<(double Ready, double Idle)> all = [];
        for (int i = 0; i < Tries; i++)
        {
            all.Add(await RunAsync());
        }

        await table.AddAsync("start to ready, ms", Table.Number(Median.Of(all.Select(a => a.Ready))), "600");
        await table.AddAsync("resident when idle, MB", Table.Number(Median.Of(all.Select(a => a.Idle))), "130");
    }

    private static async Task<(double Ready, double Idle)> RunAsync()
    {
        using TemporaryFolder data = new();
        string address = $"http://127.0.0.1:{FreePort()}";
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Tool.Start(
            "dotnet", [MeasuredProgram.Path, "serve", "--urls", address], data.Path,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DataDirectory"] = data["data"], ["Logging__LogLevel__Default"] = "None" });
        try
        {
            using SocketsHttpHandler handler = new();
            using HttpClient http = new(handler, disposeHandler: false);
            while (!await IsReadyAsync(http, new Uri(address + "/readyz")))
            {
                if (watch.Elapsed > Patience || process.HasExited)
                {
                    throw new InvalidOperationException("serve did not become ready.");
                }

                await Task.Delay(Glance, TimeProvider.System, CancellationToken.None);
            }

            double ready = watch.Elapsed.TotalMilliseconds;
            await Task.Delay(Calm, TimeProvider.System, CancellationToken.None);
            return (ready, ProcessMemory.ResidentKilobytes(process.Id) / 1024.0);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Uri address)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(address);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
