using System.Security.Cryptography;
using System.Text;
using AgentWorkflow.Bot.Projects.Stacks.NodeApi;
using AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Tests.Projects.Api;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.NodeApi;

public sealed class NodeApiStackTests
{
    private static string Golden => Path.Combine(IdeaFiles.Root, "tests", "AgentWorkflow.Bot.Tests", "Projects", "Stacks", "NodeApi", "Library.sha256");

    [Fact]
    public async Task The_Library_Gives_The_Files_Whose_Digests_Stand_Beside_This_Test()
    {
        var rendered = await NodeProject.RenderAsync(Ideas.Library());
        Assert.Empty(rendered.Problems);
        var actual = string.Concat(rendered.Files
            .OrderBy(file => file.Path.Value, StringComparer.Ordinal)
            .Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(file.Content.Span))}  {file.Path}\n"));

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(Golden, actual, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(Golden, TestContext.Current.CancellationToken), actual);
    }

    [Fact]
    public async Task An_Idea_Without_Entities_Gives_A_Skeleton_That_Says_So()
    {
        var rendered = await NodeProject.RenderAsync(Ideas.Of());

        Assert.Empty(rendered.Problems);
        var paths = rendered.Files.Select(file => file.Path.Value).ToList();
        Assert.Contains("src/app.js", paths);
        Assert.DoesNotContain(paths, path => path.StartsWith("src/storage/", StringComparison.Ordinal) || path.StartsWith("src/resources/", StringComparison.Ordinal));
        Assert.Contains("no entity was found", Text("README.md"), StringComparison.Ordinal);

        string Text(string path) => Encoding.UTF8.GetString(rendered.Files.Single(file => file.Path.Value == path).Content.Span);
    }

    [Fact]
    public async Task Each_Part_Writes_Only_Where_Its_Step_May()
    {
        foreach (var (part, places) in new[] { ("code", "src/"), ("tests", "tests/"), ("docs", "docs/ README.md"), ("ci", ".github/workflows/ .gitlab-ci.yml") })
        {
            var rendered = await NodeProject.RenderAsync(Ideas.Library(), part);

            Assert.NotEmpty(rendered.Files);
            Assert.All(rendered.Files, file => Assert.Contains(places.Split(' '), place => file.Path.Value.StartsWith(place, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Evidence_Names_Operations_And_Tests_For_What_Was_Generated_And_Nothing_For_The_Rest()
    {
        var evidence = new NodeApiStack().BuildEvidence(Ideas.Library());

        Assert.Equal("S1", evidence[0]!["story"]!.GetValue<string>());
        Assert.Equal("POST /books", evidence[0]!["operations"]![0]!.GetValue<string>());
        Assert.Contains("books: refuses duplicate isbn", evidence[0]!["tests"]!.AsArray().Select(test => test!.GetValue<string>()));
        Assert.Equal(2, evidence[0]!["criteriaCovered"]!.GetValue<int>());
        Assert.Empty(evidence[2]!["operations"]!.AsArray());
        Assert.Empty(evidence[2]!["tests"]!.AsArray());
    }
}
