using AgentWorkflow.Engine.Definition;
using AgentWorkflow.Engine.Definition.Yaml;

using YamlDotNet.Core;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>
/// Says where a character of a scalar's value stands in the file. Quotes, doubled quotes and literal blocks are followed;
/// where YAML changed the text otherwise (escapes, folding), the scalar's own place is the answer.
/// </summary>
internal sealed class SourceMap
{
    private readonly SourceText _source;
    private readonly ScalarNode _scalar;
    private readonly int[]? _indexes;

    /// <summary>Builds the map of one scalar.</summary>
    public SourceMap(SourceText source, ScalarNode scalar)
    {
        _source = source;
        _scalar = scalar;
        _indexes = scalar.Style switch
        {
            ScalarStyle.Plain => Straight(scalar.Start),
            ScalarStyle.DoubleQuoted => Straight(scalar.Start + 1),
            ScalarStyle.SingleQuoted => SingleQuoted(),
            ScalarStyle.Literal => Literal(),
            _ => null,
        };
    }

    /// <summary>The place of a character; the one after the last counts too.</summary>
    public SourcePosition PositionOf(int at) =>
        _indexes is null ? _scalar.Position
        : at < _indexes.Length ? _source.PositionOf(_indexes[Math.Max(0, at)])
        : _indexes.Length == 0 ? _scalar.Position
        : _source.PositionOf(Math.Min(_indexes[^1] + 1, _source.Text.Length));

    private int[]? Straight(int start)
    {
        string text = _scalar.Text;
        return string.CompareOrdinal(_source.Text, start, text, 0, text.Length) == 0 ? [.. Enumerable.Range(start, text.Length)] : null;
    }

    private int[]? SingleQuoted()
    {
        int[] indexes = new int[_scalar.Text.Length];
        int at = _scalar.Start + 1;
        for (int i = 0; i < indexes.Length; i++, at++)
        {
            if (at >= _source.Text.Length || _source.Text[at] != _scalar.Text[i])
            {
                return null;
            }

            indexes[i] = at;
            at += _source.Text[at] == '\'' ? 1 : 0;
        }

        return indexes;
    }

    // In a literal block each line of the value is one line of the file without its indentation.
    private int[]? Literal()
    {
        int[] indexes = new int[_scalar.Text.Length];
        int line = _source.PositionOf(_scalar.Start).Line + 1;
        int i = 0;
        foreach (string part in _scalar.Text.Split('\n'))
        {
            if (line > _source.LineCount || !_source.Line(line).EndsWith(part, StringComparison.Ordinal))
            {
                return part.Length == 0 && i == indexes.Length ? indexes : null;
            }

            int lineStart = _source.IndexOf(line);
            int indent = _source.Line(line).Length - part.Length;
            for (int k = 0; k <= part.Length && i < indexes.Length; k++)
            {
                indexes[i++] = lineStart + indent + k;
            }

            line++;
        }

        return indexes;
    }
}
