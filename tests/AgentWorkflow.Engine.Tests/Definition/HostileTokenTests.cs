using System.Text.RegularExpressions;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Engine.Tests.Definition;

/// <summary>
/// The corpus of promise P76: each hostile token in the place of each value of each shipped example, some thousand files. Each
/// is refused with the place of the token, though the rest of the file is as it should be.
/// </summary>
public sealed partial class HostileTokenTests
{
    /// <summary>What stands there, how far into it the offence is, and its code.</summary>
    private static readonly (string Token, int Offset, string Code)[] s_tokens =
    [
        ("&a x", 0, "AW0009"), ("*a", 0, "AW0009"), ("&a [x, y]", 0, "AW0009"), ("&a { x: 1 }", 0, "AW0009"), ("[*a, *a]", 1, "AW0009"), ("&a 'x'", 0, "AW0009"),
        ("{ <<: { a: 1 } }", 2, "AW0009"), ("{ a: *b }", 5, "AW0009"),
        ("!!python/object/apply:os.system [x]", 0, "AW0010"), ("!!python/name:os.system ''", 0, "AW0010"), ("!<tag:yaml.org,2002:str> x", 0, "AW0010"), ("!x y", 0, "AW0010"),
        ("!!str y", 0, "AW0010"), ("!!binary aGVsbG8=", 0, "AW0010"), ("!!int 3", 0, "AW0010"), ("!!set { a }", 0, "AW0010"), ("! x", 0, "AW0010"), ("[!!js/function x]", 1, "AW0010"),
        ("!e!x y", 0, "AW0004"), ("'x' y", 4, "AW0004"), ("\"\\q\"", 1, "AW0004"), ("\"\\ud800\"", 1, "AW0004"), ("\"\\x4\"", 1, "AW0004"), ("@x", 0, "AW0004"), ("`x`", 0, "AW0004"), ("]", 0, "AW0004"),
        ("a: b", 1, "AW0004"),
        ("{ a: 1, a: 2 }", 8, "AW0008"), ("{ 'a': 1, \"a\": 2 }", 10, "AW0008"),
        ("{ [a]: b }", 2, "AW0012"), ("{ {a: b}: c }", 2, "AW0012"), ("{{ x }}", 1, "AW0012"),
        ("a\0b", 1, "AW0003"), ("a\u001b[31mb", 1, "AW0003"), ("'a\u0007'", 2, "AW0003"), ("a\u007f", 1, "AW0003"), ("a\u0085b", 1, "AW0003"), ("\"\u2028\"", 1, "AW0003"), ("a\u202eb", 1, "AW0003"),
        ("a\u2066b", 1, "AW0003"), ("a\ufeffb", 1, "AW0003"), ("\ufffe", 0, "AW0003"),
    ];

    public static TheoryData<string> Examples { get; } =
        [.. Directory.EnumerateFiles(WorkflowFiles.RepositoryFile("examples"), "*.yml").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_Hostile_Token_In_The_Place_Of_Any_Value_Is_Refused_At_Its_Place(string example)
    {
        string[] lines = File.ReadAllLines(WorkflowFiles.RepositoryFile("examples", example));
        int tried = 0;
        List<string> wrong = [];
        foreach ((int line, Group value) in lines.Index().SelectMany(l => Values().Matches(l.Item).Select(m => (l.Index, m.Groups["value"]))))
        {
            foreach ((string token, int offset, string code) in s_tokens)
            {
                string[] hostile = [.. lines];
                hostile[line] = string.Concat(lines[line].AsSpan(0, value.Index), token, lines[line].AsSpan(value.Index + value.Length));
                WorkflowParse parse = WorkflowFiles.Parse(string.Join('\n', hostile));
                string expected = $"{line + 1}:{value.Index + offset + 1} {code}";
                tried++;
                if (parse.Workflow is not null || !parse.Diagnostics.Any(d => $"{d.Line}:{d.Column} {d.Code}" == expected))
                {
                    wrong.Add($"{hostile[line].Trim()} -> {expected}, not {string.Join(", ", parse.Diagnostics.Take(3).Select(d => $"{d.Line}:{d.Column} {d.Code}"))}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{example}: {tried} files");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
        Assert.True(tried > 100, $"{example} has values for {tried} files only.");
    }

    // A plain or quoted value after a key, in block and in flow style.
    [GeneratedRegex("""(?<=[\w-]: )(?<value>[A-Za-z0-9_./-]+|'[^']*')(?=$|\s*[,}\]])""", RegexOptions.None, 1000)]
    private static partial Regex Values();
}
