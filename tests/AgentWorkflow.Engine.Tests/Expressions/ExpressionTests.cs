using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Expressions;

namespace AgentWorkflow.Engine.Tests.Expressions;

public sealed class ExpressionTests
{
    private static readonly ExpressionContext Context = new(new Dictionary<string, JsonNode?>
    {
        ["event"] = JsonNode.Parse("""{ "name": "issues", "issue": { "number": 7, "title": "Lending library", "body": null, "labels": ["generate", "Good first"] } }"""),
        ["inputs"] = JsonNode.Parse("""{ "stack": "node-api", "count": 3, "share": 0.5, "go": true, "empty": "" }"""),
        ["steps"] = JsonNode.Parse("""{ "scaffold": { "outcome": "success", "outputs": { "install": [["npm", "ci"]], "exit-code": 0 } } }"""),
        ["item"] = null,
    });

    private static JsonNode? Evaluate(string text)
    {
        Assert.True(Expression.TryParse(text, out Expression? expression, out string? refusal), refusal);
        return expression!.Evaluate(Context);
    }

    [Theory]
    [InlineData("null", "null")]
    [InlineData("true", "true")]
    [InlineData("12", "12")]
    [InlineData("-1.5e2", "-150")]
    [InlineData("'it''s'", "\"it's\"")]
    [InlineData("event.issue.number", "7")]
    [InlineData("event['issue'].title", "\"Lending library\"")]
    [InlineData("event.issue.body", "null")]
    [InlineData("event.issue.body.deeper['x'][3].still", "null")]
    [InlineData("event.pull.number", "null")]
    [InlineData("item.title", "null")]
    [InlineData("event.issue.labels[1]", "\"Good first\"")]
    [InlineData("event.issue.labels[2]", "null")]
    [InlineData("event.issue.labels[-1]", "null")]
    [InlineData("event.issue.labels[0.5]", "null")]
    [InlineData("event.issue.labels['0']", "null")]
    [InlineData("steps.scaffold.outputs.exit-code", "0")]
    [InlineData("steps.scaffold.outputs.install", """[["npm","ci"]]""")]
    [InlineData("inputs.share", "0.5")]
    public void Values_And_Members_Keep_Their_Types(string text, string json) =>
        Assert.Equal(json, Evaluate(text)?.ToJsonString(Relaxed) ?? "null");

    [Theory]
    [InlineData("1 == 1.0", true)]
    [InlineData("'a' == 'A'", false)]
    [InlineData("'1' == 1", true)]
    [InlineData("null == 0", true)]
    [InlineData("null == ''", true)]
    [InlineData("true == 1", true)]
    [InlineData("true == 'true'", false)]
    [InlineData("'a' != 'b'", true)]
    [InlineData("event.issue.labels == event.issue.labels", true)]
    [InlineData("event.issue.labels == 1", false)]
    [InlineData("'10' < '9'", true)]
    [InlineData("10 < 9", false)]
    [InlineData("'10' < 9", false)]
    [InlineData("'x' < 9", false)]
    [InlineData("'x' >= 9", false)]
    [InlineData("3 >= 3 && 3 <= 3 && 4 > 3", true)]
    [InlineData("!inputs.empty && !0 && !null && !false", true)]
    [InlineData("!!event.issue.labels", true)]
    [InlineData("!true == false", true)]
    [InlineData("1 == 2 || 2 == 2 && false", false)]
    [InlineData("(1 == 2 || 2 == 2) && true", true)]
    [InlineData("contains(event.issue.labels, 'generate')", true)]
    [InlineData("contains(event.issue.labels, 'Generate')", false)]
    [InlineData("contains(event.issue.labels, 'gener')", false)]
    [InlineData("contains('abc', 'b')", true)]
    [InlineData("contains(123, 2)", true)]
    [InlineData("contains(null, '')", true)]
    [InlineData("startsWith(inputs.stack, 'node')", true)]
    [InlineData("endsWith(inputs.stack, 'API')", false)]
    [InlineData("always() && success() && !failure() && !cancelled()", true)]
    public void Comparisons_Follow_Actions_But_Mind_Case(string text, bool expected) =>
        Assert.Equal(expected, Expression.IsTrue(Evaluate(text)));

    [Theory]
    [InlineData("inputs.empty || 'other'", "other")]
    [InlineData("inputs.stack || 'other'", "node-api")]
    [InlineData("inputs.stack && 'other'", "other")]
    [InlineData("event.issue.body ?? 'no body'", "no body")]
    [InlineData("inputs.empty ?? 'no body'", "")]
    [InlineData("event.issue.body ?? null ?? 'last'", "last")]
    [InlineData("format('{0} {1}{{}}', 'a', 2)", "a 2{}")]
    [InlineData("join(event.issue.labels)", "generate,Good first")]
    [InlineData("join(event.issue.labels, ' + ')", "generate + Good first")]
    [InlineData("join('one', ', ')", "one")]
    [InlineData("toJSON(event.issue.labels)", "[\n  \"generate\",\n  \"Good first\"\n]")]
    [InlineData("fromJSON('{\"a\": [1, 2]}').a[1]", "2")]
    [InlineData("length('four')", "4")]
    [InlineData("length(event.issue.labels)", "2")]
    [InlineData("length(inputs)", "5")]
    [InlineData("length(event.issue.body)", "0")]
    public void Operators_Give_Operands_And_Functions_Give_Values(string text, string expected) =>
        Assert.Equal(expected, Evaluate(text)?.ToString());

