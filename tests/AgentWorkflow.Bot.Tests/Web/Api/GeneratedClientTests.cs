using System.Diagnostics;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Runs.Driving;
using AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Bot.Web.Api;

namespace AgentWorkflow.Bot.Tests.Web.Api;

/// <summary>A client that a public generator makes of the description drives every route.</summary>
public sealed class GeneratedClientTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static string Folder => Path.Combine(IdeaFiles.Root, "tests", "client");

    private static CancellationToken Cancel => ApiServer.Cancel;

    [Fact]
    public async Task Every_Operation_Is_Done_By_Its_Generated_Method()
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules")), "the generator is not installed (node and npm: npm ci --prefix tests/client)");
        string waiting = await server.RunAsync("client/one", "client-1");
        await DriveAsync(waiting);
        string over = await server.RunAsync("client/one", "client-2");
        await server.SendAsync("POST", $"/api/v1/runs/{over}/cancel", body: "{}");
        await DriveAsync(over);
        JsonObject there = new() { ["waiting"] = waiting, ["over"] = over, ["project"] = await server.ProjectAsync(over, "client/one") };

        JsonNode done = await RunAsync(there);

        Dictionary<string, string> statuses = done["statuses"]!.AsObject().ToDictionary(s => s.Key, s => s.Value!.ToString());
        Assert.DoesNotContain(statuses, s => s.Value is not ("200" or "201" or "202" or "204"));
        Assert.Empty(ApiTable.All.Select(o => o.Id).Except(statuses.Keys));
        Assert.Equal(done["operations"]!.AsArray().Select(o => o!.ToString()).Order(StringComparer.Ordinal), statuses.Keys.Order(StringComparer.Ordinal));
    }

    private async Task<JsonNode> RunAsync(JsonObject there)
    {
        using TemporaryFolder output = new();
        ProcessStartInfo start = new("node", [Path.Combine(Folder, "drive.mjs"), server.Address.ToString().TrimEnd('/'), server.LocalToken, output.Path])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(there.ToJsonString().AsMemory(), Cancel);
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync(Cancel);
        string said = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return process.ExitCode == 0 ? JsonNode.Parse(said[said.IndexOf("{\"statuses\"", StringComparison.Ordinal)..])! : throw new InvalidOperationException(await error);
    }

    private async Task DriveAsync(string run) => await server.Get<RunDriver>().DriveAsync(run, NoObserver.Instance, retry: false, Cancel);
}
