using AgentWorkflow.Bot.Steps.RepoCreation;

using CsCheck;

namespace AgentWorkflow.Bot.Tests.Steps.RepoCreation;

public sealed class RepositoryNamesTests
{
    [Theory]
    [InlineData("library", null)]
    [InlineData("Lending-Library_2.0", null)]
    [InlineData("", "empty")]
    [InlineData("library.git", "'.git'")]
    [InlineData("library.WIKI", "'.wiki'")]
    [InlineData("bücher", "other characters")]
    [InlineData("a/b", "other characters")]
    [InlineData("..", "start and end")]
    [InlineData("-library", "start and end")]
    [InlineData("a--b", "follow each other")]
    [InlineData("tree", "GitLab")]
    [InlineData("aux", "device")]
    public void A_Name_That_Some_Forge_Refuses_Is_Refused_With_The_Rule(string name, string? rule)
    {
        string? refusal = RepositoryNames.Check(name);

        Assert.Equal(rule is null, refusal is null);
        Assert.Contains(rule ?? "", refusal ?? "", StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Bücher & Leser!", "buecher-leser")]
    [InlineData("library.git", "library")]
    [InlineData("tree", "tree-project")]
    [InlineData("図書館", "project")]
    public void A_Suggestion_Looks_Like_The_Name(string name, string suggestion) => Assert.Equal(suggestion, RepositoryNames.Suggest(name));

    [Fact]
    public void Every_Suggestion_Would_Do() => Gen.String.Sample(name => RepositoryNames.Check(RepositoryNames.Suggest(name)) is null);

    [Fact]
    public void The_Longest_Name_Has_A_Hundred_Characters()
    {
        Assert.Null(RepositoryNames.Check(new string('a', 100)));
        Assert.Contains("101", RepositoryNames.Check(new string('a', 101)));
        Assert.Equal(100, RepositoryNames.Suggest(new string('a', 300)).Length);
    }
}
