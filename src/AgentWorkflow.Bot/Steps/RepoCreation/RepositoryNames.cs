using System.Text;

using AgentWorkflow.Bot.Projects.Api;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Steps.RepoCreation;

/// <summary>What forges take as the name of a repository: the rules of all three, so that a project can move between them.</summary>
internal static class RepositoryNames
{
    private const int MaxLength = 100;

    // Words that GitLab's addresses use where a project's name would stand.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "badges", "blame", "blob", "builds", "commits", "create", "create_dir", "edit", "files", "find_file", "new", "preview", "raw", "refs", "tree", "update", "wikis",
    };

    private static readonly string[] Endings = [".git", ".wiki", ".atom"];

    /// <summary>Why no forge would take the name, in words without a full stop; null where all would.</summary>
    public static string? Check(string name) =>
        name.Length == 0 ? "it is empty"
        : name.Length > MaxLength ? $"it has {name.Length} characters, and {MaxLength} is the most"
        : !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? "it has other characters than letters, digits, '-', '_' and '.'"
        : !char.IsAsciiLetterOrDigit(name[0]) || !char.IsAsciiLetterOrDigit(name[^1]) ? "it does not start and end with a letter or digit"
        : name.Zip(name.Skip(1)).Any(pair => pair.First is '-' or '_' or '.' && pair.Second is '-' or '_' or '.') ? "two of '-', '_' and '.' follow each other"
        : Endings.FirstOrDefault(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase)) is { } ending ? $"names that end in '{ending}' are the forge's own"
        : Reserved.Contains(name) ? "GitLab keeps this word for its own addresses"
        : RepoPath.TryParse(name, out _, out string? rule) ? null : rule;

    /// <summary>A name like it that every forge takes.</summary>
    public static string Suggest(string name)
    {
        StringBuilder slug = new();
        foreach (char c in Transliteration.ToAscii(WithoutEnding(name)).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(c);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        string made = slug.ToString();
        made = (made.Length > MaxLength ? made[..MaxLength] : made).TrimEnd('-');
        return made.Length == 0 ? "project" : Check(made) is null ? made : $"{made}-project";
    }

    private static string WithoutEnding(string name) =>
        Endings.FirstOrDefault(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase)) is { } ending ? name[..^ending.Length] : name;
}
