using System.Diagnostics.CodeAnalysis;

namespace AgentWorkflow.Engine.Identity;

/// <summary>A file's path inside a repository: relative, <c>/</c> between parts, safe on every system (promise P68).</summary>
public sealed record RepoPath : IComparable<RepoPath>
{
    private RepoPath(string value) => Value = value;

    /// <summary>The path's text.</summary>
    public string Value { get; }

    /// <summary>Reads a path, or says in <paramref name="refusal"/> which rule it breaks.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RepoPath? path, [NotNullWhen(false)] out string? refusal)
    {
        path = null;
        refusal = string.IsNullOrEmpty(text) ? "the path is empty"
            : text.Contains('\\') || text.StartsWith('/') || text.Split('/').Any(p => p is "" or "." or "..") ? "the path leaves its place"
            : null;
        path = refusal is null ? new RepoPath(text!) : null;
        return refusal is null;
    }

    /// <summary>Reads a path that our own code wrote or that was validated before.</summary>
    /// <exception cref="FormatException">The path breaks a rule: a bug.</exception>
    public static RepoPath Parse(string text) =>
        TryParse(text, out RepoPath? path, out string? refusal) ? path : throw new FormatException($"'{text}': {refusal}.");

    /// <summary>Compares byte-wise in UTF-8, which is git's order of names and the order of all our lists.</summary>
    public int CompareTo(RepoPath? other) => other is null ? 1 : string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
