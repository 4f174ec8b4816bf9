using AgentWorkflow.Acceptance.Rig;
using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.Faults;

namespace AgentWorkflow.Acceptance;

/// <summary>The main job on GitHub, with the real program and signed webhooks.</summary>
public sealed class GitHubTests
{
    private const int MostRequests = 20;

    [Fact]
    public async Task A_Comment_Leads_To_A_Verified_Pull_Request_Whose_Branch_Passes()
    {
        Tool.Require("python3");
        await using GitHubSite site = await GitHubSite.StartAsync();
        StartedProgram serve = await site.ServeAsync();
        long issue = site.Issue();
        site.Comment(issue, "/generate stack=python-api");
        await site.RunsAreOverAsync(serve);

        TestContext.Current.TestOutputHelper?.WriteLine(site.Story());
        site.GitHub.Journal.RequireNoViolations();
        Assert.Equal(
            ["branch", "check", "comment", "commit", "pull_request", "reaction"],
            site.GitHub.Journal.Effects.Where(e => e.Actor == site.GitHub.BotLogin).Select(e => e.Kind).Where(k => k is not ("comment-edit" or "label" or "assignee" or "assign")).Order(StringComparer.Ordinal));
        string stands = site.Stands();
        Assert.Contains("[agentworkflow] @ada", stands, StringComparison.Ordinal);
        Assert.DoesNotContain("(draft)", stands, StringComparison.Ordinal);

        string branch = Assert.Single(site.GitHub.Do(world => world.Repository(GitHubSite.Repository).Git.Refs().Keys.Where(r => r.Contains("agentworkflow/", StringComparison.Ordinal)).ToList()));
        string clone = Path.Combine(site.Bot.Folder, "clone");
        await Tool.GitAsync(site.Bot.Folder, "clone", "-q", "-b", branch["refs/heads/".Length..], site.GitHub.Do(world => world.Repository(GitHubSite.Repository).Git.Path), clone);
        (await Tool.RunAsync(clone, "python3", "-m", "unittest", "discover", "-s", "tests", "-t", ".")).Require(0);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(400)]
    public async Task A_Run_Asks_The_Forge_At_Most_Twenty_Times_Whatever_It_Commits(int files)
    {
        await using GitHubSite site = await GitHubSite.StartAsync(("many", ManyFiles(files)));
        site.Settings["Limits__Files"] = "500";
        StartedProgram serve = await site.ServeAsync();
        long issue = site.Issue();

        // Start-up and sweeps are not the run's.
        await site.SeesAsync(serve, () => site.GitHub.Journal.Requests.Any(r => r.Path.Contains("/issues?since=", StringComparison.Ordinal)), "No look at the repository");
        int before = site.GitHub.Journal.Requests.Count;
        site.Comment(issue, "/generate many");
        await site.RunsAreOverAsync(serve);

        site.GitHub.Journal.RequireNoViolations();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', site.GitHub.Journal.Requests.Skip(before)));
        int asked = site.GitHub.Journal.Requests.Skip(before).Count(r => !r.Path.Contains("/app/hook/deliveries", StringComparison.Ordinal));
        Assert.InRange(asked, 1, MostRequests);
        Assert.True(site.GitHub.Journal.Count("commit", site.GitHub.BotLogin) == 1, $"{string.Join('\n', Books.Query(site.Bot, "SELECT Status, Code, Reason FROM Runs"))}\n{site.Story()}");
    }

    [Theory]
    [InlineData("bob", "/generate swift")]
    [InlineData("mallory", "/aw generate swift")]
    public async Task Who_May_Not_Write_Gets_One_Sentence(string login, string text)
    {
        await using GitHubSite site = await GitHubSite.StartAsync(("swift", Workflows.Swift));
        StartedProgram serve = await site.ServeAsync();
        long issue = site.Issue();
        site.Comment(issue, text, login);
        await site.SeesAsync(serve, () => site.GitHub.Journal.Count("comment", site.GitHub.BotLogin) == 1, "No answer to a refused command");

        site.GitHub.Journal.RequireNoViolations();
        Assert.Equal(1, site.GitHub.Journal.Count("reaction", site.GitHub.BotLogin));
        Assert.Equal(0, site.GitHub.Journal.Count("branch", site.GitHub.BotLogin));
        Assert.Empty(Books.Runs(site.Bot));
    }

    [Theory]
    [InlineData("branch")]
    [InlineData("commit")]
    [InlineData("pull_request")]
    [InlineData("comment")]
    [InlineData("check")]
    [InlineData("reaction")]
    public async Task A_Lost_Reply_Makes_No_Second_One(string operation)
    {
        for (int times = 1; times <= 3; times++)
        {
            await using GitHubSite site = await GitHubSite.StartAsync(("swift", Workflows.Swift));
            site.GitHub.Faults.Add(Fault.DropReply(operation, times));
            StartedProgram serve = await site.ServeAsync();
            site.Comment(site.Issue(), "/generate swift");
            await site.RunsAreOverAsync(serve);

            site.GitHub.Journal.RequireNoViolations();
            foreach (string kind in new[] { "branch", "commit", "pull_request", "comment", "check", "reaction" })
            {
                int made = site.GitHub.Journal.Effects.Count(e => e.Kind == kind && e.Actor == site.GitHub.BotLogin && !e.Subject.EndsWith("workflow files", StringComparison.Ordinal));
                Assert.True(made == 1, $"{operation} lost {times} times: {made} of {kind}\n{site.Story()}");
            }
        }
    }

    [Fact]
    public async Task What_Was_Asked_While_It_Was_Down_Is_Fetched_And_Done_Once()
    {
        await using GitHubSite site = await GitHubSite.StartAsync(("swift", Workflows.Swift));
        site.Comment(site.Issue(), "/generate swift");
        StartedProgram serve = await site.ServeAsync();
        await site.RunsAreOverAsync(serve);

        site.GitHub.Journal.RequireNoViolations();
        Assert.Equal(1, site.GitHub.Journal.Count("pull_request", site.GitHub.BotLogin));
    }

    [Fact]
    public async Task Without_A_Public_Address_It_Looks_By_Itself()
    {
        await using GitHubSite site = await GitHubSite.StartAsync(("swift", Workflows.Swift));
        site.Settings["GitHub__PollSeconds"] = "1";
        StartedProgram serve = await site.ServeAsync();
        site.GitHub.SendWebhooksTo(null);
        site.Comment(site.Issue(), "/generate swift");
        await site.RunsAreOverAsync(serve);

        site.GitHub.Journal.RequireNoViolations();
        Assert.Equal(1, site.GitHub.Journal.Count("pull_request", site.GitHub.BotLogin));
    }

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

    private static string ManyFiles(int count) => $$$"""
        name: many
        on: { manual: true }
        permissions: { contents: write, pull-requests: write, issues: write, checks: write }
        limits: { files: 500 }
        steps:
          - id: files
            uses: file_generation
            with:
              files:
        {{{string.Join('\n', Enumerable.Range(0, count).Select(i => $"        made/f{i}.txt: 'file {i}'"))}}}
          - id: verify
            uses: command
            with: { run: [[sh, -c, "printf 'ok 1 - quick\\n1..1\\n' > quick.tap"]], reports: [quick.tap] }
          - id: publish
            uses: pull_request
        """;
}
