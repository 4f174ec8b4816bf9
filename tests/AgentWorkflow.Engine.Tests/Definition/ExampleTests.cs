using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Engine.Tests.Definition;

/// <summary>The workflow files in <c>examples/</c> are tests.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Names { get; } =
        [.. Directory.EnumerateFiles(WorkflowFiles.RepositoryFile("examples"), "*.yml").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_Valid(string name)
    {
        string path = WorkflowFiles.RepositoryFile("examples", name);

        Assert.Empty(WorkflowFiles.Parse(File.ReadAllBytes(path), path).Diagnostics);
    }

    [Fact]
    public void The_Examples_Can_Live_In_One_Repository()
    {
        IEnumerable<Workflow> all = Names.Select(n => WorkflowFiles.RepositoryFile("examples", n.Data)).Select(p => WorkflowFiles.Parse(File.ReadAllBytes(p), p).Workflow!);

        Assert.Empty(WorkflowSet.Check(all));
    }

    [Fact]
    public void The_Example_Of_The_Built_In_Workflow_Is_The_Built_In_Workflow() =>
        Assert.Equal(
            File.ReadAllText(WorkflowFiles.RepositoryFile("src", "AgentWorkflow.Bot", "Triggers", "Workflows", "generate.yml")),
            File.ReadAllText(WorkflowFiles.RepositoryFile("examples", "generate.yml")));
}
