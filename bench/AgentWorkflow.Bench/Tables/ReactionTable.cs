using AgentWorkflow.Bench.Measuring;
using AgentWorkflow.Bench.Stores;
using AgentWorkflow.Bench.Webhooks;
using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bench.Tables;

/// <summary>From a delivery to the first reaction, and deliveries while runs are at work: all of the server, in front of a forge that answers at once.</summary>
internal static class ReactionTable
{
    private const int Warm = 20;
    private const int Tries = 100;
    private const int Deliveries = 6_000;
    private const int AtOnce = 8;

    /// <summary>Prints the table.</summary>
    public static async Task PrintAsync()
    {
        Table table = await Table.BeginAsync("a server at work, a forge that answers at once", "database", "delivery to reaction, p50 ms", "worst of 100, ms", "goal, ms", "answers/s while runs are at work", "p99 ms", "runs meanwhile");
        using (TemporaryFolder folder = new())
        {
            await AddAsync(table, "SQLite", new StorageOptions { DataDirectory = folder.Path, ConnectionString = StorageOptions.SqliteFile(folder.Path) });
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        }

        await using BenchServer? server = await BenchServer.StartAsync();
        if (server is null)
        {
            await table.AddAsync("PostgreSQL", "not on this machine");
            return;
        }

        using TemporaryFolder data = new();
        await using BenchDatabase database = await BenchDatabase.CreateAsync(server.ConnectionString, CancellationToken.None);
        await AddAsync(table, "PostgreSQL", new StorageOptions { DataDirectory = data.Path, Provider = DatabaseProvider.PostgreSql, ConnectionString = database.ConnectionString });
    }

    private static async Task AddAsync(Table table, string name, StorageOptions storage)
    {
        await using WorkingServer server = await WorkingServer.StartAsync(storage);
        double[] times = new double[Tries];
        for (int i = -Warm; i < Tries; i++)
        {
            double time = await server.AskAsync();
            if (i >= 0)
            {
                times[i] = time;
            }
        }

        Array.Sort(times);
        using CancellationTokenSource enough = new();
        Task<int>[] asking = [.. Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => AskOnAsync(server, enough.Token)))];
        WebhookFigures load = await WebhookLoad.RunAsync(server.Port, Deliveries);
        await enough.CancelAsync();
        int runs = (await Task.WhenAll(asking)).Sum();
        await table.AddAsync(name, Table.Number(times[Tries / 2]), Table.Number(times[^1]), "100", Table.Number(load.Rate), Table.Number(load.Nearly), Table.Number(runs));
    }

    private static async Task<int> AskOnAsync(WorkingServer server, CancellationToken enough)
    {
        int count = 0;
        for (; !enough.IsCancellationRequested; count++)
        {
            await server.AskAsync();
        }

        return count;
    }
}
