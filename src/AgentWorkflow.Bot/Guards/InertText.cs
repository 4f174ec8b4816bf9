using System.Text;
using System.Text.RegularExpressions;

namespace AgentWorkflow.Bot.Guards;

/// <summary>
/// Makes text from an idea, a model or a tool inert before it is posted (promise P78): it notifies nobody, closes nothing,
/// commands no bot, loads nothing and cannot leave its place in the layout. What would act becomes a code span, in which no
/// forge looks for mentions, references or commands; the rest is escaped.
/// </summary>
internal static partial class InertText
{
    private const string Special = @"\`*_{}[]()#+!|<>~$";

    /// <summary>One line of inert Markdown, for a sentence, a heading or a table's cell.</summary>
    public static string Of(string text)
    {
        string line = Blank().Replace(OutsideText.Clean(text).Text, " ").Trim();
        StringBuilder result = new(line.Length + 16);
        int from = 0;
        foreach (Match active in Active().Matches(line))
        {
            Escape(result, line.AsSpan(from, active.Index - from));
            result.Append('`').Append(active.Value.Replace("`", "", StringComparison.Ordinal).Replace("|", "", StringComparison.Ordinal)).Append('`');
            from = active.Index + active.Length;
        }

        Escape(result, line.AsSpan(from));
        return result.ToString();
    }

    /// <summary>Inert plain text for places that render no Markdown: titles, commit messages, check titles.</summary>
    public static string Plain(string text)
    {
        string line = Blank().Replace(OutsideText.Clean(text).Text, " ").Trim();
        return Active().Replace(line, match => match.Value[0] is '@' or '/' or '#' ? match.Value[1..] : match.Value.Replace("#", " ", StringComparison.Ordinal));
    }

    private static void Escape(StringBuilder result, ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (c is '<')
            {
                result.Append("&lt;");
            }
            else if (c is '>')
            {
                result.Append("&gt;");
            }
            else if (c is '&')
            {
                result.Append("&amp;");
            }
            else
            {
                result.Append(Special.Contains(c) ? "\\" : "").Append(c);
            }
        }
    }

    [GeneratedRegex(@"[\s\p{Zl}\p{Zp}]+", RegexOptions.CultureInvariant, 500)]
    private static partial Regex Blank();

    // Mentions; issue and merge request references, also of other repositories; addresses; object ids; words that command bots.
    [GeneratedRegex(
        @"@[\w/.-]+|(?:[\w.-]+/[\w.-]+)?[#!&%~]\d+|\bGH-\d+|\b[a-z][a-z0-9+.-]*://[^\s`|]+|\bwww\.[^\s`|]+|\bmailto:[^\s`|]+|\b[0-9a-f]{7,40}\b|(?:^|(?<=\s))/[a-z_]+|\bbors\s+[a-z+-]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 500)]
    private static partial Regex Active();
}
