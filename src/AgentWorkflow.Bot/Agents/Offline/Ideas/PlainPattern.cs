using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>
/// Regular expressions of a subset that .NET, JavaScript and Python read alike and match in linear time: literals, classes,
/// groups, alternatives and quantifiers, where at each character only one way leads on.
/// </summary>
internal static class PlainPattern
{
    /// <summary>Rewrites a pattern into the subset, or says why it is not in it.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out string? pattern, [NotNullWhen(false)] out string? refusal)
    {
        pattern = null;
        var reader = new PatternReader(text);
        PatternNode? node = reader.Read();
        refusal = reader.Refusal ?? PatternCost.Refuse(node, reader.StartsAnchored);
        if (refusal is not null || node is null)
        {
            refusal ??= "it cannot be read";
            return false;
        }

        pattern = (reader.StartsAnchored ? "^" : "") + node + (reader.EndsAnchored ? "$" : "");
        return true;
    }

    /// <summary>True when a value matches a pattern that <see cref="TryRead"/> gave.</summary>
    public static bool IsMatch(string pattern, string value)
    {
        try
        {
            return Regex.IsMatch(value, pattern, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(200));
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
