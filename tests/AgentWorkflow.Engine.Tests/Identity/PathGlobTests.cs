using AgentWorkflow.Engine.Identity;

using CsCheck;

namespace AgentWorkflow.Engine.Tests.Identity;

public sealed class PathGlobTests
{
    [Theory]
    [InlineData("src/**", "src/a.cs", true)]
    [InlineData("src/**", "src/a/b/c.cs", true)]
    [InlineData("src/**", "src", true)]
    [InlineData("src/**", "srcs/a", false)]
    [InlineData("src/", "src/a/b", true)]
    [InlineData("**/*.cs", "a.cs", true)]
    [InlineData("**/*.cs", "x/y/a.cs", true)]
    [InlineData("*.cs", "x/a.cs", false)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b/**/c", "a/b/b/x/c", true)]
    [InlineData("a/**/b/**/c", "a/x/c", false)]
    [InlineData("README.md", "README.md", true)]
    [InlineData("README.md", "readme.md", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("?.txt", "ab.txt", false)]
    [InlineData("**", ".github/workflows/x.yml", true)]
    [InlineData("*", ".env", true)]
    public void Patterns_Match_Paths(string pattern, string path, bool expected) => Assert.Equal(expected, PathGlob.Parse(pattern).Matches(path));

    [Theory]
    [InlineData("")]
    [InlineData("/src")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a\\b")]
    [InlineData("src/**.cs")]
    public void Wrong_Patterns_Are_Refused(string pattern) => Assert.False(PathGlob.TryParse(pattern, out _, out string? refusal) || refusal is null);

    [Theory]
    [InlineData("src/**", "tests/**", false)]
    [InlineData("src/**", "src/a.cs", true)]
    [InlineData("**/*.md", "docs/**", true)]
    [InlineData("*.md", "docs/**", false)]
    [InlineData("a*", "*b", true)]
    [InlineData("a?c", "abd", false)]
    [InlineData("**/a/**", "**/b/**", true)]
    [InlineData("x/*", "x/y/*", false)]
    public void Overlap_Is_Known(string one, string other, bool expected)
    {
        Assert.Equal(expected, PathGlob.Parse(one).Overlaps(PathGlob.Parse(other)));
        Assert.Equal(expected, PathGlob.Parse(other).Overlaps(PathGlob.Parse(one)));
    }

    [Fact]
    public void A_Path_That_Both_Match_Proves_The_Overlap()
    {
        Gen<string> part = OneOf("**", "*", "a", "b", "a*", "*b", "?", "ab");
        Gen<string> pattern = part.Array[1, 4].Select(p => string.Join('/', p));
        Gen<string> path = OneOf("a", "b", "ab", "abb", "c").Array[1, 5].Select(p => string.Join('/', p));
        Gen.Select(pattern, pattern, path).Sample((one, other, text) =>
        {
            PathGlob first = PathGlob.Parse(one), second = PathGlob.Parse(other);
            Assert.True(!first.Matches(text) || !second.Matches(text) || first.Overlaps(second), $"{one} {other} {text}");
        });
    }

    [Fact]
    public void A_Hostile_Pattern_Ends_Soon()
    {
        PathGlob glob = PathGlob.Parse(string.Join('/', Enumerable.Repeat("**/a*a*a*a*b", 60)));

        Assert.False(glob.Matches(string.Join('/', Enumerable.Repeat(new string('a', 60), 60))));
        Assert.True(glob.Overlaps(glob));
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
