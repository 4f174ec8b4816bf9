using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Bot.Projects.Workspaces;
using AgentWorkflow.Bot.Steps.FileGeneration;
using AgentWorkflow.Bot.Tests.Projects.Workspaces;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Steps.FileGeneration;

public sealed class FileGenerationStepTests
{
    private const string Manifest = """
        name: own
        toolchains: [make]
        files:
          - { from: a.sbn, to: 'src/{{ name }}.txt' }
          - { from: notes.sbn, to: NOTES.md, when-exists: append }
          - { from: a.sbn, to: README.md }
          - { from: a.sbn, to: replaced.txt, when-exists: replace }
          - { from: a.sbn, to: new.txt, when-exists: fail, part: docs }
          - { from: a.sbn, to: README.md, when-exists: fail, part: tests }
          - { from: a.sbn, to: .github/workflows/ci.yml, part: ci }
        install: [[make, '{{ name }}']]
        verify: [[make, test]]
        reports: ['out/*.xml']
        """;

    private readonly MemoryContentStore _store = new();

    [Fact]
    public async Task A_Template_Of_The_Repository_Becomes_Files_And_Outputs()
    {
        (StepResult result, Workspace workspace) = await RunAsync(new FileGenerationInputs { Template = "own", Values = JsonNode.Parse("""{ "name": "x" }""") });

        var done = Assert.IsType<StepResult.Done>(result);
        Assert.Equal("own, 3 files, 1 file left as they are", done.Note);
        Assert.Equal(
            """{"files":["NOTES.md","replaced.txt","src/x.txt"],"skipped":["README.md"],"directory":"","install":[["make","x"]],"verify":[["make","test"]],"reports":["out/*.xml"],"start":[],"template":"own","toolchains":["make"],"evidence":[]}""",
            done.Outputs.ToJsonString());
        Assert.Equal("old\nnote x", await TextAsync(workspace, "NOTES.md"));
        Assert.Equal("old", await TextAsync(workspace, "README.md"));
        Assert.Equal("hello x 7", await TextAsync(workspace, "replaced.txt"));
    }

    [Fact]
    public async Task Files_Can_Be_Given_Inline_And_Into_A_Folder()
    {
        (StepResult result, Workspace workspace) = await RunAsync(new FileGenerationInputs
        {
            Template = "own",
            Values = JsonNode.Parse("""{ "name": "x" }"""),
            Files = new Dictionary<string, string> { ["extra.txt"] = "e" },
            Directory = "apps/one",
        });

        var done = Assert.IsType<StepResult.Done>(result);
        Assert.Equal("own, 5 files", done.Note);
        Assert.Equal("e", await TextAsync(workspace, "apps/one/extra.txt"));
        Assert.Equal("apps/one/out/*.xml", (string?)done.Outputs["reports"]![0]);
    }

    [Theory]
    [InlineData("own", "tests", null, "AW1514", "'README.md' is there already")]
    [InlineData("own", "ci", null, "AW1523", "'.github/workflows/ci.yml' cannot be written")]
    [InlineData("own", "extra", null, "AW1511", "There is no part 'extra'")]
    [InlineData("onw", null, null, "AW1510", "There is no template 'onw'; there are")]
    [InlineData("onw", null, null, "AW1510", "Did you mean 'own'?")]
    [InlineData("ci", null, null, "AW1513", "takes the template in use")]
    [InlineData(null, null, null, "AW1515", "needs 'template' or 'files'")]
    [InlineData("own", null, "../x", "AW1508", "traversal")]
    public async Task A_Refusal_Is_A_Sentence_And_Nothing_Is_Written(string? template, string? part, string? directory, string code, string sentence)
    {
        (StepResult result, Workspace workspace) = await RunAsync(
            new FileGenerationInputs { Template = template, Part = part, Directory = directory, Values = JsonNode.Parse("""{ "name": "x" }""") });

        var failed = Assert.IsType<StepResult.Failed>(result);
        Assert.Equal(code, failed.Code);
        Assert.Contains(sentence, failed.Reason, StringComparison.Ordinal);
        Assert.Equal(6, workspace.Tree.Files.Count);
    }

    [Fact]
    public async Task A_Template_That_Writes_Outside_Is_Refused_With_The_Path()
    {
        (StepResult result, Workspace workspace) = await RunAsync(new FileGenerationInputs { Template = "own", Values = JsonNode.Parse("""{ "name": "../../../etc/x" }""") });

        var failed = Assert.IsType<StepResult.Failed>(result);
        Assert.Equal("AW1508", failed.Code);
        Assert.Contains("'src/../../../etc/x.txt' cannot be written: traversal", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(6, workspace.Tree.Files.Count);
    }

    [Fact]
    public async Task A_Ci_File_That_The_Forge_Would_Refuse_Is_Left_Out_And_Named()
    {
        (StepResult result, Workspace workspace) = await RunAsync(
            new FileGenerationInputs { Template = "own", Part = "ci", Values = JsonNode.Parse("""{ "name": "x" }""") }, takesCiFiles: false);

        var done = Assert.IsType<StepResult.Done>(result);
        Assert.Contains("'workflows: write'", (string?)done.Outputs["notes"]![0], StringComparison.Ordinal);
        Assert.Contains(".github/workflows/ci.yml", (string?)done.Outputs["notes"]![0], StringComparison.Ordinal);
        Assert.Equal(6, workspace.Tree.Files.Count);
    }

    [Fact]
    public async Task An_Inline_Path_Is_Held_To_The_Rules()
    {
        (StepResult result, _) = await RunAsync(new FileGenerationInputs { Files = new Dictionary<string, string> { ["a/../../b"] = "x" } });

        Assert.Equal("AW1520", Assert.IsType<StepResult.Failed>(result).Code);
    }

    private static async Task<string> TextAsync(Workspace workspace, string path)
    {
        using var reader = new StreamReader(await workspace.OpenReadAsync(RepoPath.Parse(path), TestContext.Current.CancellationToken));
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private async Task<(StepResult Result, Workspace Workspace)> RunAsync(FileGenerationInputs inputs, bool takesCiFiles = true)
    {
        var files = new Dictionary<string, string>
        {
            [".agentworkflow/templates/own/template.yml"] = Manifest,
            [".agentworkflow/templates/own/a.sbn"] = "hello {{ name }} {{ inputs.n }}",
            [".agentworkflow/templates/own/notes.sbn"] = "note {{ name }}",
            ["README.md"] = "old",
            ["NOTES.md"] = "old",
            ["replaced.txt"] = "old",
        };
        WorkspaceTree tree = WorkspaceTree.Empty;
        foreach ((string path, string text) in files)
        {
            byte[] content = Encoding.UTF8.GetBytes(text);
            tree = tree.With(RepoPath.Parse(path), new FileEntry(await _store.PutAsync(content, TestContext.Current.CancellationToken), content.Length, false));
        }

        var workspace = new Workspace(_store, tree, tree, WritePolicy.Anywhere);
        var step = new FileGenerationStep(new TemplateParts(new TemplateCatalog(_store, []), new TemplateRenderer()), _store);
        StepContext context = Contexts.Of(workspace, tree);
        StepResult result = await ((IStepType)step).RunAsync(inputs, context with { Run = context.Run with { TakesCiFiles = takesCiFiles } }, TestContext.Current.CancellationToken);
        return (result, workspace);
    }
}
