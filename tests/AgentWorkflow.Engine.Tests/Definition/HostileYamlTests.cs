using System.Diagnostics;
using System.Text;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Engine.Tests.Definition;

/// <summary>Promise P76: every refusal names the place of the offending token, quickly, and nothing falls over.</summary>
public sealed class HostileYamlTests
{
    private const string Tail = "\non: { manual: true }\nsteps: [{ id: a, uses: export }]\n";

    public static TheoryData<string, string, string> Corpus { get; } = new()
    {
        // What YAML offers and the language does not.
        { "anchor", "name: &a x" + Tail, "1:7 AW0009" },
        { "alias", "name: *a" + Tail, "1:7 AW0009" },
        { "alias and anchor", "name: &a x\ndescription: *a" + Tail, "1:7 AW0009,2:14 AW0009" },
        { "anchor on a list", "steps: &s [{ id: a, uses: export }]\non: { manual: true }", "1:8 AW0009" },
        { "bomb", "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]" + Tail, "1:1 AW0020,1:4 AW0009,2:1 AW0020,2:4 AW0009,2:8 AW0009,2:11 AW0009,3:1 AW0020,3:4 AW0009,3:8 AW0009,3:11 AW0009" },
        { "recursive alias", "steps: &s [*s]\non: { manual: true }", "1:8 AW0009,1:12 AW0009" },
        { "merge key", "on: { manual: true }\nsteps:\n  - <<: { id: a }\n    id: a\n    uses: export", "3:5 AW0009" },
        { "merge key loop", "on: &o { <<: *o }\nsteps: [{ id: a, uses: export }]", "1:5 AW0009,1:10 AW0009,1:14 AW0009" },
        { "quoted merge key is a key", "'<<': 1" + Tail, "1:1 AW0020" },
        { "python tag", "name: !!python/object/apply:os.system [x]" + Tail, "1:7 AW0010,1:7 AW0022" },
        { "verbatim tag", "name: !<tag:yaml.org,2002:str> x" + Tail, "1:7 AW0010" },
        { "local tag", "name: !x y" + Tail, "1:7 AW0010" },
        { "standard tag", "name: !!str y" + Tail, "1:7 AW0010" },
        { "binary tag", "name: !!binary aGVsbG8=" + Tail, "1:7 AW0010,1:7 AW0025" },
        { "unknown tag handle", "name: !e!x y" + Tail, "1:7 AW0004" },
        { "yaml directive", "%YAML 1.2\n---" + Tail, "1:1 AW0011" },
        { "tag directive", "# c\n%TAG !e! tag:e,2000:\n---" + Tail, "2:1 AW0011" },
        { "two documents", "on: { manual: true }\nsteps: [{ id: a, uses: export }]\n---\nname: b", "3:1 AW0011" },
        { "document after an end mark", "on: { manual: true }\nsteps: [{ id: a, uses: export }]\n...\n---\nname: b", "4:1 AW0011" },
        { "list as a key", "? [a, b]\n: c" + Tail, "1:3 AW0012" },
        { "flow mapping as a key", "{ a: b }: c" + Tail, "1:1 AW0012" },
        { "template braces without quotes", "name: {{ x }}" + Tail, "1:7 AW0022,1:8 AW0012" },
        { "duplicate key", "name: a\nname: b" + Tail, "2:1 AW0008" },
        { "duplicate key in other quotes", "name: a\n\"name\": b" + Tail, "2:1 AW0008" },
        { "duplicate key deep", "on: { manual: true }\nsteps:\n  - id: a\n    uses: agent\n    with: { role: code, input: { x: 1, x: 2 } }", "5:40 AW0008" },

        // What is not YAML.
        { "tab for indentation", "on:\n\tmanual: true\nsteps: []", "2:1 AW0004" },
        { "open bracket", "on: [1\nsteps: 2", "2:1 AW0004" },
        { "open quote", "name: 'x" + Tail, "1:7 AW0004" },
        { "open double quote", "name: \"x", "1:7 AW0004" },
        { "unknown escape", "name: \"\\q\"" + Tail, "1:8 AW0004" },
        { "indentation that fits nothing", "on:\n    manual: true\n  issues: {}" + Tail, "3:3 AW0004" },
        { "two values", "name: a: b" + Tail, "1:8 AW0004" },
        { "closing bracket", "name: ]" + Tail, "1:7 AW0004" },
        { "reserved indicator", "name: @x" + Tail, "1:7 AW0004" },
        { "backtick", "name: `x`" + Tail, "1:7 AW0004" },
        { "block header", "name: |9x\n  a" + Tail, "1:9 AW0004" },
        { "only a comment", "# nothing\n", "1:1 AW0013" },
        { "nothing", "", "1:1 AW0013" },
        { "a scalar", "hello", "1:1 AW0022" },
        { "a list", "- a", "1:1 AW0022" },
        { "null", "~", "1:1 AW0022" },

        // What is typed otherwise than people think.
        { "no as a truth value", "on: { manual: no }\nsteps: [{ id: a, uses: export }]", "1:15 AW0022" },
        { "True as a truth value", "on: { manual: True }\nsteps: [{ id: a, uses: export }]", "1:15 AW0022" },
        { "text as a truth value", "on: { manual: 'true' }\nsteps: [{ id: a, uses: export }]", "1:15 AW0022" },
        { "one as a truth value", "on: { manual: 1 }\nsteps: [{ id: a, uses: export }]", "1:15 AW0022" },
        { "null as a truth value", "on: { manual: ~ }\nsteps: [{ id: a, uses: export }]", "1:15 AW0022" },
        { "exponent as a whole number", "limits: { minutes: 1e3 }" + Tail, "1:20 AW0022" },
        { "octal", "limits: { minutes: 0o17 }" + Tail, "1:20 AW0022" },
        { "old octal", "limits: { minutes: 017 }" + Tail, "1:20 AW0022" },
        { "hexadecimal", "limits: { minutes: 0x1F }" + Tail, "1:20 AW0022" },
        { "sexagesimal", "limits: { minutes: 12:30:45 }" + Tail, "1:20 AW0022" },
        { "infinity", "limits: { cost-usd: .inf }" + Tail, "1:21 AW0022" },
        { "not a number", "limits: { cost-usd: .nan }" + Tail, "1:21 AW0022" },
        { "date", "limits: { minutes: 2026-01-01 }" + Tail, "1:20 AW0022" },
        { "underscores", "limits: { minutes: 1_0 }" + Tail, "1:20 AW0022" },
        { "plus", "limits: { minutes: +10 }" + Tail, "1:20 AW0022" },
        { "negative", "limits: { minutes: -1 }" + Tail, "1:20 AW0024" },
        { "too much", "limits: { minutes: 1441 }" + Tail, "1:20 AW0024" },
        { "far too much", "limits: { minutes: 99999999999999999999 }" + Tail, "1:20 AW0022" },
        { "number as a name", "name: 123" + Tail, "1:7 AW0022" },
        { "truth as a name", "name: true" + Tail, "1:7 AW0022" },
        { "null as a name", "name:" + Tail, "1:6 AW0022" },
        { "list as a name", "name: [a]" + Tail, "1:7 AW0022" },
        { "mapping as steps", "on: { manual: true }\nsteps: { a: b }", "2:8 AW0022" },
        { "no steps", "on: { manual: true }\nsteps: []", "2:8 AW0024" },
        { "text as a step", "on: { manual: true }\nsteps: [agent]", "2:9 AW0022" },
        { "a key of another place", "on: { manual: true }\nsteps: [{ id: a, uses: export, run: x }]", "2:32 AW0020" },
        { "missing keys", "name: a", "1:1 AW0021,1:1 AW0021" },
        { "nothing starts it", "on: {}\nsteps: [{ id: a, uses: export }]", "1:5 AW0040" },
        { "manual: false starts nothing", "on: { manual: false }\nsteps: [{ id: a, uses: export }]", "1:5 AW0040" },
        { "confusing values are told", "on: { manual: true }\nsteps: [{ id: a, uses: agent, with: { role: code, input: [no, 0o17, 12:30:45, .inf, True, 2026-01-01] } }]",
            "2:59 AW0015,2:63 AW0015,2:69 AW0015,2:79 AW0015,2:85 AW0015" },
        { "a number beyond all numbers", "on: { manual: true }\nsteps: [{ id: a, uses: agent, with: { role: code, input: 1e999 } }]", "2:58 AW0016" },

        // Characters.
        { "NUL", "name: a\0b" + Tail, "1:8 AW0003" },
        { "escape character", "name: a\u001bb" + Tail, "1:8 AW0003" },
        { "delete", "name: a\u007f" + Tail, "1:8 AW0003" },
        { "next line", "name: a\u0085b" + Tail, "1:8 AW0003" },
        { "line separator", "# x\nname: a\u2028b" + Tail, "2:8 AW0003" },
        { "right-to-left override", "name: a\u202eb" + Tail, "1:8 AW0003" },
        { "byte order mark in the middle", "name: a\ufeffb" + Tail, "1:8 AW0003" },
    };

