using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Bot.Projects.Stacks.PythonApi;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.PythonApi;

/// <summary>Generated projects, run for real.</summary>
public sealed class PythonApiRunTests
{
    [Fact]
    public async Task A_Lending_Library_Passes_And_Every_Test_That_Is_Claimed_Is_In_The_Report() => await CheckAsync(Ideas.Library);

    private static async Task CheckAsync(Requirements requirements)
    {
        Python.SkipWhereAbsent();
        using PythonProject project = await PythonProject.CreateAsync(requirements);

        IReadOnlyDictionary<string, string> report = await project.VerifyAsync();

        Assert.All(report, test => Assert.Equal("", test.Value));
        IEnumerable<string> claimed = new PythonApiStack().BuildEvidence(requirements)
            .SelectMany(story => story!["tests"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.All(claimed, name => Assert.Contains(name, report));
    }
}
