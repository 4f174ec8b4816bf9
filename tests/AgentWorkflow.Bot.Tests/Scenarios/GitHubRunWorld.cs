using AgentWorkflow.Bot.Intake;
using AgentWorkflow.Rig.Contract;
using AgentWorkflow.Rig.GitHub;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentWorkflow.Bot.Tests.Scenarios;

/// <summary>The bot in front of the GitHub double. Ada may write.</summary>
internal sealed class GitHubRunWorld : ForgeRunWorld
{
    private GitHubRunWorld(GitHubDouble github, Parts parts)
        : base(parts, GitHubWebhooks.Id) => GitHub = github;

    public GitHubDouble GitHub { get; }

    protected override IEnumerable<Sent> Webhooks => GitHub.Webhooks.Deliveries.Select(d => new Sent($"{d.Id}", d.Guid, d.Event, d.Body));

    /// <summary>Starts both.</summary>
    /// <param name="replace">Services that take the place of the program's.</param>
    public static async Task<GitHubRunWorld> StartAsync(Action<IServiceCollection>? replace = null)
    {
        Assert.SkipUnless(SharedData.HasGitHub, SharedData.Absent);
        FakeTimeProvider time = Clock();
        GitHubDouble github = await GitHubDouble.StartAsync(new GitHubDoubleOptions { Time = time }, Cancel);
        return new GitHubRunWorld(github, await BuildAsync(time, github.Settings(), replace));
    }

    /// <summary>A repository with these files, in which ada may write, and her issue.</summary>
    public long Make(string repository, string body, bool isPrivate = false, params (string Path, string Text)[] files) => GitHub.Do(world =>
    {
        Dictionary<string, string> all = files.ToDictionary(f => f.Path, f => f.Text, StringComparer.Ordinal);
        all["README.md"] = "# Pets\n";
        world.CreateRepository(repository, all, isPrivate);
        world.Grant(repository, "ada", "write");
        return world.OpenIssue(repository, "ada", "Pets", body).Number;
    });

    /// <summary>Ada comments, and the run starts or the reason is told.</summary>
    public async Task<InboxDecision> SayAsync(string repository, long issue, string text)
    {
        GitHub.Do(w => w.Comment(repository, issue, "ada", text));
        return Assert.Single(await CarryAsync("issue_comment"), d => d.Reason != "it is our own echo");
    }

    /// <summary>What the bot made, without words: branches, commits, pull requests, checks.</summary>
    public IReadOnlyList<string> Written(string repository) =>
        [.. GitHub.Journal.Effects.Where(e => e.Actor == GitHub.BotLogin && e.Repository == repository && e.Kind is "branch" or "commit" or "pull_request" or "pull_request-edit" or "check").Select(e => e.Kind)];

    /// <summary>The bot's comments on an issue.</summary>
    public IReadOnlyList<string> Said(string repository, long issue) =>
        GitHub.Do(w => w.Repository(repository).Find(issue)!.Comments.Where(c => c.Author.Login == GitHub.BotLogin).Select(c => c.Body).ToList());

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await GitHub.DisposeAsync();
    }
}
