using AgentWorkflow.Acceptance.Rig;
using AgentWorkflow.Rig.Contract;

namespace AgentWorkflow.Acceptance;

/// <summary>The main job on GitHub, with the real program and signed webhooks.</summary>
public sealed class GitHubTests : ForgeJob
{
    private protected override async Task<ForgeSite> StartAsync(params (string Name, string Text)[] workflows) => await GitHubSite.StartAsync(workflows);

    [Fact]
    public async Task Doctor_Asks_GitHub_And_Says_What_To_Change()
    {
        await using GitHubSite site = await GitHubSite.StartAsync();
        site.GitHub.SendWebhooksTo("https://bot.example/api/github/webhooks");
        Ended well = await site.Bot.RunAsync(["doctor"], [.. site.GitHub.Settings().Select(s => (s.Key, s.Value))]);
        site.GitHub.Do(world => world.AppPermissions["checks"] = "read");
        site.GitHub.Do(world => world.Push(GitHubSite.Repository, "ada", "main", new Dictionary<string, string?> { [".github/workflows/slash.yml"] = "on: issue_comment\njobs: { a: { if: contains(github.event.comment.body, '/approve') } }\n" }));
        Ended unwell = await site.Bot.RunAsync(["doctor"], [.. site.GitHub.Settings().Select(s => (s.Key, s.Value))]);

        site.GitHub.Journal.RequireNoViolations();
        Assert.Contains("the App 'agentworkflow'", well.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("AW3061", well.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("AW3083", well.Output, StringComparison.Ordinal);
        Assert.Contains("AW3083 others answer to the same words: .github/workflows/slash.yml (/approve) in octo/pets", unwell.Output, StringComparison.Ordinal);
        Assert.Contains("AW3061 the App lacks checks: write", unwell.Require(1).Output, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(well.Output);
    }

    [Fact]
    public async Task Every_Recorded_Payload_Is_Taken_And_Starts_Nothing()
    {
        await using GitHubSite site = await GitHubSite.StartAsync();
        StartedProgram serve = await site.ServeAsync();
        int before = site.GitHub.Webhooks.Deliveries.Count;
        string[] files = [.. Directory.GetFiles(Path.Combine(SharedData.Folder!, "github", "webhooks"), "*.json", SearchOption.AllDirectories)];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            foreach (System.Text.Json.Nodes.JsonObject payload in Payloads(file))
            {
                site.GitHub.Webhooks.Send(EventOf(file), payload);
            }
        }

        await site.GitHub.Webhooks.SettleAsync(TestContext.Current.CancellationToken);
        Assert.All(site.GitHub.Webhooks.Deliveries.Skip(before), d => Assert.True(d.StatusCode is >= 200 and < 300, $"{d.Event} {d.Action}: {d.StatusCode}"));
        Assert.False(serve.HasExited);
        Assert.DoesNotContain(site.GitHub.Journal.Effects, e => e.Actor == site.GitHub.BotLogin);
    }

    private static string EventOf(string file) => Path.GetFileName(Path.GetDirectoryName(file)) is { } folder && folder != "webhooks" ? folder : Path.GetFileName(file).Split('.')[0];

    private static IEnumerable<System.Text.Json.Nodes.JsonObject> Payloads(string file)
    {
        System.Text.Json.Nodes.JsonNode? read = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(file));
        return read is System.Text.Json.Nodes.JsonArray list ? list.OfType<System.Text.Json.Nodes.JsonObject>() : read is System.Text.Json.Nodes.JsonObject one ? [one] : [];
    }
}
