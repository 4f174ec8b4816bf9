using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Bot.Tests.Rig;
using AgentWorkflow.Bot.Tests.Scenarios;
using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Webhooks;

namespace AgentWorkflow.Bot.Tests.Forges.GitLab.Hooks;

/// <summary>
/// Hooks are made where the account may make them, what GitLab has switched off is tried and sends again, and what was missed comes
/// back once (promise P14).
/// </summary>
public sealed class GitLabUpkeepTests
{
    private const string Home = GitLabRunWorld.Home;
    private const string Signing = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string Route = "/api/gitlab/webhooks";
    private const string Workflow = "name: w\non: { command: make }\npermissions: { issues: write }\nsteps: [{ id: work, uses: script }]\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Maintainer_Makes_The_Hook_Once_With_Its_Secrets_And_All_That_It_Has_To_Tell()
    {
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(botLevel: 40, hook: null, settings: [("Web__PublicUrl", "https://bot.example/aw/"), ("GitLab__SigningToken", Signing), ("GitLab__WebhookSecret", "plain")]);

        await KeepAsync(world);
        await KeepAsync(world);

        Hook hook = Assert.Single(world.GitLab.Do(w => w.Project(Home).Hooks.ToList()));
        Assert.Equal(("https://bot.example/aw/api/gitlab/webhooks", Signing, "plain"), (hook.Url, hook.SigningToken, hook.Token));
        Assert.Equal(["confidential_issues_events", "confidential_note_events", "issues_events", "merge_requests_events", "note_events", "push_events"], hook.Events.Order(StringComparer.Ordinal));
        world.GitLab.Journal.RequireNoViolations();
    }

    [Theory]
    [InlineData(30, "https://bot.example", Home)]
    [InlineData(40, null, Home)]
    [InlineData(40, "https://bot.example", "octo/other")]
    public async Task Where_It_May_Not_Or_Cannot_No_Hook_Is_Made(int level, string? address, string served)
    {
        (string, string)[] settings = [("GitLab__WebhookSecret", "plain"), ("Forges__Repositories__0", served), .. address is null ? Array.Empty<(string, string)>() : [("Web__PublicUrl", address)]];
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(botLevel: level, hook: null, settings: settings);

        await KeepAsync(world);

        Assert.Empty(world.GitLab.Do(w => w.Project(Home).Hooks.ToList()));
        world.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task Without_A_Secret_No_Hook_Is_Made()
    {
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(botLevel: 40, hook: null, settings: [("Web__PublicUrl", "https://bot.example")]);

        await KeepAsync(world);

        Assert.Empty(world.GitLab.Do(w => w.Project(Home).Hooks.ToList()));
    }

    [Fact]
    public async Task A_Hook_That_Tells_Too_Little_Is_Widened_And_Keeps_The_Rest()
    {
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(botLevel: 40, hook: null, settings: [("Web__PublicUrl", "https://bot.example"), ("GitLab__WebhookSecret", "new")]);
        world.GitLab.Do(w => w.AddHook(w.Project(Home), "https://bot.example/api/gitlab/webhooks", "old", null, "note_events", "emoji_events"));

        await KeepAsync(world);

        Hook hook = Assert.Single(world.GitLab.Do(w => w.Project(Home).Hooks.ToList()));
        Assert.Equal(("old", true, true, true), (hook.Token, hook.Events.Contains("emoji_events"), hook.Events.Contains("push_events"), hook.Events.Contains("confidential_note_events")));
        world.GitLab.Journal.RequireNoViolations();
    }

    [Theory]
    [InlineData(4, "temporarily_disabled")]
    [InlineData(40, "disabled")]
    public async Task A_Hook_That_Was_Switched_Off_Sends_Again_And_What_Was_Missed_Is_Done_Once(int failures, string state)
    {
        await using HookReceiver receiver = await HookReceiver.StartAsync();
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(
            files: new Dictionary<string, string> { [".agentworkflow/workflows/w.yml"] = Workflow }, botLevel: 40, hook: receiver.Address + Route, settings: [("Web__PublicUrl", receiver.Address)]);
        world.GitLab.Webhooks.Network = Network.Good;
        long issue = world.Issue();
        await world.GitLab.Webhooks.SettleAsync(Cancel);
        await world.CarryAsync();
        Hook hook = world.GitLab.Do(w => w.Project(Home).Hooks[0]);
        receiver.Answers = 500;
        for (int i = 0; i < 4; i++)
        {
            world.GitLab.Do(w => w.Comment(Home, issue, "ada", i == 0 ? "/make" : "lost"));
            await world.GitLab.Webhooks.SettleAsync(Cancel);
        }

        hook.Failures = failures;
        Assert.Equal(state, hook.Status(world.Time.GetUtcNow()));
        receiver.Answers = 200;
        await KeepAsync(world);
        await world.GitLab.Webhooks.SettleAsync(Cancel);

        Assert.Equal("executable", hook.Status(world.Time.GetUtcNow()));
        Assert.Equal(4, await FetchAsync(world));
        Assert.Equal(0, await FetchAsync(world));
        Assert.Single(await world.Get<Inbox>().DecideAllAsync(ownComment: null, Cancel), d => d.RunId is not null);
        Assert.Empty(await world.CarryAsync("note_hook"));
        world.GitLab.Journal.RequireNoViolations();
    }

    [Fact]
    public async Task A_Hook_That_Still_Fails_Stays_Off_And_Nothing_Else_Breaks()
    {
        await using HookReceiver receiver = await HookReceiver.StartAsync();
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(botLevel: 40, hook: receiver.Address + Route, settings: [("Web__PublicUrl", receiver.Address)]);
        Hook hook = world.GitLab.Do(w => w.Project(Home).Hooks[0]);
        hook.Failures = 40;
        receiver.Answers = 500;
        world.GitLab.Webhooks.Network = Network.Good;

        await KeepAsync(world);
        await world.GitLab.Webhooks.SettleAsync(Cancel);

        Assert.Equal("disabled", hook.Status(world.Time.GetUtcNow()));
        Assert.Single(receiver.Got);
    }

    [Fact]
    public async Task Where_Events_Are_Looked_For_Hooks_Are_Nobodys_Business()
    {
        await using GitLabRunWorld world = await GitLabRunWorld.StartAsync(botLevel: 40, hook: null, settings: [("Web__PublicUrl", "https://bot.example"), ("GitLab__WebhookSecret", "s"), ("GitLab__PollSeconds", "30")]);

        await KeepAsync(world);

        Assert.DoesNotContain(world.GitLab.Journal.Requests, r => r.Path.Contains("/projects", StringComparison.Ordinal));
    }

    private static Task KeepAsync(GitLabRunWorld world) =>
        world.Get<IForgeUpkeep>().KeepAsync(world.Get<AgentWorkflow.Bot.Triggers.TriggerPolicy>().Serves, Cancel);

    private static Task<int> FetchAsync(GitLabRunWorld world) => world.Get<CatchUp>().RunAsync(world.Get<IDeliveryArchive>(), Cancel);
}
