using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;

using AgentWorkflow.Bot.Projects.Templating;
using AgentWorkflow.Bot.Sandbox;

using CsCheck;

using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentWorkflow.Bot.Tests.Projects.Templating;

/// <summary>The functions that put a stranger's text into a file: whatever the text is, the language reads it back as it was (promise P77).</summary>
public sealed class TemplateFunctionsTests
{
    private static readonly string[] s_traps =
        ["\"\"\"", "'''", "${x}", "{{ x }}", "</script>", "<!--", "-->", "*/", "\\u0022", "\\N{BULLET}", "%{x}", "\U0001F600", "\U000E0041", "\\"];

    private static readonly Gen<string> s_text = Gen.OneOf(
            Gen.String,
            Gen.String[Gen.Char["ab9_$ -'\"\\`{}<>/*#|&@:!?\n\r\t\u0000\u0007\u0085\u00AD\u200B\u2028\u202E\uFEFF"]],
            Gen.Int[0, 13].Select(i => s_traps[i]))
        .Select(text => string.Concat(text.EnumerateRunes()));

    // What GitHub and GitLab read on top of CommonMark.
    private static readonly MarkdownPipeline s_forge =
        new MarkdownPipelineBuilder().UsePipeTables().UseTaskLists().UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough).UseFootnotes().UseMathematics().Build();

    [Fact]
    public void A_Json_Reader_Takes_The_Literals_Of_CSharp_And_JavaScript_For_The_Text()
    {
        s_text.Sample(
            text =>
            {
                Assert.Equal(text, JsonSerializer.Deserialize<string>(Call("cs_string", text)));
                Assert.Equal(text, JsonSerializer.Deserialize<string>(Call("js_string", text)));
                Assert.Equal(text, JsonSerializer.Deserialize<string>(Call("json", text)));
            },
            iter: 2000);
    }

    [Fact]
    public void Node_Reads_The_Literal_Of_JavaScript_As_The_Text() => AssertRead("node", "js_string", ".mjs", "import assert from 'node:assert/strict';\n", (name, literal) => $"assert.equal(JSON.stringify({literal}), JSON.stringify({name}));\n");

    [Fact]
    public void Python_Reads_The_Literal_Of_Python_As_The_Text() => AssertRead("python3", "py_string", ".py", "import json\n", (name, literal) => $"assert {literal} == json.loads({PythonText(name)})\n");

    [Fact]
    public void A_Yaml_Reader_Takes_The_Literal_For_The_Text()
    {
        s_text.Sample(
            text =>
            {
                Parser parser = new(new StringReader("- " + Call("yaml_string", text) + "\n- end\n"));
                parser.Consume<StreamStart>();
                parser.Consume<DocumentStart>();
                parser.Consume<SequenceStart>();
                Assert.Equal(text, parser.Consume<YamlDotNet.Core.Events.Scalar>().Value);
                Assert.Equal("end", parser.Consume<YamlDotNet.Core.Events.Scalar>().Value);
            },
            iter: 2000);
    }

    [Fact]
    public void An_Xml_Reader_Sees_Text_And_No_Element()
    {
        s_text.Sample(
            text =>
            {
                XElement read = XElement.Parse($"<a b=\"{Call("xml", text)}\">{Call("xml", text)}</a>", LoadOptions.PreserveWhitespace);
                Assert.Empty(read.Elements());
                Assert.Single(read.Attributes());
                Assert.Equal(Visible(text), Visible(read.Value));
            },
            iter: 2000);
    }

    [Fact]
    public void A_Markdown_Reader_Sees_One_Paragraph_Of_Plain_Text()
    {
        s_text.Sample(
            text =>
            {
                string said = Call("md", text);
                MarkdownDocument document = Markdown.Parse(said, s_forge);
                Assert.DoesNotContain('\n', said);
                Assert.DoesNotContain(document.Descendants(), n => n is HtmlBlock or HtmlInline or LinkInline or CodeInline or CodeBlock or HeadingBlock or ListBlock or QuoteBlock or EmphasisInline or ThematicBreakBlock);
            },
            iter: 2000);
    }

    [Fact]
    public void A_Line_Stays_One_Line_And_Ends_No_Comment()
    {
        s_text.Sample(
            text =>
            {
                string line = Call("line", text);
                Assert.DoesNotContain(line, c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u202E');
                Assert.DoesNotContain("*/", line, StringComparison.Ordinal);
                Assert.DoesNotContain("-->", line, StringComparison.Ordinal);
                Assert.DoesNotContain("\"\"\"", line, StringComparison.Ordinal);
                Assert.False(line.EndsWith('\\'));
            },
            iter: 2000);
    }

    private static string Call(string function, string text)
    {
        Scriban.Runtime.IScriptCustomFunction called = Assert.IsAssignableFrom<Scriban.Runtime.IScriptCustomFunction>(TemplateFunctions.Create()[function]);
        return Assert.IsType<string>(called.Invoke(new Scriban.TemplateContext(), null!, [text], null));
    }

    private static string Visible(string text) => string.Concat(text.Where(c => char.IsLetterOrDigit(c) || c is '<' or '>' or '&' or '"'));

    private static string PythonText(string json) => "'" + json.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";

    /// <summary>One file with a thousand literals, read by the real interpreter and compared with the same text as plain ASCII JSON.</summary>
    private static void AssertRead(string program, string function, string extension, string head, Func<string, string, string> line)
    {
        Assert.SkipUnless(HostTool.Find(program) is not null, $"{program} is not installed");
        List<string> texts = [];
        s_text.Array[250].Sample(some => { lock (texts) { texts.AddRange(some); } }, iter: 4);
        string file = Path.Combine(Directory.CreateTempSubdirectory("literals-").FullName, "check" + extension);
        File.WriteAllText(file, head + string.Concat(texts.Select(text => line(JsonSerializer.Serialize(text), Call(function, text)))));
        using Process process = Process.Start(new ProcessStartInfo(program, file) { RedirectStandardError = true, UseShellExecute = false })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        Assert.True(process.ExitCode == 0, error);
    }
}
