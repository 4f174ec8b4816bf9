using YamlDotNet.Core;

namespace AgentWorkflow.Engine.Definition.Yaml;

/// <summary>A value of a YAML file with its place.</summary>
/// <param name="Position">Where it begins.</param>
internal abstract record Node(SourcePosition Position)
{
    /// <summary>What people call it.</summary>
    public abstract string What { get; }
}

/// <summary>A single value.</summary>
/// <param name="Position">Where it begins, at the quote where there is one.</param>
/// <param name="Text">The text as YAML reads it.</param>
/// <param name="Style">How it is quoted.</param>
/// <param name="Start">The index of its first character in the file.</param>
/// <param name="End">The index after its last character.</param>
internal sealed record ScalarNode(SourcePosition Position, string Text, ScalarStyle Style, int Start, int End) : Node(Position)
{
    /// <summary>True where the text was written without quotes, so that it may be a number, a truth value or null.</summary>
    public bool IsPlain => Style == ScalarStyle.Plain;

    /// <summary>True for null, ~ and nothing.</summary>
    public bool IsNull => IsPlain && (Text is "" or "null" or "~");

    /// <inheritdoc/>
    public override string What => IsNull ? "nothing" : PlainScalar.KindOf(this);
}

/// <summary>A list.</summary>
internal sealed record ListNode(SourcePosition Position, IReadOnlyList<Node> Items) : Node(Position)
{
    /// <inheritdoc/>
    public override string What => "a list";
}

/// <summary>A mapping; each key once.</summary>
internal sealed record MapNode(SourcePosition Position, IReadOnlyList<MapEntry> Entries) : Node(Position)
{
    /// <inheritdoc/>
    public override string What => "a mapping";

    /// <summary>The value of a key, or null.</summary>
    public Node? Find(string key) => Entries.FirstOrDefault(e => e.Key.Text == key)?.Value;
}

/// <summary>One entry of a mapping.</summary>
internal sealed record MapEntry(ScalarNode Key, Node Value);

/// <summary>Something refused already: whatever stands on it keeps silent.</summary>
internal sealed record BrokenNode(SourcePosition Position) : Node(Position)
{
    /// <inheritdoc/>
    public override string What => "something refused";
}
