using System.Collections.Immutable;

using AgentWorkflow.Bot.Steps.Export;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Tests.Steps.Export;

public sealed class ExportStepTests
{
    private readonly MemoryContentStore _contents = new();

    [Fact]
    public async Task It_Asks_For_One_Archive_A_Format_And_Tells_Where_They_Are()
    {
        ExportInputs inputs = new() { Formats = ["zip", "tar.gz", "zip"] };

        StepResult.Act act = Assert.IsType<StepResult.Act>(await RunAsync(inputs));

        Assert.Equal(["library.zip", "library.tar.gz"], act.Effects.Cast<PublishArchive>().Select(e => e.FileName));
        Assert.Equal(2, act.Effects.Select(e => e.Key).Distinct().Count());
        StepResult.Done done = Assert.IsType<StepResult.Done>(await RunAsync(inputs, [.. act.Effects.Select((e, i) => Receipt(e, $"/data/{i}"))]));
        Assert.Equal("""["/data/0","/data/1"]""", done.Outputs["urls"]!.ToJsonString());
        Assert.Equal("""{"format":"zip","path":"/data/0","size":9,"sha256":"ab"}""", done.Outputs["archives"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task Without_Formats_It_Is_A_Zip()
    {
        StepResult.Act act = Assert.IsType<StepResult.Act>(await RunAsync(new ExportInputs { Name = "mine" }));

        PublishArchive effect = Assert.IsType<PublishArchive>(Assert.Single(act.Effects));
        Assert.Equal(("zip", "mine", "mine.zip"), (effect.Format, effect.RootFolder, effect.FileName));
    }

    [Theory]
    [InlineData("rar", null, "AW3500")]
    [InlineData("github", null, "AW3501")]
    [InlineData("zip", "../up", "AW3502")]
    [InlineData("zip", "a/b", "AW3502")]
    public async Task What_Cannot_Be_Exported_Is_Refused_In_A_Sentence(string format, string? name, string code)
    {
        StepResult.Failed failed = Assert.IsType<StepResult.Failed>(await RunAsync(new ExportInputs { Formats = [format], Name = name }));

        Assert.Equal(code, failed.Code);
        Assert.EndsWith(".", failed.Reason);
    }

    [Fact]
    public async Task A_Refused_Archive_Fails_The_Step_With_Its_Reason()
    {
        StepResult.Act act = Assert.IsType<StepResult.Act>(await RunAsync(new ExportInputs()));

        StepResult result = await RunAsync(new ExportInputs(), Receipt(act.Effects[0], "") with { Outcome = EffectOutcome.Refused, Reason = "because" });

        Assert.Equal("An archive was not written: because.", Assert.IsType<StepResult.Failed>(result).Reason);
    }

    private static Receipt Receipt(Effect effect, string path) => new(
        effect.Key, effect.Kind, EffectOutcome.Applied, new Dictionary<string, string> { ["path"] = path, ["size"] = "9", ["sha256"] = "ab", ["format"] = ((PublishArchive)effect).Format }.ToImmutableSortedDictionary());

    private Task<StepResult> RunAsync(ExportInputs inputs, params IReadOnlyList<Receipt> receipts)
    {
        StepContext context = StepScene.Context("archive", _contents.Tree(("README.md", "text")), receipts);
        return ((IStepType)new ExportStep()).RunAsync(inputs, context, TestContext.Current.CancellationToken);
    }
}
