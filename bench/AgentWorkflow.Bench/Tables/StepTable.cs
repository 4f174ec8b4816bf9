using AgentWorkflow.Bench.Measuring;
using AgentWorkflow.Bench.Stores;

namespace AgentWorkflow.Bench.Tables;

/// <summary>Durable steps that do nothing, with the run's creation and end counted in.</summary>
internal static class StepTable
{
    private const int History = 100_000;

    /// <summary>Prints the table.</summary>
    public static async Task PrintAsync()
    {
        Table table = await Table.BeginAsync("durable steps that do nothing", "database, runs x steps", "ms a step", "steps a second", "goal");
        await PrintAsync(table, "SQLite", server: null, "0.50-1.25 ms", "20,000 steps/s");
        await using BenchServer? postgres = await BenchServer.StartAsync();
        string? server = Environment.GetEnvironmentVariable("PG") is { Length: > 0 } given ? given : postgres?.ConnectionString;
        if (server is null)
        {
            await table.AddAsync("PostgreSQL", "not on this machine");
        }
        else
        {
            await PrintAsync(table, "PostgreSQL", server, "2-5 ms", "");
        }
    }

    private static async Task PrintAsync(Table table, string name, string? server, string goal, string many)
    {
        await using RunWorld world = await RunWorld.CreateAsync(server, CancellationToken.None);
        await world.RunAsync(200, 1, CancellationToken.None);
        double plain = 0;
        foreach ((int steps, int tries) in new[] { (10, 9), (100, 7), (1000, 3) })
        {
            double each = await Median.OfAsync(tries, () => world.RunAsync(steps, 1, CancellationToken.None)) / steps;
            plain = steps == 100 ? each : plain;
            await table.AddAsync($"{name}, 1 x {steps:N0}", Table.Number(each), Table.Number(1000 / each), goal);
        }

        double together = await Median.OfAsync(3, () => world.RunAsync(20, 64, CancellationToken.None)) / 64 / 20;
        await table.AddAsync($"{name}, 64 x 20", Table.Number(together), Table.Number(1000 / together), many);
        await world.FillAsync(History, CancellationToken.None);
        double full = await Median.OfAsync(7, () => world.RunAsync(100, 1, CancellationToken.None)) / 100;
        await table.AddAsync($"{name}, 1 x 100 beside {History:N0} finished runs", $"{Table.Number(full)} ({Table.Number(full / plain)} x)", Table.Number(1000 / full), "1.2 x");
    }
}
