using System.Text.RegularExpressions;

namespace AgentWorkflow.Bot.Forges.GitLab.Writing;

/// <summary>
/// The last guard before a text goes out (promise P78): a line that begins with a slash is a quick action, which GitLab runs
/// with our rights. What is in a closed code block is left as it is, since GitLab leaves it alone too.
/// </summary>
internal static partial class QuickActions
{
    /// <summary>The text with every such line made plain.</summary>
    public static string Inert(string text) => Lines().Replace(text, static match => match.Groups["blanks"].Success ? $@"{match.Groups["blanks"].Value}\/" : match.Value);

    // A block is taken whole where it ends; else its first line is a line like others.
    [GeneratedRegex(@"^(?<fence>`{3,}|~{3,})[^\n]*\n(?:.*?\n)??\k<fence>[`~]*[ \t]*$|^(?<blanks>[ \t\r]*)/", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant, 2_000)]
    private static partial Regex Lines();
}
