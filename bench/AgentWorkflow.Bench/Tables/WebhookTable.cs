using AgentWorkflow.Bench.Measuring;
using AgentWorkflow.Bench.Stores;
using AgentWorkflow.Bench.Webhooks;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Storage;

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AgentWorkflow.Bench.Tables;

/// <summary>Signed deliveries of 25 kB over 64 connections, answered after they are durable; sender and server share the machine.</summary>
internal static class WebhookTable
{
    private const int Warm = 3000;
    private const int Count = 12_000;
    private const int Few = 2500;

    /// <summary>Prints the table.</summary>
    public static async Task PrintAsync()
    {
        Table table = await Table.BeginAsync("webhooks, 25 kB, 64 connections", "server", "answers/s", "p50 ms", "p99 ms", "commits per 1,000", "goal");
        await AddAsync(table, "signature alone, nothing stored", await WebhookServers.BareAsync(), Count, "");
        await PrintAsync(table, "SQLite", static folder => new StorageOptions { DataDirectory = folder, ConnectionString = StorageOptions.SqliteFile(folder) }, "10 x EF");
        await using BenchServer? server = await BenchServer.StartAsync();
        if (server is null)
        {
            await table.AddAsync("PostgreSQL", "not on this machine");
            return;
        }

        await using BenchDatabase ours = await BenchDatabase.CreateAsync(server.ConnectionString, CancellationToken.None);
        await using BenchDatabase ef = await BenchDatabase.CreateAsync(server.ConnectionString, CancellationToken.None);
        Queue<string> databases = new([ours.ConnectionString, ef.ConnectionString]);
        await PrintAsync(
            table, "PostgreSQL", folder => new StorageOptions { DataDirectory = folder, Provider = DatabaseProvider.PostgreSql, ConnectionString = databases.Dequeue() }, "2 x EF");
    }

    private static async Task PrintAsync(Table table, string name, Func<string, StorageOptions> storage, string goal)
    {
        using (TemporaryFolder folder = new())
        {
            await AddAsync(table, $"ours, {name}", await WebhookServers.OursAsync(storage(folder.Path)), Count, goal);
        }

        using TemporaryFolder other = new();
        await AddAsync(table, $"EF, one save a request, {name}", await WebhookServers.EfAsync(storage(other.Path)), Few, "");
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    private static async Task AddAsync(Table table, string name, WebApplication app, int count, string goal)
    {
        await using (app)
        {
            int port = new Uri(app.Urls.First()).Port;
            await WebhookLoad.RunAsync(port, Math.Min(Warm, count));
            DeliveryWriter? writer = app.Services.GetService<DeliveryWriter>();
            long before = writer?.Commits ?? 0;
            WebhookFigures figures = await WebhookLoad.RunAsync(port, count);
            string commits = writer is null ? "" : Table.Number((writer.Commits - before) * 1000.0 / count);
            await table.AddAsync(name, Table.Number(figures.Rate), Table.Number(figures.Half), Table.Number(figures.Nearly), commits, goal);
        }
    }
}
