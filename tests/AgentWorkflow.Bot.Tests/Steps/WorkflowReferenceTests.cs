using System.Runtime.CompilerServices;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Tests.Steps;

/// <summary>docs/workflow-reference.md is what the code says. UPDATE_GOLDEN=1 rewrites it.</summary>
public sealed class WorkflowReferenceTests
{
    // What the reference needs of a step type is constant, so none of its services have to be there.
    private static readonly StepRegistry Steps = new(typeof(AgentWorkflow.Bot.Steps.Agent.AgentStep).Assembly.GetTypes()
        .Where(t => t.IsAssignableTo(typeof(IStepType)) && !t.IsAbstract)
        .Select(t => (IStepType)RuntimeHelpers.GetUninitializedObject(t)));

    public static TheoryData<string> Workflows { get; } =
        [.. Directory.EnumerateFiles(InRepository("examples"), "*.yml").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_Reference_Is_Up_To_Date()
    {
        string path = InRepository("docs", "workflow-reference.md");
        string text = WorkflowReference.Create(Steps);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    // That every type of the language is registered is another test's matter; here it is what they say of themselves.
    [Theory]
    [MemberData(nameof(Workflows))]
    public void Examples_Fit_The_Real_Step_Types(string name)
    {
        string path = InRepository("examples", name);

        WorkflowParse parse = new WorkflowParser(Steps).Parse(path, File.ReadAllBytes(path));

        Assert.DoesNotContain(parse.Diagnostics, d => d.Code != Codes.UnknownStepType);
    }

    [Fact]
    public void Every_Input_And_Output_Is_Described_In_A_Sentence()
    {
        foreach (IStepType type in Steps.Types)
        {
            Assert.EndsWith(".", type.Summary, StringComparison.Ordinal);
            Assert.All(type.Outputs, o => Assert.EndsWith(".", o.Description, StringComparison.Ordinal));
            Assert.All(InputDescription.Of(type), i => Assert.False(string.IsNullOrWhiteSpace(i.Description), $"{type.Kind}: {i.Name}"));
        }
    }

    private static string InRepository(params string[] parts)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AgentWorkflow.Bot.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine([folder?.FullName ?? throw new InvalidOperationException("not inside of the repository"), .. parts]);
    }
}
