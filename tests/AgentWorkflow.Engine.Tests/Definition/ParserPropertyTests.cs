using System.Text;

using AgentWorkflow.Engine.Definition;

using CsCheck;

namespace AgentWorkflow.Engine.Tests.Definition;

/// <summary>No bytes crash the parser, and every remark points into the file.</summary>
public sealed class ParserPropertyTests
{
    private static readonly byte[][] Seeds = [.. Files().Select(File.ReadAllBytes)];

    private static readonly string[] Pieces =
    [
        "on:", "steps:", "  - id: a\n", "    uses: agent\n", "with:", " {", "} ", "[", "]", "&a ", "*a ", "!!str ", "<<: ", "? ", ": ", "- ", "\n", "\r\n", "\t", "  ", "'", "\"", "|\n", ">-\n", "#", "%YAML",
        "---\n", "...\n", "${{ ", " }}", "steps.a.outputs.x", "inputs.", "null", "~", "1e3", "\0", "\ufeff", "é", "😀", "\\", "${{ '", ",", "needs: [a]\n", "if: ", "for-each: ",
    ];

    [Fact]
    public void Random_Bytes_Are_Refused_Inside_Of_The_File() =>
        Gen.Byte.Array[0, 200].Sample(Check, iter: 5_000);

    [Fact]
    public void Random_Pieces_Of_The_Language_Are_Answered_Inside_Of_The_File() =>
        Gen.OneOf(Pieces).List[0, 40].Select(p => Encoding.UTF8.GetBytes(string.Concat(p))).Sample(Check, iter: 10_000);

    [Fact]
    public void Mutated_Workflows_Are_Answered_Inside_Of_The_File() =>
        Gen.Select(Gen.Int[0, Seeds.Length - 1], Gen.Select(Gen.Int[0, 5000], Gen.Int[0, 20], Gen.OneOf(Pieces)).List[1, 6])
            .Select((seed, edits) => edits.Aggregate(Seeds[seed], Mutate))
            .Sample(Check, iter: 5_000);

    private static byte[] Mutate(byte[] bytes, (int At, int Remove, string Insert) edit)
    {
        int at = edit.At % (bytes.Length + 1);
        int end = Math.Min(bytes.Length, at + edit.Remove);
        return [.. bytes[..at], .. Encoding.UTF8.GetBytes(edit.Insert), .. bytes[end..]];
    }

    private static void Check(byte[] bytes)
    {
        WorkflowParse parse = WorkflowFiles.Parse(bytes);

        string text = Encoding.UTF8.GetString(bytes).TrimStart('\ufeff');
        string[] lines = text.ReplaceLineEndings("\n").Split('\n', '\f', '\u0085', '\u2028', '\u2029');
        string[] plain = text.Replace("\r\n", "\n").Replace('\r', '\n').Split('\n');
        foreach (Diagnostic d in parse.Diagnostics)
        {
            Assert.InRange(d.Line, 1, plain.Length);
            Assert.True(d.Column >= 1 && d.Column <= plain[d.Line - 1].Length + 1, $"{d} is outside of line '{plain[d.Line - 1]}' ({lines.Length}).");
            Assert.EndsWith(".", d.Message, StringComparison.Ordinal);
        }

        Assert.Equal(parse.Workflow is null, parse.Diagnostics.Any(d => d.Severity == Severity.Error));
    }

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(WorkflowFiles.RepositoryFile("examples"), "*.yml")
            .Append(WorkflowFiles.RepositoryFile("src", "AgentWorkflow.Bot", "Triggers", "Workflows", "generate.yml"))
            .Order(StringComparer.Ordinal);
}
