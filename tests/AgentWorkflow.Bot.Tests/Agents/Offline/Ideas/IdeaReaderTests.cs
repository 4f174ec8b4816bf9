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

    [Fact]
    public void A_File_From_Windows_With_Hidden_Characters_Reads_Like_Any_Other()
    {
        Requirements requirements = IdeaReader.Read("\uFEFF# Notes\r\n\r\nKept\r\nin here.\r\n\r\n- [x] User can add a note\r\n    - the text is required\r\n\r\n## Data\r\n\r\n### Note\r\n\r\n| Field | Type | Rules |\r\n|--|--|--|\r\n| te\u200Bxt | text | required |\r\n", null);

        Assert.Equal("Notes", requirements.Title);
        Assert.Equal("Kept in here.", requirements.Summary);
        Assert.Equal([new Operation("Note", Verb.Create)], requirements.Stories[0].Operations);
        Assert.Equal("text", requirements.Entities[0].Fields[0].Name);
        Assert.Equal(["2 invisible characters were removed (2 zero-width)."], requirements.Notes);
    }

    [Theory]
    [InlineData("Žluťoučký kůň", "zlutoucky-kun")]
    [InlineData("Straße & Ærø", "strasse-aero")]
    [InlineData("2048", "project-2048")]
    [InlineData("你好 世界 再见", "project")]
    [InlineData("con", "con-project")]
    [InlineData("A very long name of a thing that nobody would ever type into a shell", "a-very-long-name-of-a-thing-that-nobody")]
    public void A_Title_Becomes_A_Name(string title, string name) => Assert.Equal(name, ProjectName.From(title));

    [Fact]
    public void Without_A_Heading_The_Issue_Gives_The_Title() => Assert.Equal("Pet shop", IdeaReader.Read("- User can add a pet", "Pet shop").Title);

    [Fact]
    public void The_Code_Blocks_Of_The_Page_About_Ideas_Are_Read_Without_A_Note()
    {
        string page = File.ReadAllText(Path.Combine(IdeaFiles.Root, "docs", "ideas.md"));
        string[] ideas = [.. page.Split("````markdown\n").Skip(1).Select(p => p[..p.IndexOf("````", StringComparison.Ordinal)])];

        Assert.True(ideas.Length >= 5);
        foreach (string idea in ideas)
        {
            Requirements requirements = IdeaReader.Read(idea, null);
            Assert.Empty(requirements.Notes);
            Assert.True(requirements.Stories.Count + requirements.Entities.Count > 0, idea);
        }
    }
}
