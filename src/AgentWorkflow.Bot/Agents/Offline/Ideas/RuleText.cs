namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Cuts a line of rules into single rules.</summary>
internal static class RuleText
{
    private static readonly string[] OpenLists = ["one of", "values", "allowed", "allowed values", "any of", "either", "options", "choices", "enum:", "enum of", "in:"];

    /// <summary>The rules of a line. What stands in brackets, quotes or slashes stays together, and so does the list after "one of".</summary>
    public static List<string> Split(string text)
    {
        List<string> rules = [];
        foreach (string part in SplitTop(text, [',', ';']))
        {
            bool continues = rules.Count > 0 && TakesMore(rules[^1]) && !RuleWords.IsRule(part);
            if (continues)
            {
                rules[^1] += ", " + part;
            }
            else
            {
                rules.Add(part);
            }
        }

        return rules;
    }

    /// <summary>Cuts at separators that stand outside brackets, quotes and slash-fenced patterns.</summary>
    public static List<string> SplitTop(string text, ReadOnlySpan<char> separators)
    {
        List<string> parts = [];
        int start = 0, depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '/' && depth == 0 && PatternEnd(text, i) is > 0 and var end)
            {
                i = end;
            }
            else if (c is '"' or '\'' && (i == 0 || !char.IsLetterOrDigit(text[i - 1])) && text.IndexOf(c, i + 1) is > 0 and var quote)
            {
                i = quote;
            }
            else if (c is '(' or '[' or '{')
            {
                depth++;
            }
            else if (c is ')' or ']' or '}')
            {
                depth = Math.Max(0, depth - 1);
            }
            else if (depth == 0 && separators.Contains(c))
            {
                parts.Add(text[start..i].Trim());
                start = i + 1;
            }
        }

        parts.Add(text[start..].Trim());
        parts.RemoveAll(p => p.Length == 0);
        return parts;
    }

    /// <summary>Without the marks of emphasis and code around it.</summary>
    public static string Bare(string text) => text.Trim().Trim('*', '_', '`', ' ', '~', '"').Trim();

    // A pattern starts at a slash after a space or at the start, and ends at the last slash before a separator or the end.
    private static int PatternEnd(string text, int start)
    {
        if (start > 0 && text[start - 1] is not (' ' or ':' or '(' or '='))
        {
            return -1;
        }

        for (int i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == '/' && (i + 1 == text.Length || text[i + 1] is ',' or ';' or ' ' or ')' or '.'))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool TakesMore(string rule)
    {
        string lower = Bare(rule).ToLowerInvariant();
        return !lower.Contains('(') && Array.Exists(OpenLists, o => lower.StartsWith(o, StringComparison.Ordinal));
    }
}
