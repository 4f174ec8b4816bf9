using AgentWorkflow.Bot.Triggers;

using CsCheck;

namespace AgentWorkflow.Bot.Tests.Triggers;

/// <summary>Commands are read strictly (promise P51): what is not one in its very first characters is a text like any other.</summary>
public sealed class CommandLineTests
{
    private static readonly string[] s_before =
    [
        " ", "\t", "\n", "\r\n", "\u00A0", "\u200B", "\u200C", "\u200D", "\u2060", "\uFEFF", "\u202E", "\u202D", "\u200F", "\u2066", "\u00AD", "\0", "\u001B[0m", "\u3000",
        "> ", ">", "```\n", "```", "~~~\n", "`", "``", "    ", "- ", "* ", "+ ", "1. ", "# ", "| ", "<!-- ", "<!--\n", "<details>\n", "<b>", "**", "_", "~~", "[", "(", "\"", "'", "\\", "@bot ", "@agentworkflow ",
        "please ", "On Mon, Ada wrote:\n> ", "-- \n", "Sent from my phone\n", "```suggestion\n", "$ ", "./", "http:/", "https://example.org", "a", "/", "//", "!", "．", "。", "，",
    ];

    private static readonly string[] s_instead =
    [
        "／generate", "∕generate", "⁄generate", "\\generate", "⧸generate", "/Generate", "/GENERATE", "/gеnerate", "/generаte", "/ɡenerate", "/generate\u200B", "/generate\u200D", "/generate\u2060", "/generate\uFEFF",
        "/generate\u0301", "/gene\u00ADrate", "/gen\u200Berate", "/generate\u202E", "/ generate", "/\tgenerate", "/generate\tx", "/generate;rm", "/generate;rm -rf /", "/generate&&rm", "/generate|sh", "/generate$(id)", "/generate`id`",
        "/generate.", "/generate,", "/generate!", "/generate?", "/generate:", "/generate=1", "/generate/x", "/generate\\n", "/generate\u00A0x", "/generate\u3000x", "/generate\u2028x", "/generate\u2029x", "/generate\u0085x", "/generate\vx", "/generate\fx",
        "/generate\rx", "/generate\0", "/𝗀enerate", "/ｇenerate", "/-generate", "/1generate", "/_generate", "/generate_x", "/", "//generate", "/generate\u001b[31m", "/génerate", "/генерировать", "/" + "ggggggggggggggggggggggggggggggggggggggggg",
    ];

    public static TheoryData<string> NoCommands =>
        [.. s_before.SelectMany(b => new[] { b + "/generate", b + "/generate generate key=value", b + "/cancel" }), .. s_instead, .. s_instead.Where(i => i != "/").Select(i => i + " key=value"), "", "generate", "hello\n/generate", "hello\r\n/generate"];

    [Theory]
    [MemberData(nameof(NoCommands))]
    public void What_Only_Looks_Like_A_Command_Is_None(string body) => Assert.Null(CommandLine.TryRead(body));

    [Theory]
    [InlineData("/generate", "generate", null)]
    [InlineData("/generate\r\n", "generate", null)]
    [InlineData("/generate  ", "generate", null)]
    [InlineData("/aw generate", "generate", null)]
    [InlineData("/aw   generate other", "generate", "other")]
    [InlineData("/generate other\r\nmore", "generate", "other")]
    [InlineData("/approve k3v9m2qa", "approve", "k3v9m2qa")]
    [InlineData("/my-own-word", "my-own-word", null)]
    public void A_Command_Is_Read(string body, string name, string? word)
    {
        CommandLine? command = CommandLine.TryRead(body);

        Assert.Equal((name, word, null), (command?.Name, command?.Word, command?.Problem));
    }

    [Fact]
    public void Arguments_And_Instructions_Are_Kept_Apart()
    {
        CommandLine? command = CommandLine.TryRead("/generate api stack=node-api note=a=b;$(id)\r\n\r\nMake it small.\r\n/cancel\r\n");

        Assert.Equal("api", command?.Word);
        Assert.Equal(["note=a=b;$(id)", "stack=node-api"], command!.Arguments.Select(a => $"{a.Key}={a.Value}").Order(StringComparer.Ordinal));
        Assert.Equal("Make it small.\r\n/cancel", command.Text);
    }

    [Theory]
    [InlineData("/generate a b")]
    [InlineData("/generate a=1 b")]
    [InlineData("/generate a=1 a=2")]
    [InlineData("/generate --yes")]
    [InlineData("/generate -f")]
    [InlineData("/generate =x")]
    [InlineData("/generate a=\u200B")]
    [InlineData("/generate a=x\u202Ey")]
    [InlineData("/generate a\u200B")]
    [InlineData("/generate $(id)")]
    [InlineData("/generate ;rm")]
    [InlineData("/generate <!-- a=1")]
    public void One_Wrong_Word_Refuses_The_Whole_Line(string body) => Assert.NotNull(CommandLine.TryRead(body)?.Problem);

    [Fact]
    public void A_Rejection_Takes_Free_Text() =>
        Assert.Equal("no, a=b -- not like this\nbelow", CommandLine.TryRead("/reject no, a=b -- not like this\nbelow")?.Text);

    [Fact]
    public void No_Text_Breaks_The_Reader_And_Every_Command_Begins_With_Its_Word() =>
        Gen.OneOf(Gen.String, Gen.String.Select(s => "/generate" + s), Gen.String.Select(s => "/generate " + s), Gen.Char["/ >`\n\r\tgenrate=-\u200B\u202E\uFF0F\uD800"].Array.Select(c => new string(c)))
            .Sample(
                body =>
                {
                    CommandLine? command = CommandLine.TryRead(body);
                    Assert.True(command is null || body.StartsWith('/'));
                    Assert.True(command is null || body.StartsWith("/aw ", StringComparison.Ordinal) || body.StartsWith("/" + command.Name, StringComparison.Ordinal));
                },
                iter: 5000);
}
