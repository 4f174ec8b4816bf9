using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Bot.Forges.GitHub.Access;
using AgentWorkflow.Bot.Forges.GitHub.Http;
using AgentWorkflow.Bot.Forges.GitHub.Reading;
using AgentWorkflow.Bot.Forges.GitHub.Setup;
using AgentWorkflow.Bot.Tests.Storage;

namespace AgentWorkflow.Bot.Tests.Forges.GitHub;

/// <summary>Who else answers to the same words is named with what to do.</summary>
public sealed class OtherBotsTests
{
    private static readonly string[] s_words = ["generate", "approve", "retry"];

    [Theory]
    [InlineData(".github/workflows/slash.yml", "on: issue_comment\n# run on /approve or '/retry'", ".github/workflows/slash.yml (/approve, /retry) in octo/pets")]
    [InlineData("OWNERS", "approvers: [ada]", "Prow, by the file OWNERS (/approve) in octo/pets")]
    [InlineData(".github/workflows/ci.yml", "on: push\n# see https://example.com/approve and a/generate", null)]
    [InlineData(".github/workflows/links.yml", "on: issue_comment\n# https://example.com/approve, docs/retry.md, /retries", null)]
    public async Task Others_Are_Found_By_What_They_Listen_To(string path, string text, string? named)
    {
        await using GitHubForgeKit kit = await GitHubForgeKit.StartAsync(new MemoryContentStore());
        kit.Double.Do(w => w.CreateRepository("octo/pets", new Dictionary<string, string> { [path] = text }, isPrivate: true));

        ForgeFinding finding = await Of(kit, s_words).FindAsync(TestContext.Current.CancellationToken);
        ForgeFinding apart = await Of(kit, []).FindAsync(TestContext.Current.CancellationToken);

        Assert.Equal(named is null ? null : $"AW3083 others answer to the same words: {named}; set Commands__Prefix=aw, and only /aw ... counts here.", finding.Problem);
        Assert.Null(apart.Problem);
        kit.Double.Journal.RequireNoViolations();
    }

    private static OtherBots Of(GitHubForgeKit kit, string[] words) => new(kit.Get<GitHubWatch>(), kit.Get<Installations>(), kit.Get<GitHubGraphQl>(), new CommandWords(words));
}
