using System.Diagnostics.CodeAnalysis;

namespace AgentWorkflow.Engine.Identity;

/// <summary>A file's path inside a repository: relative, <c>/</c> between parts, safe on every system (promise P68).</summary>
public sealed record RepoPath : IComparable<RepoPath>
{
    private RepoPath(string value) => Value = value;

    /// <summary>The path's text.</summary>
    public string Value { get; }

    /// <summary>
    /// Reads a path that is going to be written, or says in <paramref name="refusal"/> which rule it breaks: the rule's name, a
    /// colon and why, without a full stop.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RepoPath? path, [NotNullWhen(false)] out string? refusal)
    {
        refusal = RepoPathRules.Check(text);
        path = refusal is null && text is not null ? new RepoPath(text) : null;
        return path is not null;
    }

    /// <summary>
    /// Reads a path that a repository already has. Other people's repositories hold names that we would not write, such as
    /// <c>aux.c</c>; only what could leave its place or enter a git folder is refused.
    /// </summary>
    public static bool TryParseExisting(string? text, [NotNullWhen(true)] out RepoPath? path, [NotNullWhen(false)] out string? refusal)
    {
        refusal = RepoPathRules.CheckExisting(text);
        path = refusal is null && text is not null ? new RepoPath(text) : null;
        return path is not null;
    }

    /// <summary>Reads a path that our own code wrote or that was validated before.</summary>
    /// <exception cref="FormatException">The path breaks a rule: a bug.</exception>
    public static RepoPath Parse(string text) =>
        TryParse(text, out RepoPath? path, out string? refusal) ? path : throw new FormatException($"'{text}': {refusal}.");

    /// <summary>Compares byte-wise in UTF-8, which is git's order of names and the order of all our lists.</summary>
    public int CompareTo(RepoPath? other)
    {
        if (other is null)
        {
            return 1;
        }

        int same = Value.AsSpan().CommonPrefixLength(other.Value);
        if (same == Value.Length || same == other.Value.Length)
        {
            return Value.Length.CompareTo(other.Value.Length);
        }

        return Weight(Value[same]).CompareTo(Weight(other.Value[same]));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    // Characters beyond U+FFFF are surrogates in UTF-16, below U+E000, but the greatest in UTF-8.
    private static int Weight(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}
