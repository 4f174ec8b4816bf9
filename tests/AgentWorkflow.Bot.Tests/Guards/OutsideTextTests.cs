using AgentWorkflow.Bot.Guards;

using CsCheck;

namespace AgentWorkflow.Bot.Tests.Guards;

public sealed class OutsideTextTests
{
    [Theory]
    [InlineData(0x200B, 0x200F, "zero-width")]
    [InlineData(0x2060, 0x2064, "zero-width")]
    [InlineData(0xFEFF, 0xFEFF, "zero-width")]
    [InlineData(0x180E, 0x180E, "zero-width")]
    [InlineData(0x00AD, 0x00AD, "zero-width")]
    [InlineData(0x202A, 0x202E, "direction")]
    [InlineData(0x2066, 0x2069, "direction")]
    [InlineData(0xE0000, 0xE007F, "tag")]
    [InlineData(0xFE00, 0xFE0F, "variation selector")]
    [InlineData(0xE0100, 0xE01EF, "variation selector")]
    [InlineData(0x115F, 0x1160, "filler")]
    [InlineData(0x3164, 0x3164, "filler")]
    [InlineData(0xFFA0, 0xFFA0, "filler")]
    public void Each_Invisible_Character_Is_Removed_And_Counted(int from, int to, string group)
    {
        string hidden = string.Concat(Enumerable.Range(from, to - from + 1).Select(char.ConvertFromUtf32));

        CleanText clean = OutsideText.Clean("a" + hidden + "b");

        Assert.Equal("ab", clean.Text);
        Assert.Equal([new RemovedGroup(group, to - from + 1)], clean.Removed);
    }

    [Fact]
    public void What_Can_Be_Seen_Stays() => Assert.Null(OutsideText.Clean("Grüße, שלום, 你好, 😀\t\n").Sentence);

    [Fact]
    public void The_Sentence_Names_The_Groups() =>
        Assert.Equal("3 invisible characters were removed (1 zero-width, 2 direction).", OutsideText.Clean("a\u200Bb\u202Ac\u202E").Sentence);

    [Fact]
    public void Cleaning_Twice_Changes_Nothing_More() => Gen.String.Sample(text =>
    {
        string once = OutsideText.Clean(text).Text;
        Assert.Equal(once, OutsideText.Clean(once).Text);
    });
}
