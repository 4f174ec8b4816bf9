using AgentWorkflow.Bot.Forges;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Tests.Contracts;

/// <summary>New repositories: each is made once, whole, and never in the place of another.</summary>
public abstract partial class ForgeContract
{
    [Fact]
    [Behaviour("A new repository has its files, branch, visibility, labels and stories, and is made once")]
    public async Task A_New_Repository_Has_All_That_Was_Asked_For_And_Is_Made_Once()
    {
        SkipWhereItCannot();
        CreateRepository effect = NewRepository("made-once");
        Assert.Null(await Forge.Writer.FindAsync(effect.Target, effect, s_owner, Cancel));

        Receipt made = await ApplyAsync(effect.Target, effect);

        Assert.Equal(EffectOutcome.Applied, made.Outcome);
        await AssertConflictAsync(effect.Target, effect);
        Receipt? found = await Forge.Writer.FindAsync(effect.Target, effect, s_owner, Cancel);
        Assert.Equal(EffectOutcome.Adopted, found?.Outcome);
        Assert.Equal(made.Values, found!.Values);
        RepositoryFacts facts = (await Forge.Reader.FindRepositoryAsync(effect.Target, Cancel))!;
        Assert.Equal(("trunk", made["commit"], RepositoryVisibility.Private), (facts.DefaultBranch, facts.Head!.Value, facts.Visibility));
        Assert.Equal(Planned, await Forge.Reader.ReadTreeAsync(effect.Target, facts.Head, Cancel));
        IssueFacts issue = (await Forge.Reader.FindIssueAsync(effect.Target, 1, Cancel))!;
        Assert.Equal(("Add a book", "story", true), (issue.Title, Assert.Single(issue.Labels), issue.IsOpen));
    }

    [Fact]
    [Behaviour("A name that is taken is left alone, and a free one is told")]
    public async Task A_Repository_Of_Somebody_Else_Is_Left_Alone_And_A_Free_Name_Told()
    {
        SkipWhereItCannot();
        CreateRepository effect = NewRepository("taken");
        await ApplyAsync(effect.Target, effect);

        Receipt? found = await Forge.Writer.FindAsync(effect.Target, effect, s_stranger, Cancel);

        Assert.Equal(EffectOutcome.Refused, found?.Outcome);
        Assert.EndsWith("/taken-2' is free", found!.Reason);
    }

    [Fact]
    [Behaviour("Of eight who make a repository at once one makes it")]
    public async Task Of_Eight_Who_Make_A_Repository_At_Once_One_Makes_It()
    {
        SkipWhereItCannot();
        foreach (int round in Enumerable.Range(1, 10))
        {
            CreateRepository effect = NewRepository($"eight-{round}");

            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ApplyOrConflictAsync(effect.Target, effect), Cancel)));

            Assert.Equal(EffectOutcome.Adopted, (await Forge.Writer.FindAsync(effect.Target, effect, s_owner, Cancel))?.Outcome);
            Assert.Null(await Forge.Reader.FindIssueAsync(effect.Target, 3, Cancel));
        }
    }

    private protected CreateRepository NewRepository(string name)
    {
        Assert.True(RepoRef.TryParse($"made/{name}", out RepoRef? target));
        return new CreateRepository(
            new EffectKey($"repository/{name}"), Forge.Name, target,
            new RepositorySettings { Description = "Books", DefaultBranch = "trunk", Topics = ["books"], Labels = [new RepositoryLabel("story", "0e8a16")], Protect = true, Reviews = 1 },
            Planned, $"Start\n\nAgentWorkflow-Run: {s_owner.RunKey}\n", s_at,
            [new NewIssue("Add a book", "As a reader\n", ["story"]), new NewIssue("Lend a book", "As a reader\n", [])], "First", Asker);
    }
}
