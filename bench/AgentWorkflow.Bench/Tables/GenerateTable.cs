using System.Diagnostics;
using System.Text.Json;

using AgentWorkflow.Bench.Measuring;
using AgentWorkflow.Bench.Stores;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Execution;

using Microsoft.Data.Sqlite;

namespace AgentWorkflow.Bench.Tables;

/// <summary>A whole <c>generate</c>: a new process, an empty data directory, a verified pull request at the end.</summary>
internal static class GenerateTable
{
    private const int Tries = 3;

    /// <summary>Prints the table.</summary>
    public static async Task PrintAsync()
    {
        Table table = await Table.BeginAsync($"generate, from the idea to a verified pull request, {MeasuredProgram.How}", "stack", "whole, ms", "verification, ms", "all else, ms", "goal, ms");
        foreach ((string stack, string tool) in new[] { ("python-api", "python3"), ("node-api", "node") })
        {
            if (!Tool.IsThere(tool))
            {
                await table.AddAsync(stack, $"no {tool}", "", "", "1,000");
                continue;
            }

            List<(double Whole, double Verify)> all = [];
            for (int i = 0; i < Tries; i++)
            {
                all.Add(await RunAsync(stack));
            }

            await table.AddAsync(stack, Table.Number(Median.Of(all.Select(a => a.Whole))), Table.Number(Median.Of(all.Select(a => a.Verify))),
                Table.Number(Median.Of(all.Select(a => a.Whole - a.Verify))), "1,000");
        }
    }

    private static async Task<(double Whole, double Verify)> RunAsync(string stack)
    {
        using TemporaryFolder data = new();
        string idea = Path.GetFullPath("examples/ideas/lending-library.md");
        Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["DataDirectory"] = data.Path };
        Stopwatch watch = Stopwatch.StartNew();
        await Tool.RunAsync("dotnet", [MeasuredProgram.Path, "generate", idea, "--input", $"stack={stack}", "--json"], data.Path, input: null, environment);
        return (watch.Elapsed.TotalMilliseconds, await VerifyAsync(data.Path));
    }

    private static async Task<double> VerifyAsync(string directory)
    {
        await using SqliteConnection connection = new(StorageOptions.SqliteFile(directory));
        await connection.OpenAsync();
        await using SqliteCommand command = new("""SELECT "State" FROM "RunSteps" WHERE "Key" = 'verify'""", connection);
        StepState? step = JsonSerializer.Deserialize<StepState>(await command.ExecuteScalarAsync() as string ?? "null", StateJson.Options);
        SqliteConnection.ClearPool(connection);
        return step is { StartedAt: { } start, FinishedAt: { } end } ? (end - start).TotalMilliseconds : 0;
    }
}
