using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Agents.Offline.Ideas;

using CsCheck;

namespace AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;

public sealed class PlainPatternTests
{
    [Theory]
    [InlineData(@"^\d{13}$", "^[0-9]{13}$")]
    [InlineData(@"^[A-Z]{2}-\d{4,6}$", "^[A-Z]{2}-[0-9]{4,6}$")]
    [InlineData("^[a-z]+(-[a-z]+)*$", "^[a-z]+(?:-[a-z]+)*$")]
    [InlineData(@"^\+?[\d ]{5,20}$", @"^\+?[ 0-9]{5,20}$")]
    [InlineData(@"^(97[89])?\d{9}[\dX]$", "^(?:97[89])?[0-9]{9}[0-9X]$")]
    [InlineData("^(red|green)$", "^(?:red|green)$")]
    [InlineData(@"^[^@\s]+$", @"^[^\s@]+$")]
    [InlineData("abc", "abc")]
    public void A_Plain_Pattern_Is_Rewritten(string pattern, string expected)
    {
        Assert.True(PlainPattern.TryRead(pattern, out string? read, out string? refusal), refusal);
        Assert.Equal(expected, read);
    }

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("^(a|a)*$")]
    [InlineData("^(a?){30}a{30}$")]
    [InlineData("^(a{1,9}){1,9}$")]
    [InlineData("^.*.*x$")]
    [InlineData("a+b")]
    [InlineData(@"^(x)\1$")]
    [InlineData("^(?=a)a$")]
    [InlineData("^(?<n>a)$")]
    [InlineData(@"^\p{L}+$")]
    [InlineData(@"^\bword$")]
    [InlineData("^[z-a]$")]
    [InlineData("^(a$")]
    [InlineData("^a)$")]
    [InlineData("^a|b$extra")]
    [InlineData("^a**$")]
    [InlineData("")]
    public void Anything_Else_Is_Refused_With_A_Reason(string pattern)
    {
        Assert.False(PlainPattern.TryRead(pattern, out _, out string? refusal));
        Assert.NotEmpty(refusal!);
    }

    [Fact]
    public void What_Is_Accepted_Means_The_Same_And_Is_Never_Slow() =>
        Gen.Select(Gen.Char["ab0-9^$.*+?()[]{}|\\dw,1 "].Array[1, 15], Gen.Char["ab0 1-"].Array[0, 30]).Sample(
            (p, t) =>
            {
                string pattern = new(p), text = new(t);
                if (PlainPattern.TryRead(pattern, out string? read, out _))
                {
                    Assert.Equal(Regex.IsMatch(text, pattern, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1)), Regex.IsMatch(text, read, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
                    _ = Regex.IsMatch(new string('a', 5_000) + "!", read, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
                }
            },
            iter: 20_000);
}
