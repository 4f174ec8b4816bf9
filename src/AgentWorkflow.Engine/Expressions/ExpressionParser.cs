using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>What is wrong with an expression, and where in the scalar's value.</summary>
internal sealed record ExpressionError(int At, string Code, string Message, string? Suggestion = null);

/// <summary>An expression read, or why not, and the index after it.</summary>
internal readonly record struct ExpressionParse(ParsedExpression? Expression, ExpressionError? Error, int End);

/// <summary>Reads expressions by precedence: <c>?? || &amp;&amp; == != &lt; &lt;= &gt; &gt;= !</c> and members, loosest first.</summary>
internal sealed class ExpressionParser
{
    private readonly Lexer _lexer;
    private Token _current;
    private ExpressionError? _error;
    private int _depth;

    private ExpressionParser(string text, int start)
    {
        _lexer = new Lexer(text, start);
        Take();
    }

    /// <summary>Reads a text that is nothing but an expression.</summary>
    public static ExpressionParse ParseAll(string text, Func<int, SourcePosition> map) => Parse(text, 0, embedded: false, map);

    /// <summary>Reads from after <c>${{</c> to <c>}}</c>.</summary>
    public static ExpressionParse ParseEmbedded(string text, int start, Func<int, SourcePosition> map) => Parse(text, start, embedded: true, map);

    private static ExpressionParse Parse(string text, int start, bool embedded, Func<int, SourcePosition> map)
    {
        ExpressionParser parser = new(text, start);
        Term term = parser.ReadBinary(0);
        int end = parser._current.At;
        if (parser._error is null && embedded && parser._current.Kind == TokenKind.End)
        {
            parser.Fail(Math.Max(0, start - 3), Codes.ExpressionOpen, "'${{' is not closed by '}}'.");
        }

        if (parser._error is null && parser._current.Kind != (embedded ? TokenKind.Close : TokenKind.End))
        {
            parser.Unexpected("an operator or the end");
        }

        if (parser._error is null && end - start > Expression.MaxLength)
        {
            parser.Fail(start, Codes.ExpressionTooLarge, $"the expression is longer than {Expression.MaxLength} characters.");
        }

        return parser._error is not null
            ? new ExpressionParse(null, parser._error, parser._lexer.Position)
            : new ExpressionParse(new ParsedExpression(text[start..end].Trim(), term, map), null, parser._lexer.Position);
    }

    private Term ReadBinary(int level)
    {
        int at = _current.At;
        if (++_depth > Expression.MaxDepth)
        {
            Fail(at, Codes.ExpressionTooLarge, $"the expression is nested deeper than {Expression.MaxDepth} levels.");
        }

        Term left = ReadUnary();
        while (_error is null && LevelOf(_current) is (int next, Operator op) && next >= level)
        {
            int place = _current.At;
            Take();
            left = Deepen(new Term.Binary(place, op, left, ReadBinary(next + 1)));
        }

        _depth--;
        return left;
    }

    private Term ReadUnary()
    {
        int at = _current.At;
        if (!IsSymbol("!"))
        {
            return ReadMembers(ReadOperand());
        }

        Take();
        if (++_depth > Expression.MaxDepth)
        {
            Fail(at, Codes.ExpressionTooLarge, $"the expression is nested deeper than {Expression.MaxDepth} levels.");
        }

        Term operand = ReadUnary();
        _depth--;
        return new Term.Not(at, operand);
    }

    private Term ReadOperand()
    {
        Token token = _current;
        switch (token.Kind)
        {
            case TokenKind.Value:
                Take();
                return new Term.Literal(token.At, token.Value);
            case TokenKind.Name:
                Take();
                return IsSymbol("(") ? ReadCall(token) : ReadWord(token);
            case TokenKind.Symbol when token.Text == "(":
                Take();
                Term inner = ReadBinary(0);
                Expect(")");
                return inner;
            default:
                Unexpected("a value");
                return new Term.Literal(token.At, null);
        }
    }

