using System.CommandLine;
using System.ComponentModel;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Cli;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Tests.Cli;

public sealed class LanguageCommandsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aw-cli-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    private Task<int> Run(params string[] arguments)
    {
        StepRegistry steps = new([new EchoStep()]);
        RootCommand root = [ValidateCommand.Create(() => steps), SchemaCommand.Create(() => steps), StepsCommand.Create(() => steps)];
        return root.Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = _output, Error = _error }, TestContext.Current.CancellationToken);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public async Task Validate_Prints_A_Line_For_Each_Mistake_And_Returns_1()
    {
        string path = Write("w.yml", "on: { manual: true }\nsteps: [{ id: a, uses: ecko, with: {} }]\n");

        Assert.Equal(1, await Run("validate", path));
        Assert.Equal($"{path}:2:24: error AW0104: unknown step type 'ecko'. Did you mean 'echo'?\n1 file: 1 error\n", _output.ToString());
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public async Task Validate_Prints_Json_With_Null_For_What_Is_Absent()
    {
        string path = Write("w.yml", "on: {}\nsteps: [{ id: a, uses: echo, with: { text: x } }]\n");

        Assert.Equal(1, await Run("validate", path, "--format", "json"));
        JsonObject only = JsonNode.Parse(_output.ToString())!.AsArray().Single()!.AsObject();
        Assert.Equal(["file", "line", "column", "severity", "code", "message", "suggestion"], only.Select(p => p.Key));
        Assert.Equal(("AW0040", 1, 5, "error"), (only["code"]!.ToString(), (int)only["line"]!, (int)only["column"]!, only["severity"]!.ToString()));
        Assert.Null(only["suggestion"]);
    }

    [Fact]
    public async Task Validate_Takes_Folders_And_Finds_A_Command_That_Two_Files_Have()
    {
        Write("a.yml", "on: { command: go }\nsteps: [{ id: a, uses: echo, with: { text: x } }]\n");
        Write("b.yaml", "on: { command: go }\nsteps: [{ id: a, uses: echo, with: { text: x } }]\n");

        Assert.Equal(1, await Run("validate", _folder));
        Assert.Contains("b.yaml:1:1: error AW0047: the command /go is taken by", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_Of_Valid_Files_Returns_0()
    {
        Assert.Equal(0, await Run("validate", Write("w.yml", "on: { manual: true }\nsteps: [{ id: a, uses: echo, with: { text: x } }]\n")));
        Assert.Equal("1 file: valid\n", _output.ToString());
    }

    [Fact]
    public async Task Validate_Of_A_File_That_Is_Not_There_Is_Wrong_Usage()
    {
        Assert.Equal(2, await Run("validate", Path.Combine(_folder, "none.yml")));
        Assert.Contains("AW2550", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_Is_Json_With_The_Inputs_Of_The_Step_Types()
    {
        Assert.Equal(0, await Run("schema"));
        JsonNode schema = JsonNode.Parse(_output.ToString())!;
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema["$schema"]!.ToString());
        Assert.Equal("The text.", schema["$defs"]!["with_echo"]!["properties"]!["text"]!["description"]!.ToString());
        Assert.Equal("echo", schema["$defs"]!["step"]!["properties"]!["uses"]!["enum"]![0]!.ToString());
    }

    [Fact]
    public async Task Steps_Are_Listed_And_Shown()
    {
        Assert.Equal(0, await Run("steps"));
        Assert.Equal("echo  Says something.\n", _output.ToString());

        Assert.Equal(0, await Run("steps", "show", "echo"));
        Assert.Contains("  text (text, required)\n      The text.", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("outputs:\n  said", _output.ToString(), StringComparison.Ordinal);

        Assert.Equal(2, await Run("steps", "show", "ecko"));
        Assert.Contains("Did you mean 'echo'?", _error.ToString(), StringComparison.Ordinal);
    }

    private sealed record EchoInputs([property: Description("The text.")] string Text);

    private sealed class EchoStep : StepType<EchoInputs>
    {
        public override string Kind => "echo";

        public override string Summary => "Says something.";

        public override IReadOnlyList<StepOutput> Outputs => [new("said", "What was said.")];

        protected override Task<StepResult> RunAsync(EchoInputs inputs, StepContext context, CancellationToken cancellationToken) =>
            Task.FromResult<StepResult>(new StepResult.Done([]));
    }
}
