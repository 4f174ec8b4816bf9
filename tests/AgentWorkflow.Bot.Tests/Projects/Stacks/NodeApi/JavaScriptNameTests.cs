using System.Text;
using System.Text.Json;
using AgentWorkflow.Bot.Projects.Stacks.NodeApi;
using CsCheck;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.NodeApi;

public sealed class JavaScriptNameTests
{
    [Theory]
    [InlineData("due date", "dueDate")]
    [InlineData("class", "class_")]
    [InlineData("Arguments", "arguments_")]
    [InlineData("URL", "url_")]
    [InlineData("__proto__", "proto")]
    [InlineData("constructor", "constructor")]
    [InlineData("../../x", "x")]
    [InlineData("📚", "item")]
    [InlineData("كتاب", "item")]
    [InlineData("1st", "item1st")]
    public void A_Name_Becomes_An_Identifier(string name, string expected) => Assert.Equal(expected, JavaScriptName.Of(name, "item"));

    [Theory]
    [InlineData("title", "title")]
    [InlineData("class", "class")]
    [InlineData("loan-requests", "'loan-requests'")]
    [InlineData("1st", "'1st'")]
    [InlineData("", "''")]
    [InlineData("__proto__", "['__proto__']")]
    public void A_Key_Is_Quoted_Where_It_Must_Be(string name, string expected) => Assert.Equal(expected, JavaScriptName.Key(name));

    [Fact]
    public void Node_Declares_Every_Name()
    {
        NodeProject.NeedsNode();
        var script = new StringBuilder();
        foreach (var name in Samples().Select(text => JavaScriptName.Of(text, "item")).Distinct())
        {
            script.Append($"{{ const {name} = 1; let $call = function {name}_f({name}) {{ return {name}; }}; $call(1); }}\n");
        }

        var (exitCode, output) = Run(script.ToString());

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Node_Reads_Every_Literal_As_The_Text_That_Was_Meant()
    {
        NodeProject.NeedsNode();
        var texts = Samples().Append(new string('a', 5000)).Append("x" + new string('é', 100) + "\n" + new string('\'', 50)).ToList();
        var pairs = texts.Select(text => $"[{JavaScriptLiteral.TextExpression(text)}, {JavaScriptLiteral.Object([(text, "1")])}]");
        var script = $$"""
            import assert from 'node:assert/strict';
            import { readFileSync } from 'node:fs';
            const expected = JSON.parse(readFileSync('expected.json', 'utf8'));
            const actual = [
            {{string.Join(",\n", pairs)}}
            ];
            for (const [i, [text, object]] of actual.entries()) {
              assert.equal(text, expected[i]);
              assert.deepEqual(Object.keys(object), [expected[i]]);
            }
            """;

        var (exitCode, output) = Run(script, ("expected.json", JsonSerializer.Serialize(texts)));

        Assert.True(exitCode == 0, output);
    }

    [Theory]
    [InlineData(@"^\d{3}-[a-z/]+$", @"/^\d{3}-[a-z\/]+$/")]
    [InlineData(@"a\/b", @"/a\/b/")]
    [InlineData("a\nb\u2028", @"/a\nb\u2028/")]
    [InlineData("", "/(?:)/")]
    public void A_Pattern_Becomes_A_Literal(string pattern, string expected) => Assert.Equal(expected, JavaScriptLiteral.Pattern(pattern));

    // Half a surrogate pair is no text: it cannot be in JSON nor in a file.
    private static List<string> Samples()
    {
        var samples = HostileIdeas.Texts.ToList();
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["abcXYZ019_$ -'\"\\`{}<>/*\n\r\t\u2028\u202E"]]).Array[500].Sample(texts => { lock (samples) { samples.AddRange(texts); } }, iter: 4, seed: "0N0XIzNsQ0O2");
        return [.. samples.Select(text => string.Concat(text.EnumerateRunes()))];
    }

    private static (int ExitCode, string Output) Run(string script, params (string Name, string Content)[] files)
    {
        var folder = Directory.CreateTempSubdirectory("names-").FullName;
        foreach (var (name, content) in files.Append(("script.mjs", script)))
        {
            File.WriteAllText(Path.Combine(folder, name), content);
        }

        try
        {
            return NodeProject.Run(folder, "node", "script.mjs");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
