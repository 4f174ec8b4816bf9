using AgentWorkflow.Acceptance.Rig;
using AgentWorkflow.Rig.Faults;

namespace AgentWorkflow.Acceptance;

/// <summary>The main job on a forge, with the real program and signed webhooks: the same for every forge.</summary>
public abstract class ForgeJob
{
    private const int MostRequests = 20;

    /// <summary>How often in a row a reply is lost.</summary>
    private protected virtual int MostLost => 3;

    private protected abstract Task<ForgeSite> StartAsync(params (string Name, string Text)[] workflows);

    [Fact]
    public async Task A_Comment_Leads_To_A_Verified_Pull_Request_Whose_Branch_Passes()
    {
        Tool.Require("python3");
        await using ForgeSite site = await StartAsync();
        StartedProgram serve = await site.ServeAsync();
        long issue = site.Issue();
        site.Comment(issue, "/generate stack=python-api");
        await site.RunsAreOverAsync(serve);

        TestContext.Current.TestOutputHelper?.WriteLine(site.Story());
        site.Journal.RequireNoViolations();
        Assert.Equal(
            ["branch", "check", "comment", "commit", "pull_request", "reaction"],
            site.Journal.Effects.Where(e => e.Actor == site.BotName).Select(e => e.Kind == "status" ? "check" : e.Kind).Where(k => k is not ("comment-edit" or "label" or "assignee" or "assign" or "mention")).Order(StringComparer.Ordinal));
        string stands = site.Stands();
        Assert.Contains("[agentworkflow] @ada", stands, StringComparison.Ordinal);
        Assert.DoesNotContain("(draft)", stands, StringComparison.Ordinal);

        string branch = Assert.Single(site.Branches);
        string clone = Path.Combine(site.Bot.Folder, "clone");
        await Tool.GitAsync(site.Bot.Folder, "clone", "-q", "-b", branch["refs/heads/".Length..], site.GitFolder, clone);
        (await Tool.RunAsync(clone, "python3", "-m", "unittest", "discover", "-s", "tests", "-t", ".")).Require(0);
    }

    [Fact]
    public async Task What_Was_Asked_While_It_Was_Down_Is_Found_And_Done_Once()
    {
        await using ForgeSite site = await StartAsync(("swift", Workflows.Swift));
        site.Comment(site.Issue(), "/aw generate swift");
        StartedProgram serve = await site.ServeAsync();
        await site.RunsAreOverAsync(serve);

        site.Journal.RequireNoViolations();
        Assert.Equal(1, site.Journal.Count("pull_request", site.BotName));
    }

    [Fact]
    public async Task Without_A_Public_Address_It_Looks_By_Itself()
    {
        await using ForgeSite site = await StartAsync(("swift", Workflows.Swift));
        site.Settings[site.PollSetting] = "1";
        StartedProgram serve = await site.ServeAsync();
        site.SendNoWebhooks();
        site.Comment(site.Issue(), "/aw generate swift");
        await site.RunsAreOverAsync(serve);

        site.Journal.RequireNoViolations();
        Assert.Equal(1, site.Journal.Count("pull_request", site.BotName));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(400)]
    public async Task A_Run_Asks_The_Forge_At_Most_Twenty_Times_Whatever_It_Commits(int files)
    {
        await using ForgeSite site = await StartAsync(("many", ManyFiles(files)));
        site.Settings["Limits__Files"] = "500";
        StartedProgram serve = await site.ServeAsync();

        // Start-up and sweeps are not the run's.
        await site.StartedAsync(serve);
        long issue = site.Issue();
        int before = site.Journal.Requests.Count;
        site.Comment(issue, "/generate many");
        await site.RunsAreOverAsync(serve);

        site.Journal.RequireNoViolations();
        string[] requests = [.. site.Journal.Requests.Skip(before).Where(site.IsOfARun).Select(r => r.ToString())];
        TestContext.Current.TestOutputHelper?.WriteLine($"{requests.Length} requests\n{string.Join('\n', requests)}");
        Assert.InRange(requests.Length, 1, MostRequests);
        Assert.True(site.Journal.Count("commit", site.BotName) == 1, $"{string.Join('\n', Books.Query(site.Bot, "SELECT Status, Code, Reason FROM Runs"))}\n{site.Story()}");
    }

    [Theory]
    [InlineData("bob", "/generate swift")]
    [InlineData("mallory", "/aw generate swift")]
    public async Task Who_May_Not_Write_Gets_One_Sentence(string login, string text)
    {
        await using ForgeSite site = await StartAsync(("swift", Workflows.Swift));
        StartedProgram serve = await site.ServeAsync();
        long issue = site.Issue();
        site.Comment(issue, text, login);
        await site.SeesAsync(serve, () => site.Journal.Count("comment", site.BotName) == 1, "No answer to a refused command");

        site.Journal.RequireNoViolations();
        Assert.Equal(1, site.Journal.Count("reaction", site.BotName));
        Assert.Equal(0, site.Journal.Count("branch", site.BotName));
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
        for (int times = 1; times <= MostLost; times++)
        {
            await using ForgeSite site = await StartAsync(("swift", Workflows.Swift));
            site.Faults.Add(Fault.DropReply(operation, times));
            StartedProgram serve = await site.ServeAsync();
            site.Comment(site.Issue(), "/generate swift");
            await site.RunsAreOverAsync(serve);

            site.Journal.RequireNoViolations();
            foreach (string kind in new[] { "branch", "commit", "pull_request", "comment", "check", "reaction" })
            {
                int made = site.Journal.Effects.Count(e => (e.Kind == "status" ? "check" : e.Kind) == kind && e.Actor == site.BotName && !e.Subject.EndsWith("workflow files", StringComparison.Ordinal));
                Assert.True(made == 1, $"{operation} lost {times} times: {made} of {kind}\n{site.Story()}");
            }
        }
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