    [Theory]
    [InlineData("", "the expression ends where a value is expected.")]
    [InlineData("a.", "the expression ends where a name after '.' is expected.")]
    [InlineData("a b", "'b' stands where an operator or the end is expected.")]
    [InlineData("(a", "the expression ends where ')' is expected.")]
    [InlineData("a[1", "the expression ends where ']' is expected.")]
    [InlineData("contains(a b)", "'b' stands where ',' is expected.")]
    [InlineData("'open", "the quote ' is not closed.")]
    [InlineData("\"text\"", "texts stand in single quotes here: 'text'.")]
    [InlineData("a = b", "'=' compares nothing; write '=='.")]
    [InlineData("a & b", "write '&&' for and.")]
    [InlineData("a + b", "there is no arithmetic, so '+' has no meaning.")]
    [InlineData("a ? b : c", "write 'a ?? b' for a fallback; there is no 'a ? b : c'.")]
    [InlineData("1x", "'1x' is not a number.")]
    [InlineData("1e999", "'1e999' is not a number.")]
    [InlineData("contians(a, 'b')", "there is no function 'contians'.")]
    [InlineData("contains(a)", "contains(search, item) takes 2 arguments, not 1.")]
    [InlineData("success(1)", "success() takes 0 arguments, not 1.")]
    [InlineData("a }} b", "'}}' stands", true)]
    [InlineData("a\0b", "the character U+0000 has no meaning here.")]
    public void What_Cannot_Be_Read_Is_Refused_In_A_Sentence(string text, string refusal, bool isStart = false)
    {
        Assert.False(Expression.TryParse(text, out Expression? expression, out string? actual));
        Assert.Null(expression);
        Assert.Equal(isStart ? "the expression ends where an operator or the end is expected." : refusal, actual);
    }

    [Theory]
    [InlineData("format('{3}', 1)")]
    [InlineData("format('{', 1)")]
    [InlineData("format('}', 1)")]
    [InlineData("format('{x}', 1)")]
    [InlineData("format('{99999999999}', 1)")]
    [InlineData("fromJSON('{')")]
    [InlineData("fromJSON('{\"a\":1,\"a\":2}')")]
    [InlineData("startsWith(event, 'x')")]
    [InlineData("join(steps.scaffold.outputs.install)")]
    public void What_Cannot_Be_Evaluated_Is_A_Sentence_With_A_Place(string text)
    {
        ExpressionException e = Assert.Throws<ExpressionException>(() => Evaluate(text));

        Assert.Equal(1, e.Line);
        Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Length_And_Depth_Are_Bounded()
    {
        Assert.False(Expression.TryParse(new string('(', 100_000), out _, out string? deep));
        Assert.Contains("nested deeper than 64", deep, StringComparison.Ordinal);
        Assert.False(Expression.TryParse(new string('!', 100_000) + "a", out _, out deep));
        Assert.Contains("nested deeper than 64", deep, StringComparison.Ordinal);
        Assert.False(Expression.TryParse("a" + string.Concat(Enumerable.Repeat(".a", 5000)), out _, out deep));
        Assert.Contains("nested deeper than 64", deep, StringComparison.Ordinal);
        Assert.False(Expression.TryParse("a" + string.Concat(Enumerable.Repeat(" || a", 5000)), out _, out deep));
        Assert.Contains("nested deeper than 64", deep, StringComparison.Ordinal);
        Assert.False(Expression.TryParse($"'{new string('a', 9000)}'", out _, out string? length));
        Assert.Contains("longer than 8192", length, StringComparison.Ordinal);
    }

    [Fact]
    public void Work_And_Results_Are_Bounded()
    {
        JsonArray many = [.. Enumerable.Range(0, 150_000).Select(i => (JsonNode?)JsonValue.Create(i))];
        ExpressionContext context = new(new Dictionary<string, JsonNode?> { ["item"] = many, ["inputs"] = new JsonObject { ["big"] = new string('x', 900_000) } });
        Assert.True(Expression.TryParse("contains(item, -1) || contains(item, -2)", out Expression? work, out _));
        Assert.True(Expression.TryParse("format('{0}{0}{0}{0}', inputs.big)", out Expression? size, out _));

        Assert.Contains("does too much", Assert.Throws<ExpressionException>(() => work!.Evaluate(context)).Message, StringComparison.Ordinal);
        Assert.Contains("grows over", Assert.Throws<ExpressionException>(() => size!.Evaluate(context)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Result_Belongs_To_Nothing()
    {
        JsonObject taken = new() { ["here"] = Evaluate("event.issue"), ["there"] = Evaluate("event.issue") };

        taken["here"]!["title"] = "changed";
        Assert.Equal("Lending library", Evaluate("event.issue.title")!.ToString());
    }

    [Theory]
    [InlineData(NeedsStatus.Success, true, false, false)]
    [InlineData(NeedsStatus.Failure, false, true, false)]
    [InlineData(NeedsStatus.Cancelled, false, false, true)]
    [InlineData(NeedsStatus.Skipped, false, false, false)]
    public void Status_Functions_Answer_How_The_Needs_Ended(NeedsStatus status, bool success, bool failure, bool cancelled)
    {
        ExpressionContext context = Context with { Needs = status };
        bool Ask(string text) => Expression.TryParse(text, out Expression? e, out _) && e!.AsksStatus && Expression.IsTrue(e.Evaluate(context));

        Assert.Equal((success, failure, cancelled, true), (Ask("success()"), Ask("failure()"), Ask("cancelled()"), Ask("always()")));
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
