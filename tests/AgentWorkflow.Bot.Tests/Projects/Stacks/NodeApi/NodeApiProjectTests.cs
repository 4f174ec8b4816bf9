using AgentWorkflow.Bot.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Bot.Projects.Stacks.NodeApi;
using AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Tests.Projects.Api;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.NodeApi;

/// <summary>Generated projects, run for real.</summary>
public sealed class NodeApiProjectTests
{
    public static TheoryData<string> Strangers => IdeaFiles.Strangers is { } folder
        ? [.. Directory.EnumerateFiles(folder, "*.md").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)]
        : [""];

    [Fact]
    public async Task The_Shipped_Idea_Passes_And_Every_Test_Of_The_Evidence_Is_In_The_Report()
    {
        var idea = await File.ReadAllTextAsync(Path.Combine(IdeaFiles.Examples, "lending-library.md"), TestContext.Current.CancellationToken);

        await PassesAsync(IdeaReader.Read(idea, null));
    }

    [Fact]
    public async Task Every_Type_With_Every_Rule_Passes() => await PassesAsync(EveryRule.Idea());

    [Fact]
    public async Task References_To_Itself_In_Rings_And_In_Lists_Pass() => await PassesAsync(HostileIdeas.Shapes());

    [Fact]
    public async Task An_Idea_Without_Entities_Passes() => await PassesAsync(Ideas.Of());

    [Fact]
    public async Task Names_Of_The_Language_And_Of_The_Platform_Pass() =>
        await PassesAsync(HostileIdeas.Names(["__proto__", "constructor", "arguments", "*/ x", "'); x('", "../../x", "📚"]));

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Ideas_Of_Strangers_Pass(string file)
    {
        Assert.SkipWhen(file.Length == 0, "The folder shared/data/ideas is not beside this repository.");
        var idea = await File.ReadAllTextAsync(Path.Combine(IdeaFiles.Strangers!, file), TestContext.Current.CancellationToken);

        await PassesAsync(IdeaReader.Read(idea, null));
    }

    [Fact]
    public async Task Every_Hostile_Name_And_Many_Entities_Give_Modules_That_Parse()
    {
        NodeProject.NeedsNode();
        foreach (var idea in HostileIdeas.Texts.Chunk(50).Select(HostileIdeas.Names).Append(HostileIdeas.Many(30)))
        {
            using var project = await NodeProject.WriteAsync(idea);

            var (exitCode, output) = NodeProject.Run(project.Folder, "node", "--experimental-vm-modules", "--no-warnings", "--input-type=module", "--eval", Parse);

            Assert.True(exitCode == 0, output);
        }
    }

    // Parses every module of the folder, then puts the service together.
    private const string Parse = """
        import { readdirSync, readFileSync } from 'node:fs';
        import { join } from 'node:path';
        import { SourceTextModule } from 'node:vm';
        for (const name of readdirSync('.', { recursive: true }).filter((file) => file.endsWith('.js'))) {
          new SourceTextModule(readFileSync(name, 'utf8'), { identifier: name });
        }
        const { createApp } = await import(join(process.cwd(), 'src/app.js'));
        await createApp();
        """;

    private static async Task PassesAsync(Requirements requirements)
    {
        NodeProject.NeedsNode();
        using var project = await NodeProject.WriteAsync(requirements);

        project.Verify();

        var (passed, others) = project.Report();
        Assert.Empty(others);
        Assert.Equal(passed.Count, passed.Distinct().Count());
        var promised = new NodeApiStack().BuildEvidence(requirements).SelectMany(story => story!["tests"]!.AsArray()).Select(test => test!.GetValue<string>());
        Assert.Empty(promised.Except(passed));
    }
}
