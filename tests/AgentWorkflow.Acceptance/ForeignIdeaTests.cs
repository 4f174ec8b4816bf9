using System.Text.Json.Nodes;

using AgentWorkflow.Acceptance.Rig;

namespace AgentWorkflow.Acceptance;

public sealed class ForeignIdeaTests
{
    private static readonly bool s_full = Environment.GetEnvironmentVariable("AGENTWORKFLOW_FULL") == "1";

    [Theory]
    [InlineData("python-api")]
    [InlineData("node-api")]
    [InlineData("dotnet-webapi")]
    public async Task Ideas_That_Strangers_Wrote_Become_Verified_Pull_Requests(string stack)
    {
        Tool.Require("git", stack switch { "python-api" => "python3", "node-api" => "node", _ => "dotnet" });
        string? folder = Ideas.Foreign;
        Assert.SkipWhen(folder is null, "The folder shared/data/ideas is not on this machine.");
        string[] ideas = [.. Directory.EnumerateFiles(folder!, "*.md").Where(f => Path.GetFileName(f) != "NOTICE.md").Order(StringComparer.Ordinal)];
        Assert.True(ideas.Length >= 10, "there are hardly any ideas");
        List<string> wrong = [];
        foreach (string idea in stack == "dotnet-webapi" && !s_full ? ideas.Where((_, i) => i % 6 == 3) : ideas)
        {
            using BotProgram bot = new();
            Ended ended = await bot.RunAsync("generate", idea, "--json", "--input", $"stack={stack}");
            JsonObject? result = ended.Output.Length > 0 ? ended.Json : null;
            bool verified = ended.ExitCode == 0 && result?["pullRequest"]?["draft"]?.GetValue<bool>() == false && $"{result["verification"]!["status"]}" == "passed";
            TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(idea)}: exit {ended.ExitCode}, {result?["verification"]?["tests"]?.ToJsonString()}, {result?["run"]?["seconds"]} s");
            if (!verified)
            {
                wrong.Add($"{Path.GetFileName(idea)}: exit {ended.ExitCode}\n{ended.Error}\n{result?["verification"]?.ToJsonString()}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }
}
