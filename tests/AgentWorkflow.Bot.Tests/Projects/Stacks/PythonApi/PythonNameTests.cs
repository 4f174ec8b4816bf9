using System.Text.Json;

using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Bot.Projects.Stacks.PythonApi;

using CsCheck;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.PythonApi;

public sealed class PythonNameTests
{
    /// <summary>Reads lists of names and says which the interpreter would not take.</summary>
    private const string Judge = """
        import builtins, json, keyword, sys
        names = json.load(sys.stdin)
        taken = set(keyword.kwlist) | set(keyword.softkwlist) | set(dir(builtins))
        bad = [name for group in names.values() for name in group if not name.isidentifier() or name in taken or name.startswith("_")]
        bad += [name for name in names["packages"] if name in sys.stdlib_module_names]
        lines = [f"def {name}({name}: object) -> object:\n    return {name}" for name in names["snake"]]
        lines += [f"class {name}:\n    {name}: object = None" for name in names["pascal"]]
        lines += [f"{name} = [{name} for {name} in ()]" for name in names["constants"]]
        lines += [f"import {name}" for name in names["packages"]]
        compile("\n".join(lines), "names", "exec")
        print(json.dumps(bad))
        """;

    [Fact]
    public async Task The_Interpreter_Takes_Every_Name()
    {
        Python.SkipWhereAbsent();
        var texts = new List<string>(HostileNames.All);
        Gen.OneOf(Gen.String, Gen.String[Gen.Char.AlphaNumeric]).Sample(texts.Add, iter: 5_000, threads: 1);
        Words[] words = [.. texts.Select(text => Words.Of(text, "item"))];
        string names = JsonSerializer.Serialize(new
        {
            snake = words.Select(PythonName.Snake).Distinct(),
            pascal = words.Select(PythonName.Pascal).Distinct(),
            constants = words.Select(PythonName.Constant).Distinct(),
            packages = texts.Select(PythonName.Package).Distinct(),
        });

        (int exitCode, string output) = await Python.RunAsync(Path.GetTempPath(), ["-W", "error", "-c", Judge], names, TestContext.Current.CancellationToken);

        Assert.True(exitCode == 0, output);
        Assert.Equal("[]", output.Trim());
    }

    [Theory]
    [InlineData("class", "class_")]
    [InlineData("match", "match_")]
    [InlineData("List", "list_")]
    [InlineData("id", "id_")]
    [InlineData("con", "con_")]
    [InlineData("Due date", "due_date")]
    [InlineData("__init__", "init")]
    [InlineData("../../x", "x")]
    public void A_Taken_Name_Gets_An_Underscore(string name, string expected) => Assert.Equal(expected, PythonName.Snake(Words.Of(name, "item")));

    [Theory]
    [InlineData("calendar", "calendar_app")]
    [InlineData("http", "http_app")]
    [InlineData("tests", "tests_app")]
    [InlineData("lending-library", "lending_library")]
    public void A_Package_Hides_No_Module(string name, string expected) => Assert.Equal(expected, PythonName.Package(name));

    [Fact]
    public async Task A_Text_Comes_Back_From_Its_Literal()
    {
        Python.SkipWhereAbsent();
        var texts = new List<string>(HostileNames.All) { new('a', 5001), new string('"', 60) + "\\", "x" + new string('\u202e', 90) + "\ud800" };
        Gen.String.Sample(texts.Add, iter: 5_000, threads: 1);
        string[][] pairs = [.. texts.Select(text => new[] { PythonLiteral.Of(text).Flat, string.Concat(text.EnumerateRunes().Select(rune => rune.ToString())) })];

        (int exitCode, string output) = await Python.RunAsync(
            Path.GetTempPath(),
            ["-W", "error", "-c", "import json, sys\nprint([code for code, text in json.load(sys.stdin) if eval(code, {'__builtins__': {}}) != text])"],
            JsonSerializer.Serialize(pairs),
            TestContext.Current.CancellationToken);

        Assert.True(exitCode == 0, output);
        Assert.Equal("[]", output.Trim());
    }
}