    [Theory]
    [MemberData(nameof(Corpus))]
    public void Is_Refused_Or_Typed_At_The_Place_Of_The_Offending_Token(string what, string text, string expected)
    {
        WorkflowParse parse = WorkflowFiles.Parse(text);

        Assert.Equal(expected, string.Join(',', parse.Diagnostics.Select(d => $"{d.Line}:{d.Column} {d.Code}")));
        Assert.Equal(parse.Workflow is null, parse.Diagnostics.Any(d => d.Severity == Severity.Error));
        Assert.NotEmpty(what);
    }

    private static readonly Dictionary<string, (Func<byte[]> Content, string Expected)> Bytes = new(StringComparer.Ordinal)
    {
        ["invalid byte"] = (() => [.. "on: x\nname: "u8, 0xff], "2:7 AW0002"),
        ["overlong"] = (() => [.. "a: "u8, 0xc0, 0x80], "1:4 AW0002"),
        ["lone surrogate"] = (() => [.. "a: "u8, 0xed, 0xa0, 0x80], "1:4 AW0002"),
        ["cut sequence"] = (() => [.. "a: "u8, 0xe2, 0x82], "1:4 AW0002"),
        ["after a wide character"] = (() => [.. "é: "u8, 0x80], "1:4 AW0002"),
        ["UTF-16"] = (() => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("on: x")], "1:1 AW0002"),
        ["UTF-16, other order"] = (() => [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes("on: x")], "1:1 AW0002"),
        ["UTF-16 without a mark"] = (() => Encoding.Unicode.GetBytes("on: x"), "1:1 AW0002"),
        ["UTF-32"] = (() => [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes("on: x")], "1:1 AW0002"),
        ["UTF-32, other order"] = (() => [0, 0, 0xfe, 0xff, 0, 0, 0, 0x6f], "1:1 AW0002"),
        ["deep flow lists"] = (() => Encoding.UTF8.GetBytes(new string('[', 1_000_000)), "1:65 AW0005"),
        ["deep flow mappings"] = (() => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{a: ", 200_000))), "1:257 AW0005"),
        ["deep block lists"] = (() => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("- ", 500_000))), "1:129 AW0005"),
        ["deep explicit keys"] = (() => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("? ", 500_000))), "1:129 AW0005"),
        ["a million spaces"] = (() => Encoding.UTF8.GetBytes("steps: []\non:" + new string(' ', 1_000_000) + "x"), "1:8 AW0024"),
        ["stairs"] = (() => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(i => new string(' ', i) + "a:\n"))), "65:65 AW0005"),
        ["too many values"] = (() => Encoding.UTF8.GetBytes("[" + string.Concat(Enumerable.Repeat("1,", 400_000))), "1:20000 AW0006"),
        ["too many lines"] = (() => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("- a\n", 200_000))), "10000:3 AW0006"),
        ["too large"] = (() => Encoding.UTF8.GetBytes("name: a\n" + new string('#', 2 * 1024 * 1024)), "2:1048569 AW0001"),
        ["a huge file"] = (() => new byte[100_000_000], "1:1048577 AW0001"),
        ["a long text"] = (() => Encoding.UTF8.GetBytes("on: { manual: true }\nsteps: [{ id: a, uses: export }]\nname: " + new string('a', 100_000)), "3:7 AW0007"),
        ["a long quoted text"] = (() => Encoding.UTF8.GetBytes("name: '" + new string('a', 1_000_000) + "'" + Tail), "1:7 AW0007"),
        ["a long block text"] = (() => Encoding.UTF8.GetBytes("name: |\n" + string.Concat(Enumerable.Repeat("  some words\n", 50_000)) + Tail), "1:7 AW0007"),
        ["a long folded text"] = (() => Encoding.UTF8.GetBytes("name: >\n" + string.Concat(Enumerable.Repeat("  some words\n", 50_000)) + Tail), "1:7 AW0007"),
        ["a long plain text in lines"] = (() => Encoding.UTF8.GetBytes("name: a\n" + string.Concat(Enumerable.Repeat("  some words\n", 50_000)) + Tail), "1:7 AW0007"),
        ["a long key"] = (() => Encoding.UTF8.GetBytes(new string('a', 2000) + ": x"), "1:2001 AW0004"),
        ["many comments"] = (() => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("# words\n", 100_000))), "1:1 AW0013"),
        ["many empty lines"] = (() => Encoding.UTF8.GetBytes(new string('\n', 1_000_000)), "1:1 AW0013"),
        ["many anchors"] = (() => Encoding.UTF8.GetBytes("[" + string.Concat(Enumerable.Range(0, 90_000).Select(i => $"&a{i} x,"))), "1:2 AW0009"),
        ["many exclamation marks"] = (() => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("! ", 500_000))), "1:1 AW0010"),
        ["many percent signs"] = (() => Encoding.UTF8.GetBytes(new string('%', 1_000_000)), "1:2 AW0004"),
        ["many control characters"] = (() => new byte[500_000].Select((_, i) => i == 1 ? (byte)'a' : (byte)1).ToArray(), "1:1 AW0003"),
    };

    public static TheoryData<string> NamesOfBytes { get; } = [.. Bytes.Keys];

    [Theory]
    [MemberData(nameof(NamesOfBytes))]
    public void Hostile_Bytes_Are_Refused_At_Their_Place(string what)
    {
        byte[] bytes = Bytes[what].Content();
        string expected = Bytes[what].Expected;
        long start = Stopwatch.GetTimestamp();
        WorkflowParse parse = WorkflowFiles.Parse(bytes);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {took.TotalMilliseconds:0} ms");

        Assert.Null(parse.Workflow);
        Diagnostic first = parse.Diagnostics[0];
        Assert.Equal(expected, $"{first.Line}:{first.Column} {first.Code}");
        Assert.InRange(parse.Diagnostics.Count, 1, 101);

        // The promise is 100 ms; a busy machine that compiles beside the test gets some air.
        Assert.True(took < TimeSpan.FromMilliseconds(1500), $"{what} took {took}.");
    }

    [Fact]
    public void A_Byte_Order_Mark_Of_UTF8_Changes_No_Column()
    {
        WorkflowParse parse = WorkflowFiles.Parse([.. Encoding.UTF8.Preamble, .. "nam: x\non: { manual: true }\nsteps: [{ id: a, uses: export }]"u8]);

        Diagnostic only = Assert.Single(parse.Diagnostics);
        Assert.Equal("w.yml:1:1: error AW0020: a workflow has no key 'nam'. Did you mean 'name'?", only.ToString());
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Line_Breaks_Of_All_Systems_Count_The_Same(string lineBreak)
    {
        WorkflowParse parse = WorkflowFiles.Parse($"on: {{ manual: true }}{lineBreak}steps:{lineBreak}  - id: a{lineBreak}    uses: exprt{lineBreak}    if: inputs.x{lineBreak}");

        Assert.Equal(["4:11 AW0104", "5:16 AW0135"], parse.Diagnostics.Select(d => $"{d.Line}:{d.Column} {d.Code}"));
    }
}
