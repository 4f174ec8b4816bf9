using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Sandbox;
using AgentWorkflow.Bot.Steps.Command;
using AgentWorkflow.Bot.Tests.Sandbox;
using AgentWorkflow.Bot.Tests.Storage;
using AgentWorkflow.Engine.Identity;
using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Workspaces;

namespace AgentWorkflow.Bot.Tests.Steps.Command;

public sealed class CommandStepTests : IDisposable
{
    private const string Passing = "console.log('x'); const test=require('node:test'); test('adds',()=>{});";
    private readonly FolderWorkspace _files = new();
    private readonly Lines _log = new();
    private readonly MemoryContentStore _contents = new();
    private Box _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task A_Node_Project_Is_Verified_By_Its_Own_Report()
    {
        Needs("node");
        _files.With("test/a.test.js", Passing);
        JsonObject outputs = await Done(new CommandInputs { Run = [NodeTest], Reports = ["junit.xml"] });
        Assert.Equal(("passed", true, 0, "bubblewrap"), (Text(outputs, "status"), outputs["verified"]!.GetValue<bool>(), outputs["exitCode"]!.GetValue<int>(), Text(outputs, "sandbox")));
        Assert.Null(outputs["reason"]);
        Assert.Equal(1, outputs["tests"]!["passed"]!.GetValue<int>());
        Assert.Equal("adds", outputs["tests"]!["cases"]![0]!["name"]!.GetValue<string>());
        Assert.Matches(@"^\d+\.", outputs["toolchain"]!["node"]!.GetValue<string>());
        Assert.Equal(_files.Tree.Fingerprint(), Text(outputs, "tree"));
        Assert.Equal(64, Text(outputs, "reportDigest").Length);
        Assert.Equal("run", outputs["commands"]![0]!["phase"]!.GetValue<string>());
        NothingIsLeft();
    }

