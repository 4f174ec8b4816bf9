using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Projects.Stacks.PythonApi;
using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.PythonApi;

public sealed class PythonApiStackTests
{
    private static readonly PythonApiStack Stack = new();

    private static string Golden => Path.Combine(IdeaFiles.Root, "tests", "AgentWorkflow.Bot.Tests", "Projects", "Stacks", "PythonApi", "Golden", "lending-library.txt");

    [Fact]
    public async Task The_Same_Idea_Gives_The_Same_Bytes()
    {
        string digests = PythonProject.Digests(await PythonProject.RenderAsync(Ideas.Library));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(Golden, digests, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(Golden, TestContext.Current.CancellationToken), digests);
        Assert.Equal(digests, PythonProject.Digests(await PythonProject.RenderAsync(Ideas.Library)));
    }

    [Theory]
    [InlineData("code", "src/")]
    [InlineData("tests", "tests/")]
    public async Task A_Part_Writes_Below_Its_Folder_Alone(string part, string folder)
    {
        RenderedTemplate rendered = await PythonProject.RenderAsync(Ideas.Library, part);

        Assert.NotEmpty(rendered.Files);
        Assert.All(rendered.Files, file => Assert.StartsWith(folder, file.Path.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_Parts_Together_Are_The_Whole()
    {
        var parts = new List<string>();
        foreach (string part in new[] { "scaffold", "code", "tests", "docs", "ci" })
        {
            parts.AddRange((await PythonProject.RenderAsync(Ideas.Library, part)).Files.Select(file => file.Path.Value));
        }

        Assert.Equal((await PythonProject.RenderAsync(Ideas.Library)).Files.Select(file => file.Path.Value).Order(StringComparer.Ordinal), parts.Order(StringComparer.Ordinal));
        Assert.Contains("README.md", parts);
        Assert.Contains(".github/workflows/ci.yml", parts);
        Assert.Contains(".gitlab-ci.yml", parts);
    }

    [Fact]
    public async Task A_Skeleton_Has_No_Storage_And_No_Validation()
    {
        RenderedTemplate rendered = await PythonProject.RenderAsync(Ideas.Of("Slides", []));

        Assert.DoesNotContain(rendered.Files, file => file.Path.Value.Contains("/storage/", StringComparison.Ordinal) || file.Path.Value.Contains("/validation/", StringComparison.Ordinal));
        Assert.Contains(rendered.Files, file => file.Path.Value == "docs/requirements.md");
    }

    [Fact]
    public void Evidence_Claims_Nothing_For_A_Story_That_Templates_Cannot_Make()
    {
        JsonArray evidence = Stack.BuildEvidence(Ideas.Library);

        Assert.Equal(["POST /books", "GET /books"], evidence[0]!["operations"]!.AsArray().Select(o => o!.GetValue<string>()));
        Assert.Contains("tests.test_books.BookTests.test_refuses_duplicate_isbn", evidence[0]!["tests"]!.AsArray().Select(t => t!.GetValue<string>()));
        Assert.Equal(2, evidence[0]!["criteriaCovered"]!.GetValue<int>());
        Assert.Empty(evidence[2]!["operations"]!.AsArray());
        Assert.Empty(evidence[2]!["tests"]!.AsArray());
        Assert.Equal(0, evidence[2]!["criteriaCovered"]!.GetValue<int>());
    }

    [Fact]
    public async Task Documents_Say_What_Became_Of_Each_Story()
    {
        using PythonProject project = await PythonProject.CreateAsync(Ideas.Library);

        string requirements = project.Text("docs/requirements.md");

        Assert.Contains("| isbn is unique | `BookTests.test_refuses_duplicate_isbn` |", requirements, StringComparison.Ordinal);
        Assert.Contains("| a picture is taken of the cover | nothing yet |", requirements, StringComparison.Ordinal);
        Assert.Contains("### S3 As a member I want to be reminded by SMS\n\n**Not generated.**", requirements, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Actions_Are_Pinned_And_No_Expression_Stands_In_A_Command()
    {
        using PythonProject project = await PythonProject.CreateAsync(Ideas.Library);

        string[] lines = project.Text(".github/workflows/ci.yml").Split('\n');

        Assert.All(lines.Where(line => line.Contains("uses:", StringComparison.Ordinal)), line => Assert.Matches("@[0-9a-f]{40} # v[0-9.]+$", line));
        Assert.DoesNotContain(lines, line => line.Contains("run:", StringComparison.Ordinal) && line.Contains("${{", StringComparison.Ordinal));
        Assert.Contains("  contents: read", lines);
    }
}
