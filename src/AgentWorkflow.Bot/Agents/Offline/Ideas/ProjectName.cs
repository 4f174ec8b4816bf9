using System.Text;

using AgentWorkflow.Bot.Projects.Api;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>A repository's and project's name from a title.</summary>
internal static class ProjectName
{
    private const int MaxLength = 40;

    private static readonly string[] Devices = ["con", "prn", "aux", "nul"];

    /// <summary>Lower-case ASCII letters, digits and hyphens, 1 to 40 characters, starting with a letter; <c>project</c> when nothing is left.</summary>
    public static string From(string title)
    {
        var slug = new StringBuilder();
        foreach (char c in Transliteration.ToAscii(title).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(c);
            }
            else if (c is not '\'' && slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        string name = slug.ToString().Trim('-');
        name = name.Length == 0 ? "project" : char.IsAsciiLetter(name[0]) ? name : "project-" + name;
        return Array.IndexOf(Devices, name) >= 0 ? name + "-project" : Cut(name);
    }

    private static string Cut(string name)
    {
        if (name.Length <= MaxLength)
        {
            return name;
        }

        int hyphen = name.LastIndexOf('-', MaxLength);
        return name[..(hyphen >= MaxLength / 2 ? hyphen : MaxLength)].TrimEnd('-');
    }
}
