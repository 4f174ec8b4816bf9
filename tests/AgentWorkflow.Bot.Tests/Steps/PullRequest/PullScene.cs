using System.Collections.Immutable;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards.Signing;
using AgentWorkflow.Bot.Steps.PullRequest;
using AgentWorkflow.Bot.Storage;
using AgentWorkflow.Bot.Tests.Steps.Command;
using AgentWorkflow.Bot.Tests.Steps.FileGeneration;
using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Effects;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Tests.Steps.PullRequest;

/// <summary>A run that has generated and verified something, up to its pull request.</summary>
internal sealed class PullScene : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aw-pull-");

    public PullScene() => Key = InstanceKey.Load(new StorageOptions { DataDirectory = _folder.FullName, ConnectionString = "" }, null);

    public InstanceKey Key { get; }

    public string Folder => _folder.FullName;

    public FolderWorkspace Workspace { get; } = new FolderWorkspace().With("src/app.py", "pass\n").With("tests/test_app.py", "def test_a():\n    assert True\n");

    public FolderWorkspace Before { get; } = new();

    public void Dispose()
    {
        Key.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>What a command step says when all went well in a sandbox.</summary>
    public JsonObject Passed() => new()
    {
        ["status"] = "passed",
        ["verified"] = true,
        ["reason"] = null,
        ["exitCode"] = 0,
        ["sandbox"] = "bubblewrap",
        ["commands"] = new JsonArray(new JsonObject { ["phase"] = "run", ["run"] = new JsonArray("python3", "-m", "tests"), ["exitCode"] = 0, ["seconds"] = 1.5 }),
        ["tests"] = new JsonObject { ["passed"] = 2, ["failed"] = 0, ["skipped"] = 0, ["cases"] = new JsonArray(Case("t.a", "passed"), Case("t.b", "passed")) },
        ["reportDigest"] = new string('d', 64),
        ["toolchain"] = new JsonObject { ["python3"] = "3.12.1" },
        ["tree"] = Workspace.Tree.Fingerprint(),
        ["log"] = "",
    };

    public static JsonObject Case(string name, string outcome) => new() { ["name"] = name, ["outcome"] = outcome, ["message"] = null, ["location"] = null };

    public StepContext Context(params (string Step, JsonNode Outputs)[] outputs)
    {
        StepContext context = Contexts.Of(Workspace, Before.Tree, outputs);
        return context with
        {
            Run = context.Run with { Issue = new IssueFacts(1, "Lending library", "body", "", new ActorId(1, "ann"), IsPullRequest: false) },
            Permissions = new Permissions(Contents: true, PullRequests: true, Issues: true, Checks: true),
        };
    }

    public async Task<StepResult> RunAsync(StepContext context, PullRequestInputs? inputs = null) =>
        await ((IStepType)new PullRequestStep(Key, new FolderContents(Before))).RunAsync(inputs ?? new PullRequestInputs(), context, TestContext.Current.CancellationToken);

    /// <summary>Takes the step through its rounds and gives the effects of the second and the outputs at the end.</summary>
    public async Task<(SetCheck Check, OpenPullRequest Pull, JsonObject Outputs)> PublishAsync(StepContext context, PullRequestInputs? inputs = null)
    {
        StepResult.Act first = Assert.IsType<StepResult.Act>(await RunAsync(context, inputs));
        Receipt commit = Receipt(first.Effects[^1], ("commit", new string('c', 40)), ("tree", new string('7', 40)));
        StepResult.Act second = Assert.IsType<StepResult.Act>(await RunAsync(context with { Receipts = [commit] }, inputs));
        OpenPullRequest pull = Assert.IsType<OpenPullRequest>(second.Effects[^1]);
        StepContext last = context with { Receipts = [commit, Receipt(pull, ("number", "2"), ("url", "x"))], Carry = second.Carry };
        StepResult.Done done = Assert.IsType<StepResult.Done>(await RunAsync(last, inputs));
        return (Assert.IsType<SetCheck>(second.Effects[0]), pull, done.Outputs);
    }

    private static Receipt Receipt(Effect effect, params (string Name, string Value)[] values) =>
        new(effect.Key, effect.Kind, EffectOutcome.Applied, values.ToImmutableSortedDictionary(v => v.Name, v => v.Value));

    private sealed class FolderContents(FolderWorkspace before) : IContentStore
    {
        public Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Stream OpenRead(string sha256) =>
            before.OpenReadAsync(before.Tree.Files.First(f => f.Value.Sha256 == sha256).Key, CancellationToken.None).GetAwaiter().GetResult();

        public bool Contains(string sha256) => true;
    }
}
