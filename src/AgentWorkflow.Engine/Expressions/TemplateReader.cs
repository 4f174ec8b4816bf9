using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Definition.Yaml;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>Turns values of a file into templates, and reports expressions that cannot be read.</summary>
internal sealed class TemplateReader(SourceText source, DiagnosticBag diagnostics)
{
    private const string Open = "${{";

    /// <summary>Reads any value. What is broken becomes null: it was reported.</summary>
    public Template Read(Node node) => node switch
    {
        ListNode list => new Template.Sequence(list.Position, [.. list.Items.Select(Read)]),
        MapNode map => new Template.Mapping(map.Position, [.. map.Entries.Select(e => new TemplateEntry(e.Key.Text, e.Key.Position, Read(e.Value)))]),
        ScalarNode scalar => ReadScalar(scalar),
        _ => new Template.Whole(node.Position, Nothing(node.Position)),
    };

    /// <summary>Reads a condition: with or without braces. Null when it could not be read.</summary>
    public Expression? ReadCondition(Node node)
    {
        if (node is not ScalarNode scalar || scalar.IsNull)
        {
            Needed(node, "a condition, as in: if: success() && inputs.stack == 'node-api'");
            return null;
        }

        if (scalar.Text.Contains(Open, StringComparison.Ordinal))
        {
            return ReadWhole(scalar);
        }

        SourceMap map = new(source, scalar);
        return Accept(ExpressionParser.ParseAll(scalar.Text, map.PositionOf), map);
    }

    /// <summary>Reads what <c>for-each</c> names: one expression, or a list. Null when it could not be read.</summary>
    public Expression? ReadList(Node node)
    {
        switch (node)
        {
            case ListNode list:
                return new TemplateExpression("a list", Read(list));
            case ScalarNode scalar when scalar.Text.Contains(Open, StringComparison.Ordinal):
                return ReadWhole(scalar);
            default:
                Needed(node, "a list, or an expression that gives one, as in: for-each: ${{ steps.requirements.outputs.stories }}");
                return null;
        }
    }

    private ParsedExpression? ReadWhole(ScalarNode scalar)
    {
        switch (ReadScalar(scalar))
        {
            case Template.Whole whole:
                return whole.Expression;
            case Template.Mixed:
                diagnostics.Error(scalar.Position, Codes.ExpressionNeeded, "the value is to be one expression; text before '${{' or after '}}' makes it a text.");
                return null;
            default:
                return null;
        }
    }

    private Template ReadScalar(ScalarNode scalar)
    {
        if (!scalar.Text.Contains(Open, StringComparison.Ordinal))
        {
            return ReadConstant(scalar);
        }

        SourceMap map = new(source, scalar);
        List<(string Text, ParsedExpression? Expression)> parts = [];
        int at = 0;
        while (scalar.Text.IndexOf(Open, at, StringComparison.Ordinal) is int open and >= 0)
        {
            ExpressionParse parse = ExpressionParser.ParseEmbedded(scalar.Text, open + Open.Length, map.PositionOf);
            parts.Add((scalar.Text[at..open], Accept(parse, map) ?? Nothing(scalar.Position)));
            int close = parse.Error is null ? parse.End - 2 : scalar.Text.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0)
            {
                return new Template.Whole(scalar.Position, Nothing(scalar.Position));
            }

            at = close + 2;
        }

        string rest = scalar.Text[at..];
        bool whole = parts is [{ Text: var before }] && string.IsNullOrWhiteSpace(before) && string.IsNullOrWhiteSpace(rest);
        parts.Add((rest, null));
        return whole && parts[0].Expression is { } only ? new Template.Whole(scalar.Position, only) : new Template.Mixed(scalar.Position, parts);
    }

    private Template.Constant ReadConstant(ScalarNode scalar)
    {
        if (PlainScalar.IsAmbiguous(scalar))
        {
            diagnostics.Warning(scalar.Position, Codes.Ambiguous, $"'{scalar.Text}' is read as text; put quotes around it, or write true, false or a plain number.");
        }

        if (!PlainScalar.TryRead(scalar, out JsonNode? value))
        {
            diagnostics.Error(scalar.Position, Codes.NumberTooLarge, "the number is too large; put quotes around it to make it a text.");
        }

        return new Template.Constant(scalar.Position, value);
    }

    private ParsedExpression? Accept(ExpressionParse parse, SourceMap map)
    {
        if (parse.Error is { } error)
        {
            diagnostics.Error(map.PositionOf(error.At), error.Code, error.Message, error.Suggestion);
        }

        return parse.Expression;
    }

    private void Needed(Node node, string what)
    {
        if (node is not BrokenNode)
        {
            diagnostics.Error(node.Position, Codes.ExpressionNeeded, $"{node.What} stands where {what} is needed.");
        }
    }

    // Stands for what was refused: no later check can complain about it again.
    private static ParsedExpression Nothing(SourcePosition position) => new("null", new Term.Literal(0, null), _ => position);
}
