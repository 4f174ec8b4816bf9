using System.Globalization;

using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Engine.Workspaces;

/// <summary>What a <see cref="FileRule"/> is about.</summary>
public enum FileRuleKind
{
    /// <summary>Paths that may not be pushed: globs in <see cref="FileRule.Values"/>.</summary>
    Paths,

    /// <summary>Endings that may not be pushed, with their point, in <see cref="FileRule.Values"/>.</summary>
    Endings,

    /// <summary>The longest path in characters.</summary>
    PathLength,

    /// <summary>The largest file in bytes.</summary>
    FileSize,
}

/// <summary>A rule of the repository's owner about files that are pushed.</summary>
/// <param name="Name">What the owner calls it.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Values">Globs or endings; empty for the other kinds.</param>
/// <param name="Most">The limit, in characters or bytes; 0 for the other kinds.</param>
public sealed record FileRule(string Name, FileRuleKind Kind, IReadOnlyList<string> Values, long Most = 0)
{
    /// <summary>Why the rule forbids the file, as the end of a sentence; null where it does not.</summary>
    public string? Forbids(RepoPath path, long size)
    {
        ArgumentNullException.ThrowIfNull(path);
        string? why = Kind switch
        {
            FileRuleKind.Paths => Values.FirstOrDefault(v => Matches(v, path.Value)) is { } glob ? $"lets no file match '{glob}'" : null,
            FileRuleKind.Endings => Values.FirstOrDefault(v => path.Value.EndsWith(v, StringComparison.OrdinalIgnoreCase)) is { } ending ? $"lets no file end in '{ending}'" : null,
            FileRuleKind.PathLength when path.Value.Length > Most => string.Create(CultureInfo.InvariantCulture, $"lets no path be longer than {Most} characters"),
            FileRuleKind.FileSize when size > Most => string.Create(CultureInfo.InvariantCulture, $"lets no file be larger than {Most} bytes"),
            _ => null,
        };
        return why is null ? null : $"the repository's rule '{Name}' {why}";
    }

    // What we cannot read as a glob we take by its letters: the forge has the last word anyway.
    private static bool Matches(string pattern, string path) =>
        PathGlob.TryParse(pattern.TrimStart('/'), out PathGlob? glob, out _) ? glob.IsMatch(path) : pattern == path;
}
