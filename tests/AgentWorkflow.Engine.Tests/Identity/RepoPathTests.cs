using System.Text;

using AgentWorkflow.Engine.Identity;

using CsCheck;

namespace AgentWorkflow.Engine.Tests.Identity;

public sealed class RepoPathTests
{
    [Theory]
    [InlineData("", "empty")]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("//server/share", "absolute")]
    [InlineData("a//b", "empty part")]
    [InlineData("a/", "empty part")]
    [InlineData("../a", "traversal")]
    [InlineData("a/../../b", "traversal")]
    [InlineData("./a", "traversal")]
    [InlineData("a/.", "traversal")]
    [InlineData("a/.../b", "traversal")]
    [InlineData("..;/a", "traversal")]
    [InlineData("a\\b", "backslash")]
    [InlineData("\\\\server\\share", "backslash")]
    [InlineData("..\\..\\a", "backslash")]
    [InlineData("C:/Windows", "drive or stream")]
    [InlineData("c:x", "drive or stream")]
    [InlineData("file.txt:stream", "drive or stream")]
    [InlineData(".git::$INDEX_ALLOCATION/x", "drive or stream")]
    [InlineData("a\0b", "control character")]
    [InlineData("a\nb", "control character")]
    [InlineData("a\u0085b", "control character")]
    [InlineData("a\u2028b", "control character")]
    [InlineData("a ", "trailing dot or space")]
    [InlineData("a./b", "trailing dot or space")]
    [InlineData("CON", "device name")]
    [InlineData("con.txt", "device name")]
    [InlineData("a/Aux.c", "device name")]
    [InlineData("NUL .txt", "device name")]
    [InlineData("COM1", "device name")]
    [InlineData("LPT\u00B9.log", "device name")]
    [InlineData("com\u00B3", "device name")]
    [InlineData("CONIN$", "device name")]
    [InlineData("conout$.x", "device name")]
    [InlineData("GIT~1/config", "git folder")]
    [InlineData("git~2", "git folder")]
    [InlineData("GITMOD~1", "short name")]
    [InlineData("PROGRA~1/x", "short name")]
    [InlineData("LONGNA~1.TXT", "short name")]
    [InlineData(".git/config", "git folder")]
    [InlineData("a/.GIT/hooks/pre-commit", "git folder")]
    [InlineData(".gIt /x", "git folder")]
    [InlineData(".git./x", "git folder")]
    [InlineData(".g\u200cit/config", "invisible character")]
    [InlineData(".git\u200c/config", "invisible character")]
    [InlineData("a\u202Etxt.exe", "invisible character")]
    [InlineData("a\u2066b", "invisible character")]
    [InlineData("a\uFEFFb", "invisible character")]
    [InlineData("a\u3164b", "invisible character")]
    [InlineData("a\uFE0Fb", "invisible character")]
    [InlineData("a\U000E0041", "invisible character")]
    [InlineData("a\uE000", "private character")]
    [InlineData("a\u0378", "unassigned character")]
    [InlineData("a\uFFFF", "unassigned character")]
    [InlineData("e\u0301.txt", "not NFC")]
    [InlineData("\u1100\u1161.txt", "not NFC")]
    [InlineData("a\u0323\u0302\u0323", "not NFC")]
    [InlineData("\u212B.txt", "not NFC")]
    [InlineData("a<b", "reserved character")]
    [InlineData("a*", "reserved character")]
    [InlineData("%2e%2e/a", "encoded traversal")]
    [InlineData("..%2fa", "traversal")]
    [InlineData("a/%2E%2E%2Fb", "encoded traversal")]
    [InlineData("%252e%252e%252fa", "encoded traversal")]
    [InlineData("a%5cb", "encoded traversal")]
    [InlineData("a%00.txt", "encoded traversal")]
    [InlineData("%c0%ae%c0%ae/a", "encoded traversal")]
    [InlineData("%u002e%u002e/a", "encoded traversal")]
    [InlineData("a%uff0fb", "encoded traversal")]
    [InlineData("\uFF0E\uFF0E/a", "look-alike")]
    [InlineData("a\uFF0Fb", "look-alike")]
    [InlineData("a\uFF3Cb", "look-alike")]
    [InlineData("\u2024\u2024/a", "look-alike")]
    [InlineData("\u2025/a", "look-alike")]
    [InlineData("a\u2215b", "look-alike")]
    [InlineData("a\u2044b", "look-alike")]
    [InlineData("\uFF23\uFF2F\uFF2E", "look-alike")]
    [InlineData("C\uFF1A", "look-alike")]
    [InlineData(".g\u2170t/config", "look-alike")]
    [InlineData("\uFF0Egit/config", "look-alike")]
    public void A_Path_That_Could_Leave_Its_Place_Is_Refused_By_Name(string text, string rule)
    {
        Assert.False(RepoPath.TryParse(text, out _, out string? refusal), text);
        Assert.StartsWith(rule + ":", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Half_Surrogate_Is_Refused()
    {
        Assert.False(RepoPath.TryParse("a\ud800b", out _, out string? refusal));
        Assert.StartsWith("half character:", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(254, true)]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void A_Part_Has_At_Most_255_Bytes(int bytes, bool valid)
    {
        Assert.Equal(valid, RepoPath.TryParse("a/" + new string('x', bytes), out _, out _));
        Assert.Equal(valid, RepoPath.TryParse("a/" + new string('é', bytes / 2) + new string('x', bytes % 2), out _, out _));
    }

    [Theory]
    [InlineData(4095, true)]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    [InlineData(5_000_000, false)]
    public void A_Path_Has_At_Most_4096_Bytes(int bytes, bool valid)
    {
        string text = string.Concat(Enumerable.Repeat("abcdefg/", bytes / 8)) + new string('x', bytes % 8);
        text = text.EndsWith('/') ? text[..^1] + "x" : text;

        Assert.Equal(valid, RepoPath.TryParse(text, out _, out string? refusal));
        Assert.True(valid || refusal!.StartsWith("path too long:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData(".github/workflows/ci.yml")]
    [InlineData(".gitignore")]
    [InlineData("src/[...slug]/(group)/page.tsx")]
    [InlineData("docs/Übersicht.md")]
    [InlineData("docs/日本語/漢字.txt")]
    [InlineData("docs/தமிழ்/சா.md")]
    [InlineData("docs/❤️.md")]
    [InlineData("docs/🚀.md")]
    [InlineData("한국어/파일.md")]
    [InlineData("a b/c,d;e=f&g@h!i#j$k%l^m(n)o+p.txt")]
    [InlineData("aux_file/console/comet/lpt10/nullable.cs")]
    [InlineData("100%/50%25/a%20b")]
    [InlineData("backup~")]
    [InlineData("~1")]
    [InlineData("libfoo-1.2~3.tar.gz")]
    [InlineData("x/.config/.eslintrc.json")]
    [InlineData("-rf")]
    public void An_Ordinary_Path_Is_Taken(string text) => Assert.True(RepoPath.TryParse(text, out _, out string? refusal), refusal);

    [Fact]
    public void Names_That_A_Repository_Has_Can_Be_Read_But_Not_Written()
    {
        Assert.True(RepoPath.TryParseExisting("drivers/aux.c", out RepoPath? path, out _));
        Assert.False(RepoPath.TryParse(path!.Value, out _, out _));
        Assert.False(RepoPath.TryParseExisting("a/../b", out _, out _));
        Assert.False(RepoPath.TryParseExisting("a/.GIT/config", out _, out _));
        Assert.False(RepoPath.TryParseExisting("a/.gi\u200dt/config", out _, out _));
    }

    [Fact]
    public void The_Order_Is_That_Of_The_Bytes() =>
        OneOf("a", "z", "/", ".", "é", "\uFFFD", "\uFB01", "\U0001F680", "漢").Array[1, 6].Select(t => string.Concat(t)).Array[2, 8].Sample(texts =>
        {
            RepoPath[] paths = [.. texts.Select(t => RepoPath.TryParseExisting(t, out RepoPath? p, out _) ? p : null).OfType<RepoPath>()];
            string[] ours = [.. paths.Order().Select(p => p.Value)];
            string[] bytes = [.. paths.Select(p => p.Value).OrderBy(v => Convert.ToHexString(Encoding.UTF8.GetBytes(v)), StringComparer.Ordinal)];
            Assert.Equal(bytes, ours);
        });

    [Fact]
    public void No_Text_Makes_It_Throw_And_What_Is_Taken_Stays_In_Its_Place() =>
        Gen.OneOf(Gen.String, OneOf("..", ".", "/", "\\", "%2e", "%2f", "a", ".git", "~1", ":", "\uFF0E", "\u0301", " ", "e").Array[0, 12].Select(t => string.Concat(t))).Sample(text =>
        {
            if (RepoPath.TryParse(text, out RepoPath? path, out _))
            {
                string full = Path.GetFullPath(Path.Combine("/srv/place", path.Value));
                Assert.Equal("/srv/place/" + path.Value, full);
                Assert.True(RepoPath.TryParseExisting(text, out _, out _));
                Assert.DoesNotContain(path.Value.Split('/'), p => p.Equals(".git", StringComparison.OrdinalIgnoreCase));
            }
        });

    [Fact]
    public void Decorations_Of_A_Traversal_Are_All_Refused()
    {
        string[] dots = ["..", "%2e%2e", ".%2e", "%2e.", "%252e%252e", "%c0%ae%c0%ae", "%u002e%u002e", "\uFF0E\uFF0E", "\u2025", "..;", ".. ", "...", "..%00", "%2e%2e%20", ".\u200b.", "\u2024\u2024"];
        string[] separators = ["/", "\\", "%2f", "%5c", "%252f", "%255c", "%c0%af", "%u2215", "%uff0f", "\u2215", "\uFF0F", "\uFF3C", "//", "/./"];
        string[] targets = ["etc/passwd", "a", ".git/config", "x.txt"];
        int count = 0;
        foreach (string dot in dots)
        {
            foreach (string separator in separators)
            {
                foreach (string target in targets)
                {
                    foreach (string lead in (string[])["", "a/", "a/b" + separator])
                    {
                        string text = lead + dot + separator + target;
                        Assert.False(RepoPath.TryParse(text, out _, out _), text);
                        count++;
                    }
                }
            }
        }

        Assert.True(count > 2000);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);
}
