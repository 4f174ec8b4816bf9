using AgentWorkflow.Engine.Definition;

using CsCheck;

namespace AgentWorkflow.Engine.Tests.Definition;

public sealed class PathGlobTests
{
    private static readonly Gen<string> Paths = Gen.Char["ab"].Array[1, 3].Select(c => new string(c)).Array[1, 5].Select(parts => string.Join('/', parts));
    private static readonly Gen<string> Patterns = Gen.OneOf(Gen.Const("**"), Gen.Char["ab*?"].Array[1, 3].Select(c => new string(c).Replace("***", "*", StringComparison.Ordinal).Replace("**", "*", StringComparison.Ordinal)))
        .Array[1, 5].Select(parts => string.Join('/', parts).Replace("**/**", "**", StringComparison.Ordinal));

    private static PathGlob Glob(string text)
    {
        Assert.True(PathGlob.TryParse(text, out PathGlob? glob, out string? refusal), refusal);
        return glob;
    }

    [Theory]
    [InlineData("src/**", "src/a.cs", true)]
    [InlineData("src/**", "src/a/b/c.cs", true)]
    [InlineData("src/**", "src", false)]
    [InlineData("src/**", "Src/a.cs", false)]
    [InlineData("src/**", "srcs/a.cs", false)]
    [InlineData("src/", "src/a/b.cs", true)]
    [InlineData("**", "a", true)]
    [InlineData("**/*.cs", "a.cs", true)]
    [InlineData("**/*.cs", "x/y/a.cs", true)]
    [InlineData("*.cs", "x/a.cs", false)]
    [InlineData("a/**/z", "a/z", true)]
    [InlineData("a/**/z", "a/b/c/z", true)]
    [InlineData("a/**/z", "a/b/c/y", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("a*c*e", "abcde", true)]
    [InlineData("README.md", "README.md", true)]
    [InlineData("README.md", "READMEXmd", false)]
    public void Matches_Paths(string glob, string path, bool expected) => Assert.Equal(expected, Glob(glob).IsMatch(path));

    [Theory]
    [InlineData("src/**", "src/a.cs", true)]
    [InlineData("src/**", "tests/**", false)]
    [InlineData("src/**", "**/*.md", true)]
    [InlineData("src/*.cs", "src/*.md", false)]
    [InlineData("src/a*", "src/*b", true)]
    [InlineData("docs/**", "README.md", false)]
    [InlineData("**", "README.md", true)]
    [InlineData("a/*/c", "a/b/*", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("?", "ab", false)]
    [InlineData("a/**/x", "a/b/**", true)]
    public void Finds_Whether_Two_Globs_Share_A_Path(string a, string b, bool expected)
    {
        Assert.Equal(expected, Glob(a).Overlaps(Glob(b)));
        Assert.Equal(expected, Glob(b).Overlaps(Glob(a)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../x")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("a\\b")]
    [InlineData("a**b")]
    [InlineData("!a")]
    [InlineData("a[bc]")]
    public void Refuses_What_Is_No_Glob(string text) => Assert.False(PathGlob.TryParse(text, out _, out _));

    [Fact]
    public void A_Path_Matches_What_It_Overlaps() =>
        Gen.Select(Patterns, Paths).Sample((glob, path) => Glob(glob).IsMatch(path) == Glob(glob).Overlaps(Glob(path)));

    [Fact]
    public void No_Pattern_Is_Slow() =>
        Assert.False(Glob(string.Concat(Enumerable.Repeat("*a", 249))).IsMatch(new string('a', 4000) + "b"));
}
