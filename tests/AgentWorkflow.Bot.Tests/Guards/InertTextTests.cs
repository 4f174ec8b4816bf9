using System.Text.RegularExpressions;

using AgentWorkflow.Bot.Guards;

using CsCheck;

using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AgentWorkflow.Bot.Tests.Guards;

public sealed partial class InertTextTests
{
    // What GitHub and GitLab render beyond CommonMark.
    private static readonly MarkdownPipeline Forge = new MarkdownPipelineBuilder()
        .UsePipeTables().UseAutoLinks().UseTaskLists().UseFootnotes().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough | EmphasisExtraOptions.Superscript).UseMathematics().UseAlertBlocks().Build();

    private static readonly string[] Acting =
    [
        "@ada", "@ada,", "(@ada)", "@org/team", "@org/group/sub", "@everyone", "@all", "@here", "@dependabot merge", "@a-b_c.d", "**@ada**", "ada@example.com", "_@ada_", "\"@ada\"",
        "#1", "#12.", "(#1)", "fixes #1", "Closes #1, #2", "resolves: #1", "owner/repo#1", "a.b/c-d#99", "group/sub/project#3", "!1", "group/project!7", "&5", "group&5", "%3", "%\"v1\"", "~bug", "~\"needs triage\"", "$5", "^alert#4",
        "GH-1", "gh-12", "fixes GH-1", "[vulnerability:12]", "[feature_flag:3]", "*iteration:\"x\"",
        "a1b2c3d", "see a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d0", "defaced1", "owner/repo@a1b2c3d4",
        "https://example.com/a?b=c", "HTTP://EXAMPLE.COM", "ftp://x.y", "www.example.com", "mailto:a@b.c", "xmpp:a@b.c", "<https://a.b>", "<a@b.c>", "closes https://github.com/o/r/issues/1",
        "/merge", "/approve", "/assign @ada", "/lgtm", "/close", "/label ~bug", "/rebase", "/generate", "/aw approve abc", "bors r+", "bors try", "homu r+", "recheck", "r? @ada",
    ];

    private static readonly string[] Layout =
    [
        "<b>x</b>", "<img src=x onerror=y>", "<details><summary>a</summary>b</details>", "</details>", "</td></tr></table>", "<!-- hidden -->", "<!--", "-->", "<?php ?>", "<![CDATA[x]]>", "<script>alert(1)</script>", "<svg/onload=x>", "<a href=\"x\">y</a>", "<br>", "&lt;b&gt;", "&amp;", "&#64;ada", "&#x23;1", "&copy;",
        "![a](http://x/y.png)", "[a](b)", "[a](<b c>)", "[a][b]", "[a]", "[a]: http://x", "[a]: /x 'y'", "[^1]", "[^1]: note", "[[wiki]]", "![][x]", "[ ] todo", "[x] done", "- [ ] todo",
        "# Heading", "###### six", "#", "Title\n=====", "Title\n---", "---", "***", "___", "===", "- item", "+ item", "* item", "1. item", "1) item", "123456789. item", "> quote", ">", "> [!WARNING]\n> x", "    indented", "\tcode",
        "```\nfence", "```", "~~~\nfence", "~~~~", "``` a ``` b", "`code`", "``a ` b``", "`", "``", "a`b", "\\`a\\`", "\\", "\\\\", "a\\", "trailing\\\nbreak", "two  \nspaces",
        "| a | b |\n|---|---|\n| 1 | 2 |", "a | b", "|", "||", "|-|", "*a*", "**a**", "_a_", "__a__", "***a***", "~~a~~", "~a~", "a^b^", "$x$", "$$x$$", "$`x`$", "$`\\href{javascript:x}{y}`$",
        ":tada:", "::: warning", ": definition", "*[HTML]: x", "line one\r\nline two", "a\u2028b\u2029c", "a\u0085b", "a\u0000b", "a\u001B[31mred", "\u202Egnp.exe", "a\u200B@\u200Bada", "#\u20601", "@\uFEFFada", "\uD83D\uDE00 fine", "\uD800", "G\u0308r\u00FC\u00DFe",
        "", " ", "\n\n", "-", "=", "+", ".", "1.", "1", "'", "\"", "(", ")", "a (b) c", "C#", "F# and C++", "100%", "R&D", "a < b > c", "snake_case_name", "x * y * z",
    ];

    // Every line of ours in which such text stands.
    private static readonly string[] Places = ["{0}", "**Not verified**: {0}", "- {0}", "| a | {0} | b |", "### S1 {0}", "*{0} stays here*"];

    public static TheoryData<string> Hostile { get; } = [.. Acting, .. Layout, .. Acting.Select(a => $"please {a} now"), .. Acting.Zip(Layout, (a, l) => $"{l} {a}"), .. Layout.Select(l => $"x {l} y")];

    public static TheoryData<string> Actions { get; } = [.. Acting];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Only_Text_And_Code_Comes_Out_Of_A_Renderer(string text) => AssertInert(InertText.Of(text));

    [Fact]
    public void Random_Texts_Are_Inert_Too() =>
        Gen.OneOf(
            Gen.String,
            Gen.Char["@#!/\\`*_[](){}<>|~$^&%:.-+=0123456789abcdefGH \n\t\"'\u200B\u2028"].Array[0, 60].Select(characters => new string(characters)),
            Gen.Int[0, Acting.Length + Layout.Length - 1].Select(i => i < Acting.Length ? Acting[i] : Layout[i - Acting.Length]).Array[1, 6].Select(words => string.Join(' ', words)))
        .Sample(text =>
        {
            AssertInert(InertText.Of(text));
            AssertNothingActs(InertText.Plain(text));
        });

    [Theory]
    [MemberData(nameof(Hostile))]
    public void It_Stays_In_Its_Place(string text)
    {
        foreach (string place in Places)
        {
            string around = place.StartsWith('|') ? "| 1 | 2 | 3 |\n|---|---|---|\n" : "";
            string inert = Shape(around + string.Format(System.Globalization.CultureInfo.InvariantCulture, place, InertText.Of(text) is { Length: > 0 } some ? some : "x"));
            string plain = Shape(around + string.Format(System.Globalization.CultureInfo.InvariantCulture, place, "x"));

            Assert.Equal(plain, inert);
        }
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void What_Acts_Is_Only_Ever_In_Code(string text)
    {
        string inert = InertText.Of(text);

        Assert.Contains('`', inert);
        AssertNothingActs(CodeSpan().Replace(inert, "code"));
    }

    [Theory]
    [InlineData("As a reader I want to be reminded (by SMS), so that I am in time.", "As a reader I want to be reminded (by SMS), so that I am in time.")]
    [InlineData("ask @ada, please", "ask `@ada`, please")]
    [InlineData("a < b & c", "a &lt; b &amp; c")]
    [InlineData("1. first", "1\\. first")]
    [InlineData("snake_case", "snake\\_case")]
    [InlineData("two\nlines", "two lines")]
    [InlineData("GET /books?limit=1", "GET `/books?limit=1`")]
    public void A_Reader_Sees_What_Was_Meant(string text, string expected) => Assert.Equal(expected, InertText.Of(text));

    [Theory]
    [InlineData("Lending library for @ada fixes #1", "Lending library for ada fixes 1")]
    [InlineData("closes https://github.com/o/r/issues/1", "closes https: github.com/o/r/issues/1")]
    [InlineData("fixes owner/repo#1 and GH-2", "fixes owner/repo 1 and GH 2")]
    [InlineData("/merge this", "merge this")]
    [InlineData("Draft: a library", "Draft - a library")]
    [InlineData("[WIP] a library", "WIP - a library")]
    [InlineData("a library [skip ci]", "a library skip ci")]
    [InlineData("reverts a1b2c3d4e5", "reverts a1b2c3…")]
    [InlineData("1234567 books in C#", "1234567 books in C#")]
    [InlineData("two\n\nSigned-off-by: x", "two Signed-off-by: x")]
    public void Plain_Text_Loses_What_Acts(string text, string expected) => Assert.Equal(expected, InertText.Plain(text));

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Plain_Text_Is_One_Line_And_Does_Nothing(string text)
    {
        string plain = InertText.Plain(text);

        Assert.DoesNotContain(plain, char.IsControl);
        AssertNothingActs(plain);
        Assert.Equal(OutsideText.Clean(plain).Text, plain);
    }

    [Fact]
    public void Very_Long_Text_Is_Cut()
    {
        string[] units = ["@", "@a ", "`", "<", "&", "a", "a ", "://", "0123456", "[a](b)", "\uD83D\uDE00", "((((", "/a"];
        foreach (string unit in units)
        {
            string text = string.Concat(Enumerable.Repeat(unit, 100_000));

            Assert.InRange(InertText.Of(text, 500).Length, 1, 500);
            Assert.InRange(InertText.Of(text).Length, 1, 4_000);
            Assert.InRange(InertText.Plain(text).Length, 0, 16_000);
            AssertInert(InertText.Of(text, 500));
        }
    }

    private static void AssertInert(string inert)
    {
        Assert.DoesNotContain('\n', inert);
        foreach (MarkdownObject node in Markdown.Parse(inert, Forge).Descendants())
        {
            Assert.True(
                node is ParagraphBlock or LiteralInline or CodeInline or HtmlEntityInline or ContainerInline { Parent: null },
                $"'{inert}' renders as {node.GetType().Name}");
        }
    }

    private static void AssertNothingActs(string text) => Assert.DoesNotMatch(
        new Regex(@"(?<![\w])@\w|#\d|(?<!\w)!\d|\bGH-\d|://|^/\w|\[(skip|no) ci\]", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture), text);

    private static string Shape(string markdown) => string.Join(' ', Markdown.Parse(markdown, Forge).Descendants()
        .Where(n => n is not (LiteralInline or CodeInline or HtmlEntityInline)).Select(n => n.GetType().Name));

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex CodeSpan();
}