    private static Term ReadWord(Token token) => token.Text switch
    {
        "null" => new Term.Literal(token.At, null),
        "true" => new Term.Literal(token.At, JsonValue.Create(true)),
        "false" => new Term.Literal(token.At, JsonValue.Create(false)),
        _ => new Term.Root(token.At, token.Text),
    };

    private Term.Call ReadCall(Token name)
    {
        Take();
        List<Term> arguments = [];
        while (_error is null && !IsSymbol(")"))
        {
            if (arguments.Count > 0)
            {
                Expect(",");
            }

            arguments.Add(ReadBinary(0));
        }

        Expect(")");
        if (_error is null && Functions.Check(name.Text, arguments.Count) is { } wrong)
        {
            Fail(name.At, wrong.Code, wrong.Message, wrong.Suggestion);
        }

        return new Term.Call(name.At, name.Text, arguments);
    }

    private Term ReadMembers(Term target)
    {
        Term result = target;
        int links = 0;
        while (_error is null && (IsSymbol(".") || IsSymbol("[")))
        {
            // A chain of members is evaluated from the inside out, so its length is depth too.
            if (++links + _depth > Expression.MaxDepth)
            {
                Fail(_current.At, Codes.ExpressionTooLarge, $"the expression is nested deeper than {Expression.MaxDepth} levels.");
                break;
            }

            bool dot = IsSymbol(".");
            Take();
            Token name = _current;
            if (!dot)
            {
                result = new Term.Index(name.At, result, ReadBinary(0));
                Expect("]");
            }
            else if (name.Kind == TokenKind.Name)
            {
                Take();
                result = new Term.Member(name.At, result, name.Text);
            }
            else
            {
                Unexpected("a name after '.'");
            }
        }

        return result;
    }

    // `a || b || c || ...` grows to the left without the reader going deeper; the evaluator would.
    private Term.Binary Deepen(Term.Binary binary)
    {
        int depth = 0;
        for (Term? term = binary; term is Term.Binary { Left: var left }; term = left)
        {
            if (++depth > Expression.MaxDepth)
            {
                Fail(binary.At, Codes.ExpressionTooLarge, $"the expression is nested deeper than {Expression.MaxDepth} levels.");
                break;
            }
        }

        return binary;
    }

    private static (int Level, Operator Operator)? LevelOf(Token token) => token.Kind != TokenKind.Symbol ? null : token.Text switch
    {
        "??" => (0, Operator.Fallback),
        "||" => (1, Operator.Or),
        "&&" => (2, Operator.And),
        "==" => (3, Operator.Equal),
        "!=" => (3, Operator.NotEqual),
        "<" => (4, Operator.Less),
        "<=" => (4, Operator.LessOrEqual),
        ">" => (4, Operator.Greater),
        ">=" => (4, Operator.GreaterOrEqual),
        _ => null,
    };

    private bool IsSymbol(string text) => _current.Kind == TokenKind.Symbol && _current.Text == text;

    private void Expect(string symbol)
    {
        if (IsSymbol(symbol))
        {
            Take();
        }
        else
        {
            Unexpected($"'{symbol}'");
        }
    }

    private void Take()
    {
        _current = _lexer.Next();
        if (_current.Kind == TokenKind.Bad)
        {
            Fail(_current.At, Codes.ExpressionSyntax, $"{_current.Text}.");
        }
    }

    private void Unexpected(string wanted)
    {
        string found = _current.Kind is TokenKind.End or TokenKind.Close ? "the expression ends" : $"'{_current.Text}' stands";
        Fail(_current.At, Codes.ExpressionSyntax, $"{found} where {wanted} is expected.");
    }

    private void Fail(int at, string code, string message, string? suggestion = null)
    {
        if (_error is not null)
        {
            return;
        }

        // From here on there are no tokens, so that every loop ends; the first error is the one that is told.
        _error = new ExpressionError(at, code, message, suggestion);
        _current = new Token(TokenKind.End, at, "the end");
    }
}
