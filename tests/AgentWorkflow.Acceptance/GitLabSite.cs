using AgentWorkflow.Acceptance.Rig;
using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.Faults;
using AgentWorkflow.Rig.GitLab;
using AgentWorkflow.Rig.GitLab.World;
using AgentWorkflow.Rig.Journal;

namespace AgentWorkflow.Acceptance;

/// <summary>GitLab: a group with one project, in which the bot's service account is a developer; its hook signs what it sends.</summary>
internal sealed class GitLabSite : ForgeSite
{
    private const string SigningToken = "whsec_YWdlbnR3b3JrZmxvdy1zaWduaW5nLXRva2VuLTMyYiE=";

    // What a start, a sweep and the hook's keeper ask.
    private static readonly string[] s_others = ["/user", "/version", "/personal_access_tokens/", "/projects?", "/hooks", "/events"];

    private GitLabSite(GitLabDouble gitlab) => GitLab = gitlab;

    /// <summary>The forge.</summary>
    public GitLabDouble GitLab { get; }

    /// <summary>Where the program listens.</summary>
    public string Address { get; private set; } = "";

    /// <inheritdoc/>
    public override ForgeJournal Journal => GitLab.Journal;

    /// <inheritdoc/>
    public override FaultBook Faults => GitLab.Faults;

    /// <inheritdoc/>
    public override string BotName => GitLab.BotUsername;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Branches =>
        GitLab.Do(world => world.Project(Repository).Git.Refs().Keys.Where(r => r.Contains("agentworkflow/", StringComparison.Ordinal)).ToList());

    /// <inheritdoc/>
    public override string GitFolder => GitLab.Do(world => world.Project(Repository).Git.Path);

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> ForgeSettings => GitLab.Settings();

    /// <summary>Sets up the forge.</summary>
    /// <param name="workflows">Workflow files by name.</param>
    public static async Task<GitLabSite> StartAsync(params (string Name, string Text)[] workflows)
    {
        Tool.Require("git", "bwrap");
        Assert.SkipUnless(SharedData.HasGitLab, SharedData.Absent);
        GitLabSite site = new(await GitLabDouble.StartAsync(new GitLabDoubleOptions { SigningToken = SigningToken }, TestContext.Current.CancellationToken));
        site.GitLab.Do(world =>
        {
            world.CreateProject(Repository, FilesOf(workflows));
            world.Grant(Repository, "ada", 30);
            world.Grant(Repository, "bob", 20);
        });
        return site;
    }

    /// <inheritdoc/>
    public override void MakesRepositories()
    {
        base.MakesRepositories();
        GitLab.Do(world =>
        {
            world.Grant("octo", "ada", 30);
            world.Grant("octo", world.Bot.Username, 30);
        });
    }

    /// <inheritdoc/>
    public override (string Git, string Description, IReadOnlyList<string> Issues) Made(string name) => GitLab.Do(world =>
    {
        Project made = world.Project(name);
        string[] issues = [.. made.Issues.Select(i => $"{i.Title}: {i.Milestone?.Title} [{string.Join(',', i.Labels)}]")];
        return (made.Git.Path, made.Description ?? "", (IReadOnlyList<string>)issues);
    });

    /// <inheritdoc/>
    public override long Issue(string idea = Ideas.Tiny, string by = "ada") => GitLab.Do(world => world.OpenIssue(Repository, by, "Pets", idea).Iid);

    /// <inheritdoc/>
    public override void Comment(long issue, string text, string by = "ada") => GitLab.Do(world => world.Comment(Repository, issue, by, text));

    /// <inheritdoc/>
    public override bool IsOfARun(JournalRequest request)
    {
        string asked = request.Path["/api/v4".Length..];
        return !Array.Exists(s_others, o => asked == o || (o.Length > "/user".Length && asked.Contains(o, StringComparison.Ordinal)));
    }

    /// <inheritdoc/>
    public override Task StartedAsync(StartedProgram serve) =>
        SeesAsync(serve, () => Journal.Requests.Any(r => r.Path.Contains("/merge_requests?updated_after=", StringComparison.Ordinal)), "No look at the project");

    /// <inheritdoc/>
    public override string PollSetting => "GitLab__PollSeconds";

    /// <inheritdoc/>
    public override void SendNoWebhooks() => GitLab.SendWebhooksTo(null);

    /// <inheritdoc/>
    protected override void SendWebhooksTo(string address)
    {
        Address = address;
        GitLab.SendWebhooksTo(address + "/api/gitlab/webhooks", secret: null, SigningToken);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Lines() => GitLab.Do(WorldView.Lines);

    /// <inheritdoc/>
    protected override ValueTask CloseAsync() => GitLab.DisposeAsync();
}
