using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    End,
    Close,
    Name,
    Value,
    Symbol,
    Bad,
}

/// <summary>A token: its kind, its place, its text, its value, or what is wrong with it.</summary>
internal readonly record struct Token(TokenKind Kind, int At, string Text, JsonNode? Value = null);

/// <summary>Cuts an expression into tokens. A closing <c>}}</c> outside of quotes ends it.</summary>
internal sealed class Lexer(string text, int start)
{
    private static readonly string[] Symbols = ["&&", "||", "??", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ".", ","];

    /// <summary>The index after the last token.</summary>
    public int Position { get; private set; } = start;

    /// <summary>Reads the next token.</summary>
    public Token Next()
    {
        while (Position < text.Length && text[Position] is ' ' or '\t' or '\r' or '\n')
        {
            Position++;
            if (Position == text.Length)
            {
                break;
            }
        }

        int at = Position;
        if (at >= text.Length)
        {
            return new Token(TokenKind.End, text.Length, "the end");
        }

        char c = text[at];
        if (string.CompareOrdinal(text, at, "}}", 0, 2) == 0)
        {
            Position += 2;
            return new Token(TokenKind.Close, at, "}}");
        }

        return c == '\'' ? ReadText(at)
            : char.IsAsciiDigit(c) || (c is '-' or '+' or '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]) && !AfterOperand(at)) ? ReadNumber(at)
            : char.IsAsciiLetter(c) || c == '_' ? ReadName(at)
            : ReadSymbol(at);
    }

    // `a.5` is a member that is no name, not the number .5.
    private bool AfterOperand(int at) =>
        text[at] == '.' && at > 0 && (char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or ')' or ']' or '\'');

    private Token ReadText(int at)
    {
        StringBuilder value = new();
        for (int i = at + 1; i < text.Length; i++)
        {
            if (text[i] != '\'')
            {
                value.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '\'')
            {
                value.Append(text[i++]);
            }
            else
            {
                Position = i + 1;
                return new Token(TokenKind.Value, at, text[at..Position], JsonValue.Create(value.ToString()));
            }
        }

        Position = text.Length;
        return new Token(TokenKind.Bad, at, "the quote ' is not closed");
    }

    private Token ReadNumber(int at)
    {
        int i = at + 1;
        while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '.' or '_' || (text[i] is '-' or '+' && text[i - 1] is 'e' or 'E')))
        {
            i++;
        }

        Position = i;
        string digits = text[at..i];
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? new Token(TokenKind.Value, at, digits, Values.FromNumber(number))
            : new Token(TokenKind.Bad, at, $"'{digits}' is not a number");
    }

    private Token ReadName(int at)
    {
        int i = at + 1;
        while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '_' or '-'))
        {
            i++;
        }

        Position = i;
        return new Token(TokenKind.Name, at, text[at..i]);
    }

    private Token ReadSymbol(int at)
    {
        string? symbol = Symbols.FirstOrDefault(s => string.CompareOrdinal(text, at, s, 0, s.Length) == 0);
        if (symbol is not null)
        {
            Position = at + symbol.Length;
            return new Token(TokenKind.Symbol, at, symbol);
        }

        Position = at + 1;
        return new Token(TokenKind.Bad, at, text[at] switch
        {
            '"' => "texts stand in single quotes here: 'text'",
            '=' => "'=' compares nothing; write '=='",
            '&' => "write '&&' for and",
            '|' => "write '||' for or",
            '?' => "write 'a ?? b' for a fallback; there is no 'a ? b : c'",
            '{' or '}' => "braces have no meaning inside of an expression",
            '+' or '-' or '*' or '/' or '%' => $"there is no arithmetic, so '{text[at]}' has no meaning",
            _ => $"the character U+{(int)text[at]:X4} has no meaning here",
        });
    }
}
