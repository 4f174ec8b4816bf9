using System.Diagnostics.CodeAnalysis;

namespace AgentWorkflow.Engine.Identity;

/// <summary>The full object id of a git commit or tree: 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits.</summary>
public sealed record CommitId
{
    private CommitId(string value) => Value = value;

    /// <summary>The digits.</summary>
    public string Value { get; }

    /// <summary>The first seven digits, for people.</summary>
    public string Short => Value[..7];

    /// <summary>Reads a full object id; abbreviations are refused because they can become ambiguous.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out CommitId? id)
    {
        bool valid = text is { Length: 40 or 64 } && text.All(char.IsAsciiHexDigitLower);
        id = valid ? new CommitId(text!) : null;
        return valid;
    }

    /// <summary>Reads an id that git itself gave.</summary>
    /// <exception cref="FormatException">The text is no object id: a bug or a broken world.</exception>
    public static CommitId Parse(string text) =>
        TryParse(text, out CommitId? id) ? id : throw new FormatException($"'{text}' is not a full git object id.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}
