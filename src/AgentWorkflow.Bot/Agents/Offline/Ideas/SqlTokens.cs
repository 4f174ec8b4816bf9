namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>A token of SQL.</summary>
/// <param name="Text">A word without its quotes, a literal's value, or a sign.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Line">From 1, in the block.</param>
internal sealed record SqlToken(string Text, SqlKind Kind, int Line)
{
    /// <summary>True for this word or sign, in any case.</summary>
    public bool Is(string text) => Kind is not SqlKind.Literal && Text.Equals(text, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The kinds of tokens.</summary>
internal enum SqlKind
{
    /// <summary>A keyword or name.</summary>
    Word,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A text in quotes.</summary>
    Literal,

    /// <summary>One sign, or <c>&gt;=</c>, <c>&lt;=</c>, <c>&lt;&gt;</c>.</summary>
    Sign,
}

/// <summary>Cuts SQL into tokens; comments are left out.</summary>
internal static class SqlTokens
{
    /// <summary>The tokens in order. What is not closed ends with the text.</summary>
    public static List<SqlToken> Of(string sql)
    {
        List<SqlToken> tokens = [];
        int line = 1;
        for (int i = 0; i < sql.Length;)
        {
            char c = sql[i];
            int start = i;
            if (c == '-' && Next(sql, i) == '-')
            {
                i = End(sql, i, "\n", 0);
            }
            else if (c == '/' && Next(sql, i) == '*')
            {
                i = End(sql, i + 2, "*/", 2);
            }
            else if (c is '\'' or '"' or '`' || c == '[' && char.IsLetter(Next(sql, i)))
            {
                (string text, i) = Quoted(sql, i);
                tokens.Add(new SqlToken(text, c == '\'' ? SqlKind.Literal : SqlKind.Word, line));
            }
            else if (char.IsLetter(c) || c == '_')
            {
                while (i < sql.Length && (char.IsLetterOrDigit(sql[i]) || sql[i] is '_' or '$'))
                {
                    i++;
                }

                tokens.Add(new SqlToken(sql[start..i], SqlKind.Word, line));
            }
            else if (char.IsAsciiDigit(c))
            {
                while (i < sql.Length && (char.IsAsciiDigit(sql[i]) || sql[i] == '.'))
                {
                    i++;
                }

                tokens.Add(new SqlToken(sql[start..i], SqlKind.Number, line));
            }
            else
            {
                i += c is '<' or '>' or '!' && Next(sql, i) is '=' or '>' || c == ':' && Next(sql, i) == ':' ? 2 : 1;
                if (!char.IsWhiteSpace(c))
                {
                    tokens.Add(new SqlToken(sql[start..i], SqlKind.Sign, line));
                }
            }

            line += sql.AsSpan(start, i - start).Count('\n');
        }

        return tokens;
    }

    private static char Next(string sql, int i) => i + 1 < sql.Length ? sql[i + 1] : '\0';

    private static int End(string sql, int from, string mark, int length) =>
        sql.IndexOf(mark, Math.Min(from, sql.Length), StringComparison.Ordinal) is >= 0 and var end ? end + length : sql.Length;

    private static (string Text, int End) Quoted(string sql, int start)
    {
        char close = sql[start] == '[' ? ']' : sql[start];
        var text = new System.Text.StringBuilder();
        int i = start + 1;
        for (; i < sql.Length; i++)
        {
            if (sql[i] != close)
            {
                text.Append(sql[i]);
            }
            else if (Next(sql, i) == close && close != ']')
            {
                text.Append(sql[i++]);
            }
            else
            {
                break;
            }
        }

        return (text.ToString(), Math.Min(i + 1, sql.Length));
    }
}
