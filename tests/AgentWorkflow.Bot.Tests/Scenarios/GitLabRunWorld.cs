using AgentWorkflow.Bot.Forges.GitLab;
using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitLab;
using AgentWorkflow.Rig.GitLab.World;

using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>The bot in front of the GitLab double. Ada is a Developer by the group above all projects.</summary>
internal sealed class GitLabRunWorld : ForgeRunWorld
{
    public const string Home = "octo/zoo/pets";

    private GitLabRunWorld(GitLabDouble gitlab, Parts parts)
        : base(parts, GitLabForge.Id) => GitLab = gitlab;

    public GitLabDouble GitLab { get; }

    protected override IEnumerable<Sent> Webhooks => GitLab.Webhooks.Deliveries.Select(d => new Sent($"{d.Id}", d.Headers["Idempotency-Key"], GitLabWebhooks.NameOf(d.Event), d.Body));

    /// <summary>Starts both, with one project whose hook sends everything.</summary>
    /// <param name="visibility">Who sees the project.</param>
    /// <param name="files">Its files.</param>
    /// <param name="listed">The programs that the operator listens to.</param>
    /// <param name="botLevel">The bot's role.</param>
    /// <param name="hook">Where the project's hook sends to; null where there is none.</param>
    /// <param name="settings">Settings beyond those of the forge.</param>
    public static async Task<GitLabRunWorld> StartAsync(
        string visibility = "private",
        IReadOnlyDictionary<string, string>? files = null,
        Func<GitLabWorld, Account[]>? listed = null,
        int botLevel = 30,
        string? hook = "http://127.0.0.1:9/",
        params (string Name, string Value)[] settings)
    {
        Assert.SkipUnless(SharedData.HasGitLab, SharedData.Absent);
        FakeTimeProvider time = Clock();
        GitLabDouble gitlab = await GitLabDouble.StartAsync(new GitLabDoubleOptions { Time = time, WebhookUrl = hook }, Cancel);
        gitlab.Webhooks.Network = AgentWorkflow.Rig.Webhooks.Network.Silent;
        gitlab.Do(w =>
        {
            w.CreateProject(Home, files, visibility, botLevel);
            w.Grant("octo", "ada", 30);
        });
        Account[] bots = listed is null ? [] : gitlab.Do(listed);
        Dictionary<string, string> all = new(gitlab.Settings(), StringComparer.Ordinal);
        foreach ((string name, string value) in bots.Select((b, i) => ($"Triggers__AllowedBots__{i}", $"{b.Id}")).Concat(settings))
        {
            all[name] = value;
        }

        return new GitLabRunWorld(gitlab, await BuildAsync(time, all, replace: null));
    }

    /// <summary>An issue of ada's.</summary>
    public long Issue(string text = "With cats.", bool confidential = false) => GitLab.Do(w => w.OpenIssue(Home, "ada", "Pets", text, confidential).Iid);

    /// <summary>The bot's notes on an issue.</summary>
    public IReadOnlyList<string> Said(long issue) => GitLab.Do(w => w.Issue(Home, issue).Notes.Where(n => n.Author == w.Bot && !n.System).Select(n => n.Body).ToList());

    /// <summary>What the bot did on the forge, each with its kind.</summary>
    public IReadOnlyList<string> Did(params IEnumerable<string> kinds) => [.. GitLab.Journal.Effects.Where(e => e.Actor == GitLab.BotUsername && kinds.Contains(e.Kind)).Select(e => e.Kind)];

    /// <summary>An account of GitLab's that people do not use.</summary>
    public Account Program(string name) => GitLab.Do(w => w.FindAccount(name) ?? w.AddAccount(name, bot: true));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await GitLab.DisposeAsync();
    }
}
