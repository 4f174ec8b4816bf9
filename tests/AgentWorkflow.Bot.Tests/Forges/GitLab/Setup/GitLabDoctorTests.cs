using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Tests.Scenarios;
using AgentWorkflow.Rig.GitLab.World;

namespace AgentWorkflow.Bot.Tests.Forges.GitLab.Setup;

/// <summary>What <c>doctor</c> finds out on GitLab: account, token and its end, projects, hooks and their state (P14).</summary>
public sealed class GitLabDoctorTests
{
    private const string Home = GitLabRunWorld.Home;
    private const string Hook = "https://bot.example/api/gitlab/webhooks";
    private const string Signing = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Fact]
    public async Task All_Is_Well_And_Says_What_There_Is()
    {
        await using GitLabRunWorld world = await StartAsync();

        List<ForgeFinding> found = await ExamineAsync(world);

        Assert.All(found, f => Assert.Null(f.Problem));
        Assert.Equal(["gitlab", "version", "token", "projects", "webhook"], found.Select(f => f.What));
        Assert.Contains("'agentworkflow'", found[0].Fine, StringComparison.Ordinal);
        Assert.Contains("octo/zoo/pets (Maintainer)", found[3].Fine, StringComparison.Ordinal);
        world.GitLab.Journal.RequireNoViolations();
    }

    [Theory]
    [InlineData(400, null)]
    [InlineData(31, null)]
    [InlineData(30, "AW3086")]
    [InlineData(8, "AW3086")]
    [InlineData(7, "AW3087")]
    [InlineData(1, "AW3087")]
    public async Task A_Token_That_Ends_Is_Told_Of_A_Month_And_A_Week_Before(int days, string? code)
    {
        await using GitLabRunWorld world = await StartAsync();
        world.GitLab.Do(w => w.Token.ExpiresAt = DateOnly.FromDateTime(world.Time.GetUtcNow().UtcDateTime).AddDays(days));

        string? problem = (await ExamineAsync(world)).Single(f => f.What == "token").Problem;

        Assert.Equal(code, problem?[..6]);
        Assert.True(code is null || problem!.Contains($"in {days} days", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Troubles => new()
    {
        { "scope", "AW3084" }, { "revoked", "AW3043" }, { "no project", "AW3089" }, { "no hook", "AW3132" }, { "off for a time", "AW3130" }, { "off for good", "AW3130" }, { "narrow", "AW3133" },
        { "unsigned", "AW3134" }, { "no secret", "AW3135" },
    };

    [Theory]
    [MemberData(nameof(Troubles))]
    public async Task What_Is_Not_Well_Is_Named_With_What_To_Do(string trouble, string code)
    {
        (string, string)[] settings = trouble switch { "unsigned" => [("GitLab__SigningToken", Signing)], "no secret" => [], _ => [("GitLab__WebhookSecret", "s")] };
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(botLevel: trouble == "no project" ? 0 : 40, hook: trouble == "no hook" ? null : Hook, settings: [("Web__PublicUrl", "https://bot.example"), .. settings]);
        world.GitLab.Do(w => Spoil(w, trouble, world.Time.GetUtcNow()));

        List<ForgeFinding> found = await ExamineAsync(world);

        Assert.Equal(code, Assert.Single(found.Select(f => f.Problem).OfType<string>())[..6]);
    }

    [Fact]
    public async Task A_Developer_Is_Told_What_To_Click()
    {
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(botLevel: 30, hook: null, settings: [("Web__PublicUrl", "https://bot.example"), ("GitLab__WebhookSecret", "s")]);

        ForgeFinding finding = (await ExamineAsync(world)).Single(f => f.What == "webhook");

        Assert.Null(finding.Problem);
        Assert.Contains("/octo/zoo/pets/-/hooks", finding.Fine, StringComparison.Ordinal);
        Assert.Contains(Hook, finding.Fine, StringComparison.Ordinal);
        Assert.Contains("Confidential issues", finding.Fine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_Events_Are_Looked_For_No_Hook_Is_Missing()
    {
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(botLevel: 40, hook: null, settings: [("GitLab__PollSeconds", "45")]);

        List<ForgeFinding> found = await ExamineAsync(world);

        Assert.All(found, f => Assert.Null(f.Problem));
        Assert.Contains("every 45 s", found.Single(f => f.What == "webhooks").Fine, StringComparison.Ordinal);
        Assert.DoesNotContain(found, f => f.What == "webhook");
    }

    private static Task<GitLabRunWorld> StartAsync() =>
        GitLabRunWorld.StartAsync(botLevel: 40, hook: Hook, settings: [("Web__PublicUrl", "https://bot.example"), ("GitLab__WebhookSecret", "s")]);

    // The double's clock is a test's own, and the time of its answers the machine's.
    private static async Task<List<ForgeFinding>> ExamineAsync(GitLabRunWorld world) =>
        await world.Get<IForgeDoctor>().ExamineAsync(TestContext.Current.CancellationToken).Where(f => f.What != "clock").ToListAsync(TestContext.Current.CancellationToken);

    private static void Spoil(GitLabWorld world, string trouble, DateTimeOffset now)
    {
        switch (trouble)
        {
            case "scope":
                world.Token.Scopes.Remove("api");
                world.Token.Scopes.Add("read_api");
                break;
            case "revoked":
                world.Token.Revoked = true;
                break;
            case "off for a time":
                (world.Project(Home).Hooks[0].Failures, world.Project(Home).Hooks[0].DisabledUntil) = (4, now.AddMinutes(1));
                break;
            case "off for good":
                world.Project(Home).Hooks[0].Failures = 40;
                break;
            case "narrow":
                world.Project(Home).Hooks[0].Events.Remove("confidential_note_events");
                break;
        }
    }
}
