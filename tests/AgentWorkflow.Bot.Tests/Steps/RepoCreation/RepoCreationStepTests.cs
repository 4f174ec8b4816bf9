using System.Collections.Immutable;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Steps.RepoCreation;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Tests.Steps.RepoCreation;

public sealed class RepoCreationStepTests
{
    private readonly MemoryContentStore _contents = new();

    [Fact]
    public async Task It_Asks_For_One_Repository_With_The_Files_And_Inert_Stories()
    {
        RepoCreationInputs inputs = new()
        {
            Name = "books",
            Description = "For @everyone",
            Labels = [new() { Name = "story" }, new() { Name = "bug" }],
            Stories = JsonNode.Parse("""[{ "title": "Lend @ada a book", "role": "reader", "want": "to borrow", "soThat": "I read", "criteria": ["closes #1"] }]"""),
        };

        CreateRepository effect = Assert.IsType<CreateRepository>(Assert.Single(Assert.IsType<StepResult.Act>(await RunAsync(inputs)).Effects));

        Assert.Equal(("repository/local/ideas/books", "local", "ideas/books"), (effect.Key.Value, effect.Forge, effect.Target.ToString()));
        Assert.Contains("AgentWorkflow-Run: key\n", effect.Message);
        Assert.Equal("story", Assert.Single(Assert.Single(effect.Issues).Labels));
        Assert.DoesNotContain("@ada", effect.Issues[0].Title);
        Assert.DoesNotContain("closes #1", effect.Issues[0].Body);
        Assert.DoesNotContain("@everyone", effect.Settings.Description);
    }

    [Theory]
    [InlineData("AW3510", """{ "name": "Bücher" }""")]
    [InlineData("AW3511", """{ "name": "books", "owner": "a b" }""")]
    [InlineData("AW3512", """{ "name": "books", "visibility": "public" }""")]
    [InlineData("AW3513", """{ "name": "books", "default-branch": "a..b" }""")]
    [InlineData("AW3514", """{ "name": "books", "topics": ["Big"] }""")]
    [InlineData("AW3515", """{ "name": "books", "stories": [{ "name": "x" }] }""")]
    public async Task What_Cannot_Be_Made_Is_Refused_In_A_Sentence(string code, string with)
    {
        Assert.True(InputBinder.TryBind(new RepoCreationStep(), JsonNode.Parse(with), out object? bound, out string? wrong), wrong);
        RepoCreationInputs inputs = Assert.IsType<RepoCreationInputs>(bound);

        StepResult.Failed failed = Assert.IsType<StepResult.Failed>(await RunAsync(inputs));

        Assert.Equal(code, failed.Code);
        Assert.EndsWith(".", failed.Reason);
    }

    [Fact]
    public async Task What_The_Forge_Says_Is_Told()
    {
        RepoCreationInputs inputs = new() { Name = "books" };
        Effect effect = Assert.IsType<StepResult.Act>(await RunAsync(inputs)).Effects[0];
        Receipt made = new(effect.Key, effect.Kind, EffectOutcome.Applied, new Dictionary<string, string> { ["url"] = "/a", ["id"] = "3", ["name"] = "ideas/books" }.ToImmutableSortedDictionary());

        Assert.Equal(3, Assert.IsType<StepResult.Done>(await RunAsync(inputs, made)).Outputs["id"]!.GetValue<long>());
        StepResult refused = await RunAsync(inputs, made with { Outcome = EffectOutcome.Refused, Reason = "because" });
        Assert.Equal("The repository was not made: because.", Assert.IsType<StepResult.Failed>(refused).Reason);
    }

    private Task<StepResult> RunAsync(RepoCreationInputs inputs, params IReadOnlyList<Receipt> receipts) =>
        ((IStepType)new RepoCreationStep()).RunAsync(inputs, StepScene.Context("repository", _contents.Tree(("README.md", "text")), receipts), TestContext.Current.CancellationToken);
}
