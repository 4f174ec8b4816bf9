using AgentWorkflow.Bot.Agents;
using AgentWorkflow.Bot.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;

public sealed class IdeaReaderTests
{
    public static TheoryData<string> Goldens => [.. Directory.EnumerateFiles(IdeaFiles.Golden, "*.md").Concat(Directory.EnumerateFiles(IdeaFiles.Examples, "*.md")).Select(f => Path.GetRelativePath(IdeaFiles.Root, f)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Strangers => IdeaFiles.Strangers is { } folder
        ? [.. Directory.EnumerateFiles(folder, "*.md").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)]
        : [""];

    [Theory]
    [MemberData(nameof(Goldens))]
    public void An_Idea_Gives_The_Requirements_That_Stand_Beside_It(string file)
    {
        string expected = Path.Combine(IdeaFiles.Golden, Path.GetFileNameWithoutExtension(file) + ".json");
        string actual = IdeaFiles.Say(IdeaReader.Read(File.ReadAllText(Path.Combine(IdeaFiles.Root, file)), null));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(expected, actual);
        }

        Assert.Equal(File.ReadAllText(expected), actual);
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public void Ideas_Of_Strangers_Give_A_Title_And_All_Their_Task_List_As_Stories(string file)
    {
        Assert.SkipWhen(file.Length == 0, "The folder shared/data/ideas is not beside this repository.");
        string idea = File.ReadAllText(Path.Combine(IdeaFiles.Strangers!, file));

        Requirements requirements = IdeaReader.Read(idea, null);

        Assert.Equal(idea.Split('\n').Count(l => l.TrimStart().StartsWith("- ", StringComparison.Ordinal) && l.Contains("[ ]", StringComparison.Ordinal)), requirements.Stories.Count);
        Assert.Equal(idea.Split('\n')[0].TrimStart('#', ' ').Trim(), requirements.Title);
        Assert.NotEmpty(requirements.Summary);
        if (Environment.GetEnvironmentVariable("SHOW_IDEAS") is { } folder)
        {
            File.WriteAllText(Path.Combine(folder, file + ".json"), IdeaFiles.Say(requirements));
        }
    }

    [Theory]
    [InlineData("", "AW1001")]
    [InlineData(" \n\t\n", "AW1001")]
    [InlineData("\0\u0001\u0002", "AW1002")]
    [InlineData("\uFFFDPNG\uFFFD\uFFFD", "AW1002")]
    [InlineData("books", "AW1004")]
    [InlineData("two words", "AW1004")]
    [InlineData("<!-- As a user I want to add a book -->", "AW1004")]
    public void What_Is_No_Idea_Is_Refused_With_A_Sentence(string idea, string code)
    {
        AgentException refusal = Assert.Throws<AgentException>(() => IdeaReader.Read(idea, null));

        Assert.Equal(code, refusal.Code);
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_Idea_Over_A_Mebibyte_Is_Refused() =>
        Assert.Equal("AW1003", Assert.Throws<AgentException>(() => IdeaReader.Read("# Big\n\n" + string.Concat(Enumerable.Repeat("A line of words.\n", 70_000)), null)).Code);
}
