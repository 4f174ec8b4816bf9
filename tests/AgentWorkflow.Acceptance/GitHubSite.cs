using AgentWorkflow.Acceptance.Rig;
using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitHub;
using AgentWorkflow.Rig.GitHub.World;
using AgentWorkflow.Rig.Journal;

namespace AgentWorkflow.Acceptance;

/// <summary>GitHub: an organization with one repository, on which the App is installed.</summary>
internal sealed class GitHubSite : ForgeSite
{
    private GitHubSite(GitHubDouble github) => GitHub = github;

    /// <summary>The forge.</summary>
    public GitHubDouble GitHub { get; }

    /// <inheritdoc/>
    public override ForgeJournal Journal => GitHub.Journal;

    /// <inheritdoc/>
    public override FaultBook Faults => GitHub.Faults;

    /// <inheritdoc/>
    public override string BotName => GitHub.BotLogin;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Branches =>
        GitHub.Do(world => world.Repository(Repository).Git.Refs().Keys.Where(r => r.Contains("agentworkflow/", StringComparison.Ordinal)).ToList());

    /// <inheritdoc/>
    public override string GitFolder => GitHub.Do(world => world.Repository(Repository).Git.Path);

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> ForgeSettings => GitHub.Settings();

    /// <summary>Sets up the forge.</summary>
    /// <param name="workflows">Workflow files by name.</param>
    public static async Task<GitHubSite> StartAsync(params (string Name, string Text)[] workflows)
    {
        Tool.Require("git", "bwrap");
        Assert.SkipUnless(SharedData.HasGitHub, SharedData.Absent);
        GitHubSite site = new(await GitHubDouble.StartAsync(options: null, TestContext.Current.CancellationToken));
        site.AddRepository(Repository, workflows);
        return site;
    }

    /// <summary>Adds a repository in which ada may write and bob may read.</summary>
    public void AddRepository(string name, params IEnumerable<(string Name, string Text)> workflows) => GitHub.Do(world =>
    {
        world.CreateRepository(name, FilesOf(workflows));
        world.Grant(name, "ada", "write");
        world.Grant(name, "bob", "read");
    });

    /// <inheritdoc/>
    public override void MakesRepositories()
    {
        base.MakesRepositories();
        GitHub.Do(world =>
        {
            world.InstallCreator("octo");
            world.Join("octo", "ada", "member");
        });
        foreach ((string name, string value) in GitHub.CreatorSettings())
        {
            Settings[name] = value;
        }
    }

    /// <inheritdoc/>
    public override (string Git, string Description, IReadOnlyList<string> Issues) Made(string name) => GitHub.Do(world =>
    {
        ForgeRepository made = world.Repository(name);
        string[] issues = [.. made.Issues.Select(i => $"{i.Title}: {made.Milestones[(i.Milestone ?? 0) - 1]} [{string.Join(',', i.Labels)}]")];
        return (made.Git.Path, made.Description ?? "", (IReadOnlyList<string>)issues);
    });

    /// <inheritdoc/>
    public override long Issue(string idea = Ideas.Tiny, string by = "ada") => GitHub.Do(world => world.OpenIssue(Repository, by, "Pets", idea).Number);

    /// <inheritdoc/>
    public override void Comment(long issue, string text, string by = "ada") => GitHub.Do(world => world.Comment(Repository, issue, by, text));

    /// <inheritdoc/>
    public override bool IsOfARun(JournalRequest request) => !request.Path.Contains("/app/hook/deliveries", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override Task StartedAsync(StartedProgram serve) =>
        SeesAsync(serve, () => Journal.Requests.Any(r => r.Path.Contains("/issues?since=", StringComparison.Ordinal)), "No look at the repository");

    /// <inheritdoc/>
    public override string PollSetting => "GitHub__PollSeconds";

    /// <inheritdoc/>
    public override void SendNoWebhooks() => GitHub.SendWebhooksTo(null);

    /// <inheritdoc/>
    protected override void SendWebhooksTo(string address) => GitHub.SendWebhooksTo(address + "/api/github/webhooks");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Lines() => GitHub.Do(WorldView.Lines);

    /// <inheritdoc/>
    protected override ValueTask CloseAsync() => GitHub.DisposeAsync();
}
