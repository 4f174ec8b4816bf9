namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Reads a field from a point of a list: <c>name: type, rules</c>, <c>name (type, rules)</c>, <c>name - type</c>.</summary>
internal static class FieldLine
{
    /// <summary>The field; null where there is no name.</summary>
    public static RawField? Read(Point point)
    {
        (string name, string tail) = SplitName(point.Source);
        List<string> parts = RuleText.Split(tail);
        parts.AddRange(point.Points.SelectMany(p => RuleText.Split(p.Source)));
        return name.Length == 0 ? null : Field(name, parts, point.Line);
    }

    /// <summary>Fields on one line: <c>title (text, required), author, ISBN</c>.</summary>
    public static IEnumerable<RawField> ReadInline(string text, int line)
    {
        foreach (string part in RuleText.SplitTop(text, [',', ';']))
        {
            string word = part.StartsWith("and ", StringComparison.OrdinalIgnoreCase) ? part[4..] : part;
            (string name, string tail) = SplitName(word);
            if (name.Length > 0)
            {
                yield return Field(name, RuleText.Split(tail), line);
            }
        }
    }

    /// <summary>The name before the colon, bracket or dash, and what follows it.</summary>
    public static (string Name, string Tail) SplitName(string source)
    {
        string text = source.Trim();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == ':' && !(i + 1 < text.Length && text[i + 1] == ':'))
            {
                return (RuleText.Bare(text[..i]), text[(i + 1)..].Trim().TrimStart('*', '_', ' '));
            }

            if (text[i] == '(' && i > 0 && text[^1] is ')' or '.' && text.LastIndexOf(')') is var close && close > i && text[(close + 1)..].Trim('.', ' ').Length == 0)
            {
                return (RuleText.Bare(text[..i]), text[(i + 1)..close]);
            }

            if (text[i] is '-' or '\u2013' or '\u2014' or '=' && i > 0 && text[i - 1] == ' ' && i + 1 < text.Length && text[i + 1] == ' ')
            {
                return (RuleText.Bare(text[..i]), text[(i + 2)..].Trim());
            }
        }

        return (RuleText.Bare(text), "");
    }

    private static RawField Field(string name, List<string> parts, int line) =>
        new(name, parts.Count > 0 ? parts[0] : "", parts.Count > 1 ? parts[1..] : [], line);
}
