using System.Text.RegularExpressions;

namespace AgentWorkflow.Rig.GitLab.World;

/// <summary>What in a text does nothing: code and comments; and what outside of them calls somebody.</summary>
internal static partial class Inert
{
    /// <summary>The users and groups that a text calls, each once.</summary>
    public static IReadOnlyList<string> Mentions(string text) => [.. Mention().Matches(Without(text)).Select(m => m.Groups[1].Value.TrimEnd('.', '-')).Distinct(StringComparer.Ordinal)];

    /// <summary>The text with every inert part gone.</summary>
    public static string Without(string text) => InlineCode().Replace(Comment().Replace(Fence().Replace(text, ""), ""), "");

    /// <summary>Whether each line is in a fence, a quote or an HTML comment.</summary>
    public static bool[] Lines(string[] lines)
    {
        bool[] inert = new bool[lines.Length];
        string? fence = null;
        bool comment = false;
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimStart();
            string? mark = line.StartsWith("```", StringComparison.Ordinal) ? "```" : line.StartsWith("~~~", StringComparison.Ordinal) ? "~~~" : null;
            bool opens = fence is null && !comment && line.StartsWith("<!--", StringComparison.Ordinal);
            inert[i] = fence is not null || comment || mark is not null || opens || line.StartsWith('>');
            fence = fence is null ? (comment ? null : mark) : mark == fence ? null : fence;
            comment = (comment || opens) && !line.Contains("-->", StringComparison.Ordinal);
        }

        return inert;
    }

    [GeneratedRegex(@"(?<![\w\\])@([A-Za-z0-9_][\w./-]*)")]
    private static partial Regex Mention();

    [GeneratedRegex(@"^ {0,3}(?<mark>```+|~~~+)[^\n]*\n.*?(?:^ {0,3}\k<mark>[ \t]*$|\z)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<mark>`+)(?!`).*?(?<!`)\k<mark>(?!`)|<code>.*?</code>", RegexOptions.Singleline)]
    private static partial Regex InlineCode();
}
