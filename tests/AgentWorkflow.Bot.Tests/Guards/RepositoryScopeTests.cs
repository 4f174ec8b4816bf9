using AgentWorkflow.Bot.Guards;

namespace AgentWorkflow.Bot.Tests.Guards;

public sealed class RepositoryScopeTests
{
    [Theory]
    [InlineData("*", "local:a/b", true)]
    [InlineData("*", "*", true)]
    [InlineData("local:*", "*", false)]
    [InlineData("local:*", "local:a/b", true)]
    [InlineData("local:*", "github:a/b", false)]
    [InlineData("a/*", "local:a/b", true)]
    [InlineData("a/*", "local:a/b/c", true)]
    [InlineData("a/*", "local:ab/c", false)]
    [InlineData("a/*", "local:A/b", false)]
    [InlineData("a/*", "a/*", true)]
    [InlineData("a/*", "*", false)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "local:a/b", true)]
    [InlineData("local:a/b", "a/b", false)]
    [InlineData("a/b", "a/*", false)]
    [InlineData("a/b", "a/bc", false)]
    [InlineData("a/b", "a/b/c", false)]
    public void A_Pattern_Covers_What_It_Says_And_No_More(string pattern, string other, bool covers)
    {
        Assert.True(RepositoryScope.TryParse(pattern, out RepositoryScope? scope));
        Assert.True(RepositoryScope.TryParse(other, out RepositoryScope? wanted));

        Assert.Equal(covers, scope.Covers(wanted));
        Assert.Equal(pattern, scope.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("a")]
    [InlineData("a/")]
    [InlineData("/*")]
    [InlineData("*/a")]
    [InlineData("a*/b")]
    [InlineData("a/b*")]
    [InlineData(":a/b")]
    [InlineData("GitHub:a/b")]
    [InlineData("a/../b")]
    public void What_Is_No_Pattern_Means_Nothing(string? text) => Assert.False(RepositoryScope.TryParse(text, out _));
}