    [Fact]
    public async Task A_Failing_Test_Is_The_Result_Of_The_Step_And_Not_Its_Failure()
    {
        Needs("node");
        _files.With("test/a.test.js", "const test=require('node:test'); test('adds',()=>{}); test('bad',()=>{throw new Error('boom')});");
        JsonObject outputs = await Done(new CommandInputs { Run = [NodeTest], Reports = ["*.xml"], Repair = new RepairInputs { Step = "code" } });
        Assert.Equal(("failed", "1 of 2 tests failed"), (Text(outputs, "status"), Text(outputs, "reason")));
        Assert.Equal(("bad", "test/a.test.js:1"), (outputs["tests"]!["cases"]![0]!["name"]!.GetValue<string>(), outputs["tests"]!["cases"]![0]!["location"]!.GetValue<string>()));
        Assert.Single(_log.Written, l => l.StartsWith("Nothing was repaired", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Python_Runs_And_A_Command_Without_Reports_Passes_But_Is_Not_Verified()
    {
        Needs("python3");
        _files.With("hello.py", "print('hello', __import__('os').getcwd())");
        JsonObject outputs = await Done(new CommandInputs { Run = [["python3", "hello.py"]] });
        Assert.Equal(("passed", false, "no test reports were asked for"), (Text(outputs, "status"), outputs["verified"]!.GetValue<bool>(), Text(outputs, "reason")));
        Assert.Equal("$ python3 hello.py\nhello /src\n", Text(outputs, "log"));
    }

    [Fact]
    public async Task DotNet_Builds_And_Runs_In_The_Box()
    {
        Needs("dotnet");
        _files.With("a/a.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType></PropertyGroup></Project>""")
            .With("a/Program.cs", "System.Console.WriteLine(\"hello from \" + System.Environment.CurrentDirectory);");
        JsonObject outputs = await Done(new CommandInputs
        {
            Install = [["dotnet", "restore", "-m:1"]],
            Run = [["dotnet", "build", "--no-restore", "-m:1", "-v", "q"], ["dotnet", "run", "--no-build"]],
            Directory = "a",
        });
        Assert.True(Text(outputs, "status") == "passed", Text(outputs, "log"));
        Assert.Contains("hello from /src/a\n", Text(outputs, "log"), StringComparison.Ordinal);
        Assert.Equal(["install", "run", "run"], outputs["commands"]!.AsArray().Select(c => c!["phase"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("exit 3", "'/bin/sh -c 'exit 3'' ended with exit code 3")]
    [InlineData("true", "no tests were found: the commands wrote no report that fits '*.xml'")]
    [InlineData("echo '<testsuite/>' > a.xml", "no tests were found: the reports name none")]
    [InlineData("echo '<testsuite><testcase name=\"a\"><skipped/></testcase></testsuite>' > a.xml", "all 1 tests were skipped")]
    [InlineData("echo '<x' > a.xml", "the report 'a.xml' cannot be read: it is not well-formed XML")]
    [InlineData("echo x >> file.txt", "the commands changed 'file.txt'")]
    [InlineData("rm -r sub", "the commands changed 'sub/run.sh'")]
    [InlineData("chmod -x sub/run.sh", "the commands changed 'sub/run.sh'")]
    [InlineData("mv sub other; ln -s other sub", "the commands changed 'sub/run.sh'")]
    [InlineData("rm empty; mkfifo empty", "the commands changed 'empty'")]
    [InlineData("ln -s /etc/hosts b.xml; mkfifo c.xml", "no tests were found: the commands wrote no report")]
    public async Task What_Is_Never_Verified(string script, string reason)
    {
        Box.SkipWithoutBubblewrap();
        _files.With("empty", "").With("file.txt", "text").With("old.xml", "<testsuite><testcase name='a'/></testsuite>").With("sub/run.sh", "#!/bin/sh\n", executable: true);
        JsonObject outputs = await Done(new CommandInputs { Run = [["/bin/sh", "-c", script]], Reports = ["*.xml"] });
        Assert.StartsWith(reason, Text(outputs, "reason"), StringComparison.Ordinal);
        Assert.Equal(("failed", false), (Text(outputs, "status"), outputs["verified"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task It_Stops_At_The_First_Command_That_Fails()
    {
        Box.SkipWithoutBubblewrap();
        JsonObject outputs = await Done(new CommandInputs { Install = [["false"]], Run = [["true"]] });
        Assert.Single(outputs["commands"]!.AsArray());
        Assert.Equal(1, outputs["exitCode"]!.GetValue<int>());
    }

    [Fact]
    public async Task Only_Declared_Regular_Files_Come_Back()
    {
        Box.SkipWithoutBubblewrap();
        await Done(new CommandInputs
        {
            Run = [["/bin/sh", "-c", "mkdir out; echo a > out/a; echo b > b; ln -s /etc/passwd out/link; ln out/a out/hard; mkfifo out/pipe; : > out/empty; ln -s / out/root"]],
            Writes = ["out/**"],
        });
        Assert.Equal(["out/a", "out/empty", "out/hard"], _files.Tree.Files.Keys.Select(p => p.Value));
        Assert.Equal("a\n", _files.Text("out/a"));
    }

    [Fact]
    public async Task What_The_Gate_Refuses_Fails_The_Step()
    {
        Box.SkipWithoutBubblewrap();
        StepResult result = await Run(new CommandInputs { Run = [["/bin/sh", "-c", "mkdir forbidden; echo a > forbidden/a"]], Writes = ["**"] });
        Assert.Equal("AW1500", Assert.IsType<StepResult.Failed>(result).Code);
    }

    [Theory]
    [InlineData("none", "AW2101 no sandbox: Sandbox__Provider is 'none', so commands are refused. Set it to 'auto', then: agentworkflow generate --retry k3v9m2qa")]
    [InlineData("unsafe-host", "AW2101 no sandbox: Sandbox__Provider 'unsafe-host' is for the command line's generate alone. Set it to 'auto', then: agentworkflow generate --retry k3v9m2qa")]
    public async Task Without_A_Sandbox_Nothing_Is_Run(string provider, string reason)
    {
        _box.Dispose();
        _box = new Box(("Sandbox:Provider", provider));
        string trace = Path.Combine(_box.Root, "trace");
        JsonObject outputs = await Done(new CommandInputs { Run = [["touch", trace]], Reports = ["*.xml"] });
        Assert.Equal(("skipped", reason, "none"), (Text(outputs, "status"), Text(outputs, "reason"), Text(outputs, "sandbox")));
        Assert.False(File.Exists(trace));
    }

    [Fact]
    public async Task A_Broken_Bubblewrap_And_No_Engine_Mean_No_Sandbox()
    {
        using BubblewrapSandbox bubblewrap = new(
            _box.Get<SandboxPlaces>(), _box.Get<InstallSettings>(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<BubblewrapSandbox>.Instance)
        {
            Program = null,
        };
        ContainerSandbox container = new(_box.Get<SandboxPlaces>(), _box.Get<InstallSettings>(), _box.Get<ContainerImages>(), TimeProvider.System) { Engine = null };
        using SandboxSelector selector = new([bubblewrap, container], _box.Get<SandboxPlaces>(), Microsoft.Extensions.Options.Options.Create(new SandboxOptions()));
        StepResult result = await Run(new CommandInputs { Run = [["true"]] }, selector);
        Assert.Equal(
            "AW2101 no sandbox: bubblewrap is not installed and there is no Docker or Podman. Install bubblewrap (apt-get install bubblewrap), then: agentworkflow generate --retry k3v9m2qa",
            Text(Assert.IsType<StepResult.Done>(result).Outputs, "reason"));
    }

    [Fact]
    public async Task The_One_Exception_Runs_On_The_Host_And_Is_Never_Verified()
    {
        Needs("node");
        _files.With("test/a.test.js", Passing);
        UnsafeHostSandbox host = _box.Get<IEnumerable<ISandbox>>().OfType<UnsafeHostSandbox>().Single();
        using SandboxSelector nothingElse = new([host], _box.Get<SandboxPlaces>(), Microsoft.Extensions.Options.Options.Create(new SandboxOptions()));
        StepResult result = await Run(new CommandInputs { Run = [NodeTest], Reports = ["junit.xml"] }, nothingElse, mayRunUnsandboxed: true);
        JsonObject outputs = Assert.IsType<StepResult.Done>(result).Outputs;
        Assert.Equal(
            ("passed", false, "none", "the commands were run without a sandbox"),
            (Text(outputs, "status"), outputs["verified"]!.GetValue<bool>(), Text(outputs, "sandbox"), Text(outputs, "reason")));
        Assert.Equal(1, outputs["tests"]!["passed"]!.GetValue<int>());
        NothingIsLeft();
    }

    [Fact]
    public async Task The_One_Exception_Is_None_For_A_Repositorys_Own_Code()
    {
        _files.With("Directory.Build.props", "<Project/>");
        UnsafeHostSandbox host = _box.Get<IEnumerable<ISandbox>>().OfType<UnsafeHostSandbox>().Single();
        using SandboxSelector nothingElse = new([host], _box.Get<SandboxPlaces>(), Microsoft.Extensions.Options.Options.Create(new SandboxOptions()));
        StepContext context = Context(mayRunUnsandboxed: true);
        context = context with { Run = context.Run with { BaseTree = _files.Tree } };
        string trace = Path.Combine(_box.Root, "trace");

        StepResult result = await new CommandStep(nothingElse, _box.Get<SandboxPlaces>(), _contents)
            .RunAsync((object)new CommandInputs { Run = [["touch", trace]] }, context, TestContext.Current.CancellationToken);

        Assert.Equal("skipped", Text(Assert.IsType<StepResult.Done>(result).Outputs, "status"));
        Assert.False(File.Exists(trace));
    }

    [Theory]
    [InlineData("nowhere", false)]
    [InlineData("code", false)]
    [InlineData("before", true)]
    public async Task Only_What_Ran_On_The_Base_Is_Run_Again(string again, bool onBase)
    {
        StepContext context = Context(mayRunUnsandboxed: false) with
        {
            Outputs = new Dictionary<string, JsonNode?> { ["code"] = new JsonObject(), ["before"] = new JsonObject { ["groups"] = new JsonArray() } },
        };

        StepResult result = await new CommandStep(_box.Selector, _box.Get<SandboxPlaces>(), _contents)
            .RunAsync((object)new CommandInputs { Run = [["true"]], Again = again, On = onBase ? CommandFiles.Base : CommandFiles.Workspace }, context, TestContext.Current.CancellationToken);

        Assert.Equal("AW2106", Assert.IsType<StepResult.Failed>(result).Code);
    }

    [Fact]
    public async Task Whoever_Wants_No_Sandbox_Gets_No_Exception_Either()
    {
        _box.Dispose();
        _box = new Box(("Sandbox:Provider", "none"));
        StepResult result = await Run(new CommandInputs { Run = [["true"]] }, _box.Selector, mayRunUnsandboxed: true);
        Assert.Equal("skipped", Text(Assert.IsType<StepResult.Done>(result).Outputs, "status"));
    }

    [Fact]
    public async Task What_Cannot_Be_Run_Is_Refused_In_A_Sentence()
    {
        Assert.Equal("AW2105", Assert.IsType<StepResult.Failed>(await Run(new CommandInputs())).Code);
        Assert.Equal("AW2102", Assert.IsType<StepResult.Failed>(await Run(new CommandInputs { Run = [["true"]], Directory = "../x" })).Code);
        Assert.Equal("AW2103", Assert.IsType<StepResult.Failed>(await Run(new CommandInputs { Run = [["true"]], Reports = ["/x"] })).Code);
    }

    [Fact]
    public void One_Argument_List_Or_Many_Are_Bound()
    {
        CommandStep step = new(_box.Selector, _box.Get<SandboxPlaces>(), _contents);
        Assert.True(InputBinder.TryBind(step, JsonNode.Parse("""{"install":["dotnet","restore"],"run":[["a"],["b","c"]],"reports":"*.trx","repair":{"step":"code","attempts":2}}"""), out object? bound, out string? refusal), refusal);
        CommandInputs inputs = Assert.IsType<CommandInputs>(bound);
        Assert.Equal(["dotnet", "restore"], Assert.Single(inputs.Install));
        Assert.Equal([["a"], ["b", "c"]], inputs.Run);
        Assert.Equal(2, inputs.Repair?.Attempts);
    }

    private static IReadOnlyList<string> NodeTest =>
        ["node", "--test", "--test-reporter=spec", "--test-reporter-destination=stdout", "--test-reporter=junit", "--test-reporter-destination=junit.xml"];

    private static string Text(JsonObject outputs, string name) => outputs[name]!.GetValue<string>();

    private static void Needs(string program)
    {
        Box.SkipWithoutBubblewrap();
        Assert.SkipUnless(HostTool.Find(program) is not null, $"{program} is not installed");
    }

    private void NothingIsLeft() => Assert.Empty(Directory.EnumerateFileSystemEntries(_box.Get<SandboxPlaces>().WorkFolder));

    private async Task<JsonObject> Done(CommandInputs inputs) => Assert.IsType<StepResult.Done>(await Run(inputs)).Outputs;

    private Task<StepResult> Run(CommandInputs inputs) => Run(inputs, _box.Selector);

    private Task<StepResult> Run(CommandInputs inputs, SandboxSelector selector, bool mayRunUnsandboxed = false) =>
        new CommandStep(selector, _box.Get<SandboxPlaces>(), _contents).RunAsync((object)inputs, Context(mayRunUnsandboxed), TestContext.Current.CancellationToken);

    private StepContext Context(bool mayRunUnsandboxed) => new()
    {
        Run = new RunFacts
        {
            Id = "k3v9m2qaaaaaaaaaaaaaaaaaaa",
            Key = "key",
            Forge = "local",
            Repository = RepoRef.TryParse("ideas/library", out RepoRef? repository) ? repository : throw new InvalidOperationException(),
            DefaultBranch = "main",
            BaseCommit = CommitId.Parse(new string('a', 40)),
            BaseTree = WorkspaceTree.Empty,
            Actor = new ActorId(1, "you"),
            WorkflowName = "generate",
            WorkflowSource = "built-in",
            Inputs = [],
            Branch = BranchName.Parse("agentworkflow/1-library"),
            CreatedAt = DateTimeOffset.UnixEpoch,
            Generation = 1,
            MayRunUnsandboxed = mayRunUnsandboxed,
        },
        StepId = "verify",
        Attempt = 1,
        Workspace = _files,
        Receipts = [],
        Outputs = new Dictionary<string, JsonNode?>(),
        Log = _log,
    };

    private sealed class Lines : IStepLog
    {
        public List<string> Written { get; } = [];

        public void Write(string line) => Written.Add(line);

        public void Progress(string what)
        {
        }
    }
}
