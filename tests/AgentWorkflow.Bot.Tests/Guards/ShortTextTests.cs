using System.Text;

using AgentWorkflow.Bot.Guards;

using CsCheck;

namespace AgentWorkflow.Bot.Tests.Guards;

public sealed class ShortTextTests
{
    private static readonly string[] s_parts = ["a", " ", "é", "\U0001F600", "\U0001F469\u200D", "…", "\n"];
    private static readonly Gen<string> s_texts = Gen.Int[0, 6].Array[0, 40].Select(parts => string.Concat(parts.Select(i => s_parts[i])));

    [Fact]
    public void It_Fits_And_Holds_No_Half_Of_A_Character() => Gen.Select(s_texts, Gen.Int[0, 60]).Sample((text, most) =>
    {
        foreach (string cut in new[] { ShortText.Of(text, most), ShortText.Start(text, most) })
        {
            Assert.True(cut.Length <= most, $"{cut.Length} > {most}");
            Assert.DoesNotContain(Rune.ReplacementChar, cut.EnumerateRunes());
        }

        Assert.StartsWith(ShortText.Start(text, most), text, StringComparison.Ordinal);
        Assert.Equal(text.Length <= most, ShortText.Start(text, most) == text);
    });

    [Theory]
    [InlineData("abcd", 4, "abcd")]
    [InlineData("abcde", 4, "abc…")]
    [InlineData("ab   cde", 5, "ab…")]
    [InlineData("abc\U0001F600d", 5, "abc…")]
    [InlineData("ab", 1, "…")]
    [InlineData("ab", 0, "")]
    public void What_Was_Cut_Ends_With_An_Ellipsis(string text, int most, string expected) => Assert.Equal(expected, ShortText.Of(text, most));
}
