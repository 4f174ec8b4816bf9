using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Expressions;

using CsCheck;

namespace AgentWorkflow.Engine.Tests.Expressions;

public sealed class ExpressionPropertyTests
{
    private static readonly ExpressionContext Context = new(new Dictionary<string, JsonNode?>
    {
        ["event"] = JsonNode.Parse("""{ "name": "push", "issue": { "number": 7, "labels": ["a", 1, null, [true]] } }"""),
        ["inputs"] = JsonNode.Parse("""{ "a-b": "text", "n": 12.25, "x_y": { "k": [] } }"""),
    });

    private static readonly string[] Pieces =
    [
        "event", ".issue", ".labels", "[0]", "['x']", "inputs", ".a-b", " ", "(", ")", "!", "&&", "||", "??", "==", "!=", "<", ">=", ",", "'", "'it''s'", "''", "1", "-2.5",
        "1e3", "null", "true", "contains(", "format('{0}',", "join(", "toJSON(", "fromJSON(", "length(", "startsWith(", "}}", "${{", "]", "[", ".", "\"", "\n", "é", "\u202e", "😀",
    ];

    private static readonly Gen<string> Soup = Gen.OneOf(
        Gen.OneOf(Pieces).List[0, 25].Select(string.Concat),
        Gen.String[0, 60]);

    private static readonly Gen<Term> AnyTerm = Gen.Recursive<Term>((depth, any) =>
    {
        Gen<Term> leaf = Gen.OneOf(
            Gen.OneOf<JsonNode?>(null, JsonValue.Create(true), JsonValue.Create(false)).Select(v => (Term)new Term.Literal(0, v)),
            Gen.Double[-1e6, 1e6].Select(n => (Term)new Term.Literal(0, Values.FromNumber(n))),
            Gen.String[Gen.Char["ab' {}$0é"], 0, 8].Select(t => (Term)new Term.Literal(0, JsonValue.Create(t))),
            Gen.OneOf("event", "inputs", "steps_1", "a-b").Select(n => (Term)new Term.Root(0, n)));
        return depth > 4 ? leaf : Gen.OneOf(
            leaf,
            Gen.Select(any, Gen.OneOf("issue", "a-b", "x_y", "true"), (t, n) => (Term)new Term.Member(0, AsTarget(t), n)),
            Gen.Select(any, any, (t, k) => (Term)new Term.Index(0, AsTarget(t), k)),
            any.Select(t => (Term)new Term.Not(0, t)),
            Gen.Select(any, any, Gen.Enum<Operator>(), (l, r, o) => (Term)new Term.Binary(0, o, l, r)),
            any.List[1, 3].Select(a => (Term)new Term.Call(0, "format", a)));
    });

    // `!a.b` reads as `!(a.b)`: a negation is no target without parentheses, which the printer does not make.
    private static Term AsTarget(Term term) => term is Term.Not or Term.Literal ? new Term.Root(0, "inputs") : term;

    [Fact]
    public void Nothing_But_A_Sentence_Ever_Comes_Out_Of_Reading_And_Evaluating() =>
        Soup.Sample(
            text =>
            {
                if (!Expression.TryParse(text, out Expression? expression, out string? refusal))
                {
                    Assert.EndsWith(".", refusal, StringComparison.Ordinal);
                    return;
                }

                try
                {
                    expression!.Evaluate(Context);
                }
                catch (ExpressionException e)
                {
                    Assert.True(e.Line == 1 && e.Column >= 1 && e.Column <= text.Length + 1);
                }
            },
            iter: 20_000);

    [Fact]
    public void Errors_Point_Into_The_Text() =>
        Soup.Sample(
            text =>
            {
                ExpressionParse parse = ExpressionParser.ParseAll(text, at => new SourcePosition(1, at + 1));
                Assert.True(parse.Error is null || (parse.Error.At >= 0 && parse.Error.At <= text.Length));
            },
            iter: 20_000);

    [Fact]
    public void What_Is_Printed_Reads_Back_As_The_Same_Tree() =>
        AnyTerm.Sample(
            term =>
            {
                string text = TermPrinter.Print(term);
                if (text.Length > Expression.MaxLength)
                {
                    return;
                }

                Assert.True(Expression.TryParse(text, out Expression? expression, out string? refusal), $"{text}: {refusal}");
                Assert.Equal(text, expression!.ToString());
            },
            iter: 5_000);
}
