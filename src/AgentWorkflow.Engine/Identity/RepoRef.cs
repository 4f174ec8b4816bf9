using System.Diagnostics.CodeAnalysis;

namespace AgentWorkflow.Engine.Identity;

/// <summary>A repository on a forge: <c>owner/name</c>; on GitLab the owner may be a path of groups.</summary>
public sealed record RepoRef
{
    /// <summary>The longest accepted text, in characters.</summary>
    public const int MaxLength = 255;

    private RepoRef(string owner, string name)
    {
        Owner = owner;
        Name = name;
    }

    /// <summary>The account or the path of groups that holds the repository.</summary>
    public string Owner { get; }

    /// <summary>The repository's own name.</summary>
    public string Name { get; }

    /// <summary>Reads <c>owner/name</c>: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, no part that is only dots.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RepoRef? repo)
    {
        repo = null;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
        {
            return false;
        }

        string[] parts = text.Split('/');
        if (parts.Length < 2 || !parts.All(IsPart))
        {
            return false;
        }

        repo = new RepoRef(string.Join('/', parts[..^1]), parts[^1]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Owner}/{Name}";

    private static bool IsPart(string part) =>
        part.Length > 0
        && part[0] is not ('.' or '-')
        && !part.EndsWith(".git", StringComparison.OrdinalIgnoreCase)
        && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
