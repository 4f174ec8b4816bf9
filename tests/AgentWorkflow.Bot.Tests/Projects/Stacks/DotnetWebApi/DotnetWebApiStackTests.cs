using System.Security.Cryptography;
using AgentWorkflow.Bot.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Projects.Stacks.DotnetWebApi;
using AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Tests.Projects.Api;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.DotnetWebApi;

public sealed class DotnetWebApiStackTests
{
    [Fact]
    public async Task The_Library_Gives_The_Files_Whose_Digests_Stand_Beside_This_Test()
    {
        var golden = Path.Combine(IdeaFiles.Root, "tests", "AgentWorkflow.Bot.Tests", "Projects", "Stacks", "DotnetWebApi", "library.sha256");
        var rendered = await Generated.RenderAsync(Ideas.Library());
        var actual = string.Concat(rendered.Files.Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(file.Content.Span))}  {file.Path}\n"));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(golden, actual, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(golden, TestContext.Current.CancellationToken), actual);
    }

    [Fact]
    public async Task Every_Test_That_The_Evidence_Names_Is_In_The_Files()
    {
        var rendered = await Generated.RenderAsync(Ideas.Library());
        var code = string.Concat(rendered.Files.Select(file => System.Text.Encoding.UTF8.GetString(file.Content.Span)));
        var evidence = new DotnetWebApiStack().BuildEvidence(Ideas.Library());

        var tests = evidence.SelectMany(story => story!["tests"]!.AsArray()).Select(test => test!.GetValue<string>()).ToList();
        Assert.NotEmpty(tests);
        Assert.All(tests, test => Assert.Contains($"public async Task {test.Split('.')[^1]}()", code, StringComparison.Ordinal));
        Assert.Equal(["POST /books", "GET /books"], evidence[0]!["operations"]!.AsArray().Select(operation => operation!.GetValue<string>()));
        Assert.Empty(evidence[2]!["tests"]!.AsArray());
    }

    [Fact]
    public async Task An_Idea_Without_Entities_Is_An_Honest_Skeleton()
    {
        var rendered = await Generated.RenderAsync(Ideas.Of());

        Assert.DoesNotContain(rendered.Files, file => file.Path.Value.Contains("/Storage/", StringComparison.Ordinal));
        Assert.Contains(rendered.Files, file => file.Path.Value == "tests/AnIdea.Tests/StartupTests.cs");
    }

    [Fact]
    public async Task Each_Part_Stays_In_Its_Folders()
    {
        var rendered = await Generated.RenderAsync(Ideas.Library());

        Assert.All(rendered.Files, file => Assert.Matches(@"^(src/|tests/|docs/|README\.md|LendingLibrary\.slnx|global\.json|\.gitignore|\.editorconfig|\.dockerignore|Dockerfile|\.github/workflows/ci\.yml|\.gitlab-ci\.yml)", file.Path.Value));
    }

    [Fact]
    public async Task Ideas_Of_Strangers_All_Render()
    {
        Assert.SkipWhen(IdeaFiles.Strangers is null, "The folder shared/data/ideas is not beside this repository.");

        foreach (var file in Directory.GetFiles(IdeaFiles.Strangers!, "*.md"))
        {
            var requirements = IdeaReader.Read(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), null);
            Assert.NotEmpty((await Generated.RenderAsync(requirements)).Files);
        }
    }
}
