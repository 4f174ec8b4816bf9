using System.Text;

using Markdig.Extensions.TaskLists;
using Markdig.Syntax.Inlines;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>
/// The text of inline Markdown on one line. What a reader of the rendered page does not see (comments, tags, alt texts,
/// link targets and titles) is not in it.
/// </summary>
internal static class InlineText
{
    /// <summary>As people read it.</summary>
    public static string Read(ContainerInline? inlines) => Collect(inlines, source: false);

    /// <summary>As it was written: emphasis marks and backslashes stay, because in a rule they belong to a pattern.</summary>
    public static string Source(ContainerInline? inlines) => Collect(inlines, source: true);

    private static string Collect(ContainerInline? inlines, bool source)
    {
        if (inlines is null)
        {
            return "";
        }

        var text = new StringBuilder();
        Append(text, inlines, source);
        return OneLine(text.ToString());
    }

    private static void Append(StringBuilder text, ContainerInline container, bool source)
    {
        foreach (Inline inline in container)
        {
            switch (inline)
            {
                case LiteralInline literal:
                    AppendLiteral(text, literal, source);
                    break;
                case CodeInline code:
                    text.Append(code.Content);
                    break;
                case LineBreakInline:
                    text.Append(' ');
                    break;
                case HtmlEntityInline entity:
                    text.Append(entity.Transcoded.ToString());
                    break;
                case AutolinkInline link:
                    text.Append(link.Url);
                    break;
                case HtmlInline html:
                    text.Append(html.Tag.StartsWith("<br", StringComparison.OrdinalIgnoreCase) ? "; " : "");
                    break;
                case TaskList or LinkInline { IsImage: true }:
                    break;
                case EmphasisInline emphasis when source:
                    string mark = new(emphasis.DelimiterChar, emphasis.DelimiterCount);
                    text.Append(mark);
                    Append(text, emphasis, source);
                    text.Append(mark);
                    break;
                case DelimiterInline delimiter:
                    text.Append(delimiter.ToLiteral());
                    Append(text, delimiter, source);
                    break;
                case ContainerInline nested:
                    Append(text, nested, source);
                    break;
                default:
                    break;
            }
        }
    }

    private static void AppendLiteral(StringBuilder text, LiteralInline literal, bool source)
    {
        // A table's own escape is `\|`: the pattern means `|`.
        string content = literal.Content.ToString();
        if (source && literal.IsFirstCharacterEscaped && !content.StartsWith('|'))
        {
            text.Append('\\');
        }

        text.Append(content);
    }

    /// <summary>Control characters and runs of white space as one space.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (!char.IsWhiteSpace(c) && !char.IsControl(c))
            {
                line.Append(c);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd();
    }
}
