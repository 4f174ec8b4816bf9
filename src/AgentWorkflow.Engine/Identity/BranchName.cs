using System.Diagnostics.CodeAnalysis;

namespace AgentWorkflow.Engine.Identity;

/// <summary>A branch name that every forge and git accept: the rules of <c>git check-ref-format</c>, ASCII only.</summary>
public sealed record BranchName
{
    /// <summary>The longest accepted name, in characters (promise P73).</summary>
    public const int MaxLength = 120;

    private BranchName(string value) => Value = value;

    /// <summary>The name without <c>refs/heads/</c>.</summary>
    public string Value { get; }

    /// <summary>Reads a branch name; anything git could read as something else is refused.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out BranchName? name)
    {
        bool valid = text is { Length: > 0 and <= MaxLength }
            && text.Split('/').All(IsPart)
            && !text.Contains("..", StringComparison.Ordinal)
            && text != "HEAD";
        name = valid ? new BranchName(text!) : null;
        return valid;
    }

    /// <summary>Reads a name that our own code composed.</summary>
    /// <exception cref="FormatException">The name is not valid: a bug.</exception>
    public static BranchName Parse(string text) =>
        TryParse(text, out BranchName? name) ? name : throw new FormatException($"'{text}' is not a branch name.");

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static bool IsPart(string part) =>
        part.Length > 0
        && part[0] is not ('.' or '-')
        && part[^1] != '.'
        && !part.EndsWith(".lock", StringComparison.OrdinalIgnoreCase)
        && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
