namespace AgentWorkflow.Engine.Definition.Raw;

/// <summary>A mapping of the language as it stands in a file.</summary>
internal abstract record RawRecord
{
    /// <summary>Where it begins.</summary>
    public SourcePosition Position { get; set; }
}

/// <summary>A value and where it stands.</summary>
internal sealed record Located<T>(T Value, SourcePosition Position);

/// <summary>A list as it stands in a file.</summary>
internal sealed record RawList<T>(SourcePosition Position, IReadOnlyList<T> Items);

/// <summary>A mapping with names of the author's choice.</summary>
internal sealed record RawTable<T>(SourcePosition Position, IReadOnlyList<KeyValuePair<Located<string>, T>> Entries);

/// <summary>Says that a text stands for the record with that one key.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShorthandAttribute(string key) : Attribute
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;
}

/// <summary>Says that one element may stand for a list of one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOrManyAttribute : Attribute;

/// <summary>Says which texts are names here.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PatternAttribute(string pattern) : Attribute
{
    /// <summary>A regular expression for the whole text.</summary>
    public string Pattern { get; } = pattern;
}

/// <summary>The patterns of names.</summary>
internal static class Names
{
    /// <summary>Steps and inputs.</summary>
    public const string Simple = "^[a-z][a-z0-9_]{0,63}$";

    /// <summary>Workflows.</summary>
    public const string Workflow = "^[a-z][a-z0-9_-]{0,63}$";

    /// <summary>Commands.</summary>
    public const string Command = "^[a-z][a-z0-9-]{0,31}$";

    /// <summary>The pattern in words.</summary>
    public static string InWords(string pattern) => pattern switch
    {
        Simple => "a lower-case letter, then lower-case letters, digits and '_', 64 at most",
        Workflow => "a lower-case letter, then lower-case letters, digits, '_' and '-', 64 at most",
        _ => "a lower-case letter, then lower-case letters, digits and '-', 32 at most",
    };

    /// <summary>The text with what names do not have replaced, or null when nothing is left of it.</summary>
    public static string? Repair(string text, string pattern)
    {
        string repaired = new([.. text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || pattern.Contains($"{c}]", StringComparison.Ordinal) ? c : pattern == Command ? '-' : '_').Take(32)]);
        repaired = repaired.Trim('_', '-');
        return repaired.Length > 0 && char.IsAsciiLetter(repaired[0]) ? repaired : null;
    }
}
