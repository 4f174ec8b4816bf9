using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Steps.PullRequest;

namespace AgentWorkflow.Bot.Tests.Steps.PullRequest;

public sealed class StoryTableTests
{
    [Theory]
    [InlineData("""{ "operations": [], "tests": [], "criteriaCovered": 0 }""", "needs-model", "", 2)]
    [InlineData("""{ "operations": ["POST /a"], "tests": ["t.a", "t.b"], "criteriaCovered": 2 }""", "generated", "POST /a,t.a,t.b", 0)]
    [InlineData("""{ "operations": ["POST /a"], "tests": ["t.a"], "criteriaCovered": 1, "uncovered": [1] }""", "partly", "POST /a,t.a", 1)]
    [InlineData("""{ "operations": ["POST /a"], "tests": ["t.a", "t.red"], "criteriaCovered": 2 }""", "partly", "POST /a,t.a", 0)]
    [InlineData("""{ "operations": ["POST /a"], "tests": ["t.skipped"], "criteriaCovered": 2 }""", "partly", "POST /a", 0)]
    [InlineData("""{ "operations": ["POST /a"], "tests": ["t.elsewhere"], "criteriaCovered": 2 }""", "partly", "POST /a", 0)]
    [InlineData("""{ "operations": ["POST /a"], "tests": ["t.many"], "criteriaCovered": 2 }""", "partly", "POST /a", 0)]
    public void Only_What_The_Report_Has_As_Passed_Is_Claimed(string evidence, string outcome, string by, int uncovered)
    {
        StoryOutcome story = Assert.Single(Read(evidence, withReport: true));

        Assert.Equal(outcome, story.Outcome);
        Assert.Equal(by, string.Join(',', story.By));
        Assert.Equal(outcome == "partly" ? uncovered : 0, story.Uncovered.Count);
    }

    [Fact]
    public void Without_A_Report_No_Test_Is_Claimed()
    {
        StoryOutcome story = Assert.Single(Read("""{ "operations": ["POST /a"], "tests": ["t.a"], "criteriaCovered": 2 }""", withReport: false));

        Assert.Equal(["POST /a"], story.By);
        Assert.Equal("generated", story.Outcome);
    }

    [Fact]
    public void The_Criterion_Without_A_Test_Is_Named() => Assert.Equal(
        ["second"], Assert.Single(Read("""{ "operations": ["POST /a"], "tests": ["t.a"], "criteriaCovered": 1, "uncovered": [1, 7, -1] }""", withReport: true)).Uncovered);

    private static IReadOnlyList<StoryOutcome> Read(string evidence, bool withReport)
    {
        JsonObject item = JsonNode.Parse(evidence)!.AsObject();
        item["story"] = "S1";
        Dictionary<string, JsonNode?> outputs = new()
        {
            ["requirements"] = JsonNode.Parse("""{ "stories": [{ "id": "S1", "title": "A", "criteria": ["first", "second"] }], "entities": [] }"""),
            ["tests"] = new JsonObject { ["evidence"] = new JsonArray(item) },
        };
        if (withReport)
        {
            outputs["verify"] = new JsonObject
            {
                ["tests"] = new JsonObject
                {
                    ["cases"] = new JsonArray(
                        PullScene.Case("t.a", "passed"), PullScene.Case("t.b", "passed"), PullScene.Case("t.red", "failed"), PullScene.Case("t.skipped", "skipped"),
                        PullScene.Case("t.many", "passed"), PullScene.Case("t.many", "failed")),
                },
            };
        }

        return StoryTable.Read(outputs);
    }
}
