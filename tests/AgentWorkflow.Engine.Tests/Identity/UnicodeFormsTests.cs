using AgentWorkflow.Engine.Identity;

using CsCheck;

namespace AgentWorkflow.Engine.Tests.Identity;

public sealed class UnicodeFormsTests
{
    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u1E69", "\u1E69")]
    [InlineData("s\u0307\u0323", "\u1E69")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("a\u0315\u0300", "\u00E0\u0315")]
    [InlineData("\u0B95\u0BBE", "\u0B95\u0BBE")]
    [InlineData("\u0BC6\u0BBE", "\u0BCA")]
    [InlineData("\uF900", "\u8C48")]
    public void Form_C_Composes(string text, string expected) => Assert.Equal(expected, UnicodeForms.Compose(text));

    [Theory]
    [InlineData("\uFF0E\uFF0F", "./")]
    [InlineData("\uFB01", "fi")]
    [InlineData("\u2026", "...")]
    [InlineData("\u00B2", "2")]
    [InlineData("\u32A4", "\u4E0A")]
    [InlineData("\uFF76\uFF9E", "\u30AC")]
    public void Form_KC_Folds_What_Looks_Alike(string text, string expected) => Assert.Equal(expected, UnicodeForms.Compose(text, compatible: true));

    [Fact]
    public void Forms_Agree_With_Each_Other() => Gen.Char.Array[0, 8].Select(c => new string(c)).Sample(text =>
    {
        string composed = UnicodeForms.Compose(text);
        Assert.Equal(composed, UnicodeForms.Compose(composed));
        Assert.Equal(UnicodeForms.Decompose(text), UnicodeForms.Decompose(composed));
        Assert.True(UnicodeForms.IsComposed(composed));
    });
}
