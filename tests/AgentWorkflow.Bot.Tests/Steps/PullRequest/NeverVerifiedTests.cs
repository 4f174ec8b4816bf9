using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Tests.Steps.PullRequest;

/// <summary>What is not verified is not called so anywhere: title and draft, text, check, record, outputs.</summary>
public sealed class NeverVerifiedTests : IDisposable
{
    private readonly PullScene _scene = new();

    public static TheoryData<string> Reasons { get; } =
        ["failed", "exit code", "no reports", "no tests", "failing test", "all skipped", "newly skipped", "another tree", "no sandbox", "nothing ran", "earlier step", "unknown"];

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task What_Passed_Is_Verified_Everywhere()
    {
        (SetCheck check, OpenPullRequest pull, JsonObject outputs) = await _scene.PublishAsync(_scene.Context(("verify", _scene.Passed())));

        Assert.False(pull.Draft);
        Assert.Contains("**Verified** on tree `7777777`", pull.Body, StringComparison.Ordinal);
        Assert.Equal(CheckConclusion.Success, check.Conclusion);
        Assert.Equal("2 tests passed", check.Title);
        Assert.True(outputs["verified"]!.GetValue<bool>());
        Assert.Null(outputs["reason"]);
        Assert.Equal("passed", Statement(outputs)["predicate"]!["result"]!.ToString());
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task What_Did_Not_Pass_Is_A_Draft_And_Says_Why(string why)
    {
        (SetCheck check, OpenPullRequest pull, JsonObject outputs) = await _scene.PublishAsync(_scene.Context(Outputs(why)));

        Assert.True(pull.Draft);
        Assert.DoesNotContain("**Verified**", pull.Body, StringComparison.Ordinal);
        Assert.Contains("**Not verified**", pull.Body, StringComparison.Ordinal);
        Assert.NotEqual(CheckConclusion.Success, check.Conclusion);
        Assert.Contains("not verified", check.Summary, StringComparison.Ordinal);
        Assert.False(outputs["verified"]!.GetValue<bool>());
        Assert.True(outputs["draft"]!.GetValue<bool>());
        Assert.NotEqual("passed", outputs["verification"]!.ToString());
        Assert.NotEqual("", outputs["reason"]!.ToString());
        Assert.True(outputs["record"] is null || Statement(outputs)["predicate"]!["result"]!.ToString() != "passed");
    }

    [Fact]
    public async Task Without_A_Sandbox_It_Is_Tested_And_Never_Verified()
    {
        JsonObject host = _scene.Passed();
        host["sandbox"] = "none";
        host["verified"] = false;

        (SetCheck check, OpenPullRequest pull, JsonObject outputs) = await _scene.PublishAsync(_scene.Context(("verify", host)));

        Assert.False(pull.Draft);
        Assert.Contains("**Tested without a sandbox**", pull.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("**Verified**", pull.Body, StringComparison.Ordinal);
        Assert.Equal(CheckConclusion.Neutral, check.Conclusion);
        Assert.Equal("2 tests passed, without a sandbox", check.Title);
        Assert.False(outputs["verified"]!.GetValue<bool>());
        Assert.Equal("none", Statement(outputs)["predicate"]!["observed"]!["sandbox"]!.ToString());
    }

    private (string Step, JsonNode Outputs)[] Outputs(string why)
    {
        JsonObject verify = _scene.Passed();
        switch (why)
        {
            case "failed":
                verify["status"] = "failed";
                verify["reason"] = "'python3 -m tests' was ended, the time limit of 60 s";
                break;
            case "exit code":
                verify["commands"]![0]!["exitCode"] = 1;
                break;
            case "no reports":
                verify["tests"] = null;
                break;
            case "no tests":
                verify["tests"] = new JsonObject { ["passed"] = 0, ["failed"] = 0, ["skipped"] = 0, ["cases"] = new JsonArray() };
                break;
            case "failing test":
                verify["tests"]!["failed"] = 1;
                break;
            case "all skipped":
                verify["tests"] = new JsonObject { ["passed"] = 0, ["failed"] = 0, ["skipped"] = 2, ["cases"] = new JsonArray() };
                break;
            case "newly skipped":
                verify["tests"]!["skipped"] = 1;
                break;
            case "another tree":
                _scene.Workspace.With("src/app.py", "pass\n ");
                break;
            case "no sandbox":
                verify["status"] = "skipped";
                verify["reason"] = "AW2101 there is no sandbox";
                verify["sandbox"] = "none";
                verify["commands"] = new JsonArray();
                verify["exitCode"] = null;
                break;
            case "nothing ran":
                verify["commands"] = new JsonArray();
                break;
            case "earlier step":
                JsonObject lint = _scene.Passed();
                lint["status"] = "failed";
                lint["reason"] = "'lint' ended with exit code 1";
                return [("lint", lint), ("verify", verify)];
            default:
                verify["status"] = "surely";
                break;
        }

        return [("verify", verify)];
    }

    private static JsonNode Statement(JsonObject outputs) =>
        JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(JsonNode.Parse(outputs["record"]!.ToString())!["payload"]!.ToString())))!;

    [Fact]
    public async Task Existing_Tests_That_Are_Skipped_Now_Are_Not_Verified_And_May_Be_Refused()
    {
        _scene.Before.With("tests/test_app.py", "def test_a():\n    assert True\n");
        _scene.Workspace.With("tests/test_app.py", "@pytest.mark.skip\ndef test_a():\n    assert True\n");
        StepContext context = _scene.Context(("verify", _scene.Passed()));

        (_, OpenPullRequest pull, JsonObject outputs) = await _scene.PublishAsync(context);
        StepResult refused = await _scene.RunAsync(context, new() { Guard = AgentWorkflow.Bot.Steps.PullRequest.GuardMode.Tests });

        Assert.True(pull.Draft);
        Assert.Contains("newly skipped", outputs["reason"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("AW2211", Assert.IsType<StepResult.Failed>(refused).Code);
    }

    [Fact]
    public async Task No_Command_At_All_Is_Not_Verified()
    {
        (SetCheck check, OpenPullRequest pull, JsonObject outputs) = await _scene.PublishAsync(_scene.Context());

        Assert.True(pull.Draft);
        Assert.Contains("the workflow ran no commands", pull.Body, StringComparison.Ordinal);
        Assert.Equal(CheckConclusion.Neutral, check.Conclusion);
        Assert.Null(outputs["record"]);
    }
}
