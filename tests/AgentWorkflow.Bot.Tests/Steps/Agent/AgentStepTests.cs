using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Agents.Offline;
using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Bot.Steps.Agent;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

using Microsoft.Extensions.Options;

namespace AgentWorkflow.Bot.Tests.Steps.Agent;

public sealed class AgentStepTests
{
    private const string Idea = "# Shed\n\n- User can add a tool\n\n## Data\n\n- Tool: name (text, required), shelf (integer)\n";

    private readonly MemoryContentStore _contents = new();
    private readonly MemoryWorkspace _workspace = new();

    [Fact]
    public async Task Requirements_Are_Outputs_By_Name_And_Counted_In_The_Note()
    {
        StepResult.Done done = Assert.IsType<StepResult.Done>(await RunAsync("""{ "role": "requirements", "schema": "requirements" }""", Idea));

        Assert.Equal("1 story, 1 entity, 0 relations", done.Note);
        Assert.Equal("shed", done.Outputs["name"]!.GetValue<string>());
        Assert.Equal("create", done.Outputs["stories"]![0]!["operations"]![0]!["verb"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(done.Outputs["json"]!["entities"], done.Outputs["entities"]));
        Assert.Null(done.Outputs["usage"]);
    }

    [Theory]
    [InlineData("""{ "role": "requirements" }""", "", "AW1001")]
    [InlineData("""{ "role": "requirements", "agent": "someone" }""", "x", "AW1010")]
    [InlineData("""{ "role": "requirements", "schema": "other" }""", "x", "AW1014")]
    [InlineData("""{ "role": "code", "writes": ["/src"] }""", "x", "AW1017")]
    public async Task What_Cannot_Be_Done_Is_A_Failure_With_A_Code(string inputs, string idea, string code)
    {
        StepResult.Failed failed = Assert.IsType<StepResult.Failed>(await RunAsync(inputs, idea));

        Assert.Equal(code, failed.Code);
        Assert.False(failed.Retryable);
    }

    [Fact]
    public async Task A_Role_Renders_Its_Part_Of_The_Runs_Template_Below_The_Declared_Globs()
    {
        StepResult.Done done = Assert.IsType<StepResult.Done>(await RunAsync("""{ "role": "code", "writes": ["src/**"] }""", Idea, Outputs()));

        Assert.Equal("1 file; not declared in 'writes' and left out: other/Shed.txt", done.Note);
        Assert.Equal("src/Shed.txt", done.Outputs["files"]![0]!.GetValue<string>());
        Assert.Equal("Shed has 1 entities\n", System.Text.Encoding.UTF8.GetString(_workspace.Written["src/Shed.txt"]));
    }

    [Fact]
    public async Task Without_A_Template_There_Is_Nothing_To_Add()
    {
        StepResult.Done done = Assert.IsType<StepResult.Done>(await RunAsync("""{ "role": "tests", "writes": "tests/**" }""", Idea));

        Assert.Equal("nothing to add without a model", done.Note);
        Assert.Empty(_workspace.Written);
    }

    [Fact]
    public async Task A_Review_Says_That_No_Model_Was_Used() =>
        Assert.Contains("No model was used", Assert.IsType<StepResult.Done>(await RunAsync("""{ "role": "review" }""", Idea)).Outputs["text"]!.GetValue<string>(), StringComparison.Ordinal);

    private static Dictionary<string, JsonNode?> Outputs() => new(StringComparer.Ordinal)
    {
        ["requirements"] = JsonNode.Parse("""{ "title": "Shed", "stories": [], "entities": [{ "name": "Tool" }] }"""),
        ["scaffold"] = JsonNode.Parse("""{ "template": "demo", "files": [] }"""),
    };

    private async Task<StepResult> RunAsync(string inputs, string idea, Dictionary<string, JsonNode?>? outputs = null)
    {
        JsonObject values = JsonNode.Parse(inputs)!.AsObject();
        values["input"] = idea;
        var catalog = new TemplateCatalog(_contents, []);
        var agents = new AgentCatalog([new OfflineAgent(new TemplatePart(new TemplateParts(catalog, new TemplateRenderer())))], Options.Create(new AgentsOptions()));
        var step = new AgentStep(agents);
        Assert.True(InputBinder.TryBind(step, values, out object? bound, out string? refusal), refusal);
        return await step.RunAsync(bound!, Context(outputs ?? []), TestContext.Current.CancellationToken);
    }

    private StepContext Context(Dictionary<string, JsonNode?> outputs) => new()
    {
        Run = new RunFacts
        {
            Id = "run",
            Key = "key",
            Forge = "local",
            Repository = RepoRef.TryParse("ideas/shed", out RepoRef? repo) ? repo : throw new InvalidOperationException(),
            DefaultBranch = "main",
            BaseCommit = CommitId.Parse(new string('a', 40)),
            BaseTree = _contents.Tree(
                (".agentworkflow/templates/demo/template.yml", "name: demo\ndescription: A demo\nfiles:\n  - { from: a.sbn, to: 'src/{{ title }}.txt', part: code }\n  - { from: a.sbn, to: 'other/{{ title }}.txt', part: code }\n"),
                (".agentworkflow/templates/demo/a.sbn", "{{ title }} has {{ entities.size }} entities\n")),
            Actor = new ActorId(1, "ada"),
            WorkflowName = "generate",
            WorkflowSource = "built-in",
            Inputs = [],
            Branch = BranchName.Parse("agentworkflow/1-shed"),
            CreatedAt = DateTimeOffset.UnixEpoch,
            Generation = 1,
        },
        StepId = "agent",
        Attempt = 1,
        Workspace = _workspace,
        Receipts = [],
        Outputs = outputs,
        Log = new Silence(),
    };

    private sealed class Silence : IStepLog
    {
        public void Write(string line)
        {
        }

        public void Progress(string what)
        {
        }
    }

    private sealed class MemoryWorkspace : IWorkspace
    {
        public Dictionary<string, byte[]> Written { get; } = [];

        public WorkspaceTree Tree => WorkspaceTree.Empty;

        public Task<Stream> OpenReadAsync(RepoPath path, CancellationToken cancellationToken) => throw new FileNotFoundException(path.Value);

        public Task WriteAsync(RepoPath path, ReadOnlyMemory<byte> content, bool executable, CancellationToken cancellationToken)
        {
            Written[path.Value] = content.ToArray();
            return Task.CompletedTask;
        }

        public void Delete(RepoPath path) => Written.Remove(path.Value);

        public Task CheckOutAsync(string folder, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
