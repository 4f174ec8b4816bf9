using System.Runtime.CompilerServices;

using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>What people see besides, and what a forge may be unable to do: the reason is its own, and stands in docs/forges.md.</summary>
public abstract partial class ForgeContract
{
    private const string Label = "agentworkflow";

    /// <summary>What the forge cannot do, by the name of the test, with the reason.</summary>
    internal virtual IReadOnlyDictionary<string, string> Cannot { get; } = new Dictionary<string, string>();

    [Fact]
    [Behaviour("A command is read as it stands when it is decided on, with who wrote it and what was said before")]
    public async Task A_Comment_Is_Read_With_What_Was_Said_Before()
    {
        RepoRef repository = await StartAsync();
        long issue = await PersonOpensIssueAsync(repository, "An idea", "text");
        await PersonCommentsAsync(repository, issue, "With loans, please.");
        long comment = await PersonCommentsAsync(repository, issue, "/generate");
        await PersonCommentsAsync(repository, issue, "Too late.");

        TriggerFacts facts = (await Forge.Reader.ReadTriggerAsync(repository, new TriggerQuery(issue, comment), Cancel))!;

        Assert.Equal(("/generate", "ada", null, false), (facts.Comment!.Body, facts.Comment.Author.Login, facts.Comment.EditedAt, facts.Comment.IsBot));
        Assert.Equal("With loans, please.", Assert.Single(facts.Discussion).Body);
        Assert.Equal(("An idea", "text", true, false), (facts.Issue!.Title, facts.Issue.Body, facts.Issue.IsOpen, facts.Issue.IsPullRequest));
    }

    [Fact]
    [Behaviour("A reaction goes on an issue as it does on a comment")]
    public async Task A_Reaction_Goes_On_An_Issue_Itself()
    {
        SkipWhereItCannot();
        RepoRef repository = await StartAsync();
        long issue = await PersonOpensIssueAsync(repository, "An idea", "text");
        AddReaction effect = new(new EffectKey("reaction/issue"), issue, "+1", CommentPlace.IssueItself, issue);

        await ApplyAsync(repository, effect);

        Assert.Equal(EffectOutcome.Adopted, (await Forge.Writer.FindAsync(repository, effect, s_owner, Cancel))?.Outcome);
    }

    [Fact]
    [Behaviour("A pull request has its labels, and a label that started a run is taken off")]
    public async Task Labels_Are_Put_On_And_Taken_Off()
    {
        RepoRef repository = await StartAsync();
        await CommittedAsync(repository);
        long number = long.Parse((await ApplyAsync(repository, PullRequest()))["number"]!);
        Assert.Contains(Label, (await Forge.Reader.FindIssueAsync(repository, number, Cancel))!.Labels);
        RemoveLabel effect = new(new EffectKey("label"), number, Label);
        Assert.Null(await Forge.Writer.FindAsync(repository, effect, s_owner, Cancel));

        await ApplyAsync(repository, effect);

        Assert.DoesNotContain(Label, (await Forge.Reader.FindIssueAsync(repository, number, Cancel))!.Labels);
        Assert.Equal(EffectOutcome.Adopted, (await Forge.Writer.FindAsync(repository, effect, s_owner, Cancel))?.Outcome);
    }

    [Fact]
    [Behaviour("A text that is longer than the forge takes is cut, and still known as ours")]
    public async Task A_Text_Of_Any_Length_Keeps_Its_Marker()
    {
        RepoRef repository = await StartAsync();
        await CommittedAsync(repository);
        OpenPullRequest effect = PullRequest() with { Body = string.Concat(Enumerable.Repeat("All that was said.\n", 70_000)) };

        Receipt made = await ApplyAsync(repository, effect);

        Assert.Contains(s_owner.Marker, (await Forge.Reader.FindIssueAsync(repository, long.Parse(made["number"]!), Cancel))!.Body);
        Assert.Equal(EffectOutcome.Adopted, (await Forge.Writer.FindAsync(repository, effect, s_owner, Cancel))?.Outcome);
    }

    [Fact]
    [Behaviour("Before the first write the repository is asked about again: archived, or seen by more people")]
    public async Task The_Repository_Is_Asked_About_Before_The_First_Write()
    {
        RepoRef repository = await StartAsync();

        Assert.Equal(new WriteStanding(null, IsArchived: false, RepositoryVisibility.Private), await Forge.Writer.AskToWriteAsync(repository, actor: null, s_owner, Cancel));
    }

    [Fact]
    [Behaviour("The rules of the repository are asked before any work, and told with their names")]
    public async Task The_Rules_Of_A_Branch_Are_Known()
    {
        SkipWhereItCannot();
        RepoRef repository = await StartAsync();
        Assert.Null((await Forge.Reader.ReadRulesAsync(repository, Name, isThere: false, Cancel)).Refusal);
        await OwnerForbidsAsync(repository, "people only");

        Assert.Contains("people only", (await Forge.Reader.ReadRulesAsync(repository, Name, isThere: false, Cancel)).Refusal);
    }

    [Fact]
    [Behaviour("A check shows its places in the files")]
    public async Task A_Check_Shows_Its_Places()
    {
        SkipWhereItCannot();
        RepoRef repository = await StartAsync();
        CommitId main = await MainAsync(repository);

        await ApplyAsync(repository, Check(main));

        Assert.Equal(1, await CountPlacesAsync(repository, main, "verification"));
    }

    [Fact]
    [Behaviour("The forge signs the commit, and that is read back")]
    public async Task The_Forge_Signs_The_Commit()
    {
        SkipWhereItCannot();

        Assert.Equal("true", (await CommittedAsync(await StartAsync()))["verified"]);
    }

    /// <summary>Somebody who may lets nobody make branches like ours.</summary>
    private protected virtual Task OwnerForbidsAsync(RepoRef repository, string rule) => throw new NotSupportedException();

    /// <summary>How many places a check shows.</summary>
    private protected virtual Task<int> CountPlacesAsync(RepoRef repository, CommitId commit, string name) => throw new NotSupportedException();

    private protected void SkipWhereItCannot([CallerMemberName] string test = "") =>
        Assert.SkipWhen(Cannot.ContainsKey(test), Cannot.GetValueOrDefault(test, ""));
}
