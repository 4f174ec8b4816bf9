using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Steps;
using AgentWorkflow.Engine.Tests.Definition;

namespace AgentWorkflow.Engine.Tests.Steps;

public sealed class InputBinderTests
{
    private static T Bind<T>(string kind, string json)
    {
        Assert.True(InputBinder.TryBind(FakeSteps.Registry.Find(kind)!, JsonNode.Parse(json), out object? inputs, out string? refusal), refusal);
        return Assert.IsType<T>(inputs);
    }

    private static string Refusal(string kind, string json)
    {
        Assert.False(InputBinder.TryBind(FakeSteps.Registry.Find(kind)!, JsonNode.Parse(json), out object? inputs, out string? refusal));
        Assert.Null(inputs);
        return refusal!;
    }

    [Theory]
    [InlineData("""["dotnet", "test"]""", "dotnet test")]
    [InlineData("""[["dotnet", "build"], ["dotnet", "test"]]""", "dotnet build;dotnet test")]
    [InlineData("[]", "")]
    public void Run_Is_One_Argument_List_Or_A_List_Of_Them(string run, string expected)
    {
        CommandFake inputs = Bind<CommandFake>("command", $$"""{ "run": {{run}} }""");

        Assert.Equal(expected, string.Join(';', inputs.Run.Select(r => string.Join(' ', r))));
    }

    [Fact]
    public void Names_Are_Kebab_Case_And_Absent_Ones_Have_Their_Defaults()
    {
        AgentFake inputs = Bind<AgentFake>("agent", """{ "role": "docs", "max-tokens": 5, "input": { "any": [1] } }""");

        Assert.Equal((FakeRole.Docs, 5, """{"any":[1]}"""), (inputs.Role, inputs.MaxTokens, inputs.Input?.ToJsonString()));
        Assert.Empty(inputs.Writes);
    }

    [Fact]
    public void Null_For_What_Need_Not_Be_Given_Counts_As_Not_Given() =>
        Assert.Equal(1000, Bind<AgentFake>("agent", """{ "role": "docs", "max-tokens": null, "writes": null }""").MaxTokens);

    [Theory]
    [InlineData("agent", "{}", "the step type 'agent' needs the input 'role'.")]
    [InlineData("agent", """{ "role": null }""", "the input 'role' of 'agent' is a value.")]
    [InlineData("agent", """{ "role": "doc" }""", "the input 'role' of 'agent' is one of requirements, code, tests, docs, review. Did you mean 'docs'?")]
    [InlineData("agent", """{ "role": 1 }""", "the input 'role' of 'agent' is one of requirements, code, tests, docs, review.")]
    [InlineData("agent", """{ "role": "docs", "roles": 1 }""", "the step type 'agent' has no input 'roles'. Did you mean 'role'?")]
    [InlineData("agent", """{ "role": "docs", "maxTokens": 1 }""", "the step type 'agent' has no input 'maxTokens'. Did you mean 'max-tokens'?")]
    [InlineData("agent", """{ "role": "docs", "max-tokens": "5" }""", "the input 'max-tokens' of 'agent' is a whole number.")]
    [InlineData("agent", """{ "role": "docs", "max-tokens": 1.5 }""", "the input 'max-tokens' of 'agent' is a whole number.")]
    [InlineData("agent", """{ "role": "docs", "max-tokens": 0 }""", "the input 'max-tokens' of 'agent' does not fit: The field max-tokens must be between 1 and 1000000.")]
    [InlineData("agent", """{ "role": "docs", "writes": "x" }""", "the input 'writes' of 'agent' is a list.")]
    [InlineData("agent", """{ "role": "docs", "writes": ["x", 1] }""", "the input 'writes[1]' of 'agent' is text (put quotes around it).")]
    [InlineData("command", """{ "run": "dotnet test" }""", "the input 'run' of 'command' is an argument list like [dotnet, test], or a list of them.")]
    [InlineData("command", """{ "run": [["a"], "b"] }""", "the input 'run' of 'command' is an argument list like [dotnet, test], or a list of them.")]
    [InlineData("command", """{ "run": [[]] }""", "the input 'run' of 'command' is an argument list like [dotnet, test], or a list of them.")]
    [InlineData("command", """{ "run": [], "repair": { "attempts": 2 } }""", "the step type 'command' needs the input 'repair.step'.")]
    [InlineData("command", """{ "run": [], "repair": { "step": "a", "attemps": 2 } }""", "the step type 'command' has no input 'repair.attemps'. Did you mean 'attempts'?")]
    [InlineData("file_generation", """{ "files": { "a.md": 1 } }""", "the input 'files.a.md' of 'file_generation' is text (put quotes around it).")]
    [InlineData("pull_request", """{ "draft": "yes" }""", "the input 'draft' of 'pull_request' is true or false.")]
    [InlineData("pull_request", "[]", "'with' is a mapping.")]
    public void A_Refusal_Names_The_Field(string kind, string json, string refusal) => Assert.Equal(refusal, Refusal(kind, json));

    [Fact]
    public void The_File_Says_The_Same_With_A_Place_And_Leaves_Expressions_To_The_Run()
    {
        string[] complaints = WorkflowFiles.Complaints(WorkflowFiles.WithSteps(
            """
              - id: a
                uses: agent
                with: { role: '${{ event.name }}', writes: ['${{ run.id }}', 1], max-tokens: 'x${{ run.id }}' }
              - id: b
                uses: command
                with: { run: '${{ steps.a.outputs.files }}', install: [a, b: c], repair: {} }
              - id: c
                uses: agent
            """));

        Assert.Equal(
        [
            "6:66: error AW0112: the input 'writes[1]' of 'agent' is text (put quotes around it).",
            "6:82: error AW0112: the input 'max-tokens' of 'agent' is a whole number.",
            "9:59: error AW0112: the input 'install' of 'command' is an argument list like [dotnet, test], or a list of them.",
            "9:78: error AW0111: the step type 'command' needs the input 'repair.step'.",
            "11:11: error AW0111: the step type 'agent' needs the input 'role'.",
        ],
            complaints);
    }
}
