using System.Text.Json.Nodes;

using AgentWorkflow.Bench.Stores;

namespace AgentWorkflow.Bench.Outside;

/// <summary><c>engine</c>: runs durable steps that do nothing, on SQLite, or on the PostgreSQL server that <c>PG</c> names.</summary>
internal static class EngineCall
{
    /// <summary>Answers each line <c>[steps, history, runs at once]</c> of standard input; the last two may be absent.</summary>
    public static async Task<int> RunAsync()
    {
        string? server = Environment.GetEnvironmentVariable("PG") is { Length: > 0 } given ? given : null;
        RunWorld? world = null;
        long filled = 0;
        try
        {
            while (await Console.In.ReadLineAsync() is { } line)
            {
                JsonArray call = JsonNode.Parse(line)?.AsArray() ?? throw new InvalidDataException($"'{line}' is no call.");
                (int steps, int history, int atOnce) = (Number(call, 0, 1), Number(call, 1, 0), Number(call, 2, 1));

                // A store with more in it than was asked for would tell another story.
                if (world is null || filled > history)
                {
                    await (world?.DisposeAsync() ?? ValueTask.CompletedTask);
                    world = await RunWorld.CreateAsync(server, CancellationToken.None);
                    await world.RunAsync(20, 1, CancellationToken.None);
                }

                await world.FillAsync(history, CancellationToken.None);
                filled = history;
                double milliseconds = await world.RunAsync(steps, atOnce, CancellationToken.None);
                await Console.Out.WriteLineAsync(new JsonObject { ["ms"] = milliseconds, ["msPerStep"] = milliseconds / steps / atOnce }.ToJsonString());
            }
        }
        finally
        {
            await (world?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        return 0;
    }

    private static int Number(JsonArray call, int at, int otherwise) => at < call.Count && call[at] is { } value ? value.GetValue<int>() : otherwise;
}
