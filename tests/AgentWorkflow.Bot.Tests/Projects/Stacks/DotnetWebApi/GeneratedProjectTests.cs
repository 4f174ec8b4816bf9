using AgentWorkflow.Bot.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;
using AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Tests.Projects.Api;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.DotnetWebApi;

/// <summary>Process-level: each test restores, builds and tests a generated project with the SDK.</summary>
public sealed class GeneratedProjectTests
{
    [Fact]
    public async Task The_Shipped_Idea_Builds_Without_Warnings_And_Passes_Every_Test_It_Claims()
    {
        var requirements = IdeaReader.Read(
            await File.ReadAllTextAsync(Path.Combine(IdeaFiles.Examples, "lending-library.md"), TestContext.Current.CancellationToken), null);
        using var project = await Generated.WriteAsync(requirements);

        await project.RunAsync();

        var outcomes = project.Outcomes();
        var claimed = new DotnetWebApiStack().BuildEvidence(requirements).SelectMany(story => story!["tests"]!.AsArray()).Select(test => test!.GetValue<string>()).ToList();
        Assert.NotEmpty(claimed);
        Assert.All(claimed, test => Assert.Equal("Passed", outcomes[test]));
        Assert.All(outcomes.Values, outcome => Assert.Equal("Passed", outcome));
    }

    [Fact]
    public async Task Hostile_Names_And_Every_Type_Build_And_Pass()
    {
        string[] names = ["System", "Task", "String", "Program", "Service", "Database", "class", "../../x", "🚀", "كتاب", "Book", "BOOK", "Book store", "{{ x }} */ \"", new('x', 300)];
        var requirements = Ideas.Of(
        [
            .. names.Select(name => Ideas.Entity(name, Ideas.Field(name, FieldKind.Text, required: true))),
            Ideas.Entity("Holder", Ideas.Reference("of", "Task"), Ideas.References("several", "Task"), Ideas.Reference("parent", "Holder")),
            Ideas.Entity("Hostile", [.. Hostile.FieldNames.Select(name => Ideas.Enum(name, "class", "worn out", "\"q\" \\ {{ x }}", "é🚀"))]),
            .. EveryRule.Idea().Entities,
        ]) with
        { Title = "\" */ {{ x }} `rm` <b>", Name = "system" };
        using var project = await Generated.WriteAsync(requirements);

        await project.RunAsync();

        Assert.All(project.Outcomes().Values, outcome => Assert.Equal("Passed", outcome));
    }

    [Fact]
    public async Task A_Skeleton_Builds_And_Passes()
    {
        using var project = await Generated.WriteAsync(Ideas.Of());

        await project.RunAsync();

        Assert.Equal(3, project.Outcomes().Count);
    }
}
