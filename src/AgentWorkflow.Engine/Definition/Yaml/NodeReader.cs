using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentWorkflow.Engine.Definition.Yaml;

/// <summary>
/// Reads a checked text into nodes, under budgets that are counted on events: nothing is built, and nothing recurses, past
/// them. What is refused but leaves the structure whole is reported and reading goes on.
/// </summary>
internal sealed class NodeReader
{
    /// <summary>The deepest nesting of lists and mappings.</summary>
    public const int MaxDepth = 64;

    /// <summary>The most values and keys.</summary>
    public const int MaxNodes = 10_000;

    /// <summary>The longest text of one value.</summary>
    public const int MaxTextLength = 65_536;

    private readonly SourceText _source;
    private readonly DiagnosticBag _diagnostics;
    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly HashSet<SourcePosition> _anchors = [];
    private int _nodes;
    private int _depth;

    private NodeReader(SourceText source, DiagnosticBag diagnostics)
    {
        _source = source;
        _diagnostics = diagnostics;
        _scanner = new Scanner(new StringReader(source.Text));
        _parser = new Parser(_scanner);
    }

    private ParsingEvent Current => _parser.Current ?? throw new YamlException("the text ends too early");

    /// <summary>The document's value; null when there is none or it could not be read to its end.</summary>
    public static Node? Read(SourceText source, DiagnosticBag diagnostics)
    {
        NodeReader reader = new(source, diagnostics);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlBudgetException)
        {
            return null;
        }
        catch (YamlException e)
        {
            Mark mark = reader.Culprit(e);
            reader.ReportAnchorsBefore(mark);
            diagnostics.Error(source.Clamp(mark.Line, mark.Column), Codes.NotYaml, Sentence(e.Message));
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException or KeyNotFoundException or NullReferenceException)
        {
            // The library's scanner answers some broken input with these instead of its own exception.
            Mark mark = reader._scanner.CurrentPosition;
            diagnostics.Error(source.Clamp(mark.Line, mark.Column), Codes.NotYaml, "the text is not YAML from here on; look for a bracket, quote or indentation that does not fit.");
            return null;
        }
    }

    private Node? ReadDocument()
    {
        Next();
        if (!Next() || Current is StreamEnd)
        {
            _diagnostics.Error(new SourcePosition(1, 1), Codes.Empty, "the file is empty; a workflow has at least 'on' and 'steps'.");
            return null;
        }

        if (Current is DocumentStart { } start && (start.Version is not null || start.Tags is { Count: > 0 } tags && tags.Any(t => !IsStandard(t))))
        {
            _diagnostics.Error(FirstDirective(), Codes.Document, "directives (%YAML, %TAG) are not part of the language; remove the line.");
        }

        Next();
        Node root = ReadNode();
        if (Next() && Current is DocumentStart second)
        {
            _diagnostics.Error(At(second.Start), Codes.Document, "a file holds one document; move what follows into a file of its own.");
        }

        return root;
    }

    private Node ReadNode()
    {
        if (++_nodes > MaxNodes)
        {
            _diagnostics.Error(At(Current.Start), Codes.TooManyNodes, $"the file holds more than {MaxNodes} values and keys; split the workflow.");
            throw new YamlBudgetException();
        }

        switch (Current)
        {
            case AnchorAlias alias:
                _diagnostics.Error(At(alias.Start), Codes.Alias, "aliases are not part of the language; repeat the value.");
                Next();
                return new BrokenNode(At(alias.Start));
            case Scalar scalar:
                CheckProperties(scalar);
                Next();
                return ReadScalar(scalar);
            case SequenceStart list:
                CheckProperties(list);
                return Nested(list, () => ReadList(list));
            case MappingStart map:
                CheckProperties(map);
                return Nested(map, () => ReadMap(map));
            default:
                throw new YamlException(Current.Start, Current.End, "a value is missing");
        }
    }

    private Node Nested(ParsingEvent start, Func<Node> read)
    {
        if (++_depth > MaxDepth)
        {
            _diagnostics.Error(At(start.Start), Codes.TooDeep, $"lists and mappings are nested deeper than {MaxDepth} levels.");
            throw new YamlBudgetException();
        }

        Next();
        Node node = read();
        Next();
        _depth--;
        return node;
    }

    private ListNode ReadList(SequenceStart start)
    {
        List<Node> items = [];
        while (Current is not SequenceEnd)
        {
            items.Add(ReadNode());
        }

        return new ListNode(At(start.Start), items);
    }

    private MapNode ReadMap(MappingStart start)
    {
        List<MapEntry> entries = [];
        Dictionary<string, SourcePosition> seen = new(StringComparer.Ordinal);
        while (Current is not MappingEnd)
        {
            Node key = ReadNode();
            Node value = ReadNode();
            if (KeyOf(key) is not { } name)
            {
                continue;
            }

            if (!seen.TryAdd(name.Text, name.Position))
            {
                _diagnostics.Error(name.Position, Codes.DuplicateKey, $"the key '{Shown(name.Text)}' stands here a second time; the first is in line {seen[name.Text].Line}.");
                continue;
            }

            entries.Add(new MapEntry(name, value));
        }

        return new MapNode(At(start.Start), entries);
    }

    private ScalarNode? KeyOf(Node key)
    {
        if (key is ScalarNode { IsPlain: true, Text: "<<" })
        {
            _diagnostics.Error(key.Position, Codes.Alias, "merge keys ('<<') are not part of the language; repeat the entries.");
            return null;
        }

        if (key is ScalarNode scalar)
        {
            return scalar;
        }

        if (key is not BrokenNode)
        {
            _diagnostics.Error(key.Position, Codes.ComplexKey, $"a key is a text, not {key.What}; put quotes around it where text was meant.");
        }

        return null;
    }

    private Node ReadScalar(Scalar scalar)
    {
        SourcePosition position = At(scalar.Start);
        if (scalar.Value.Length > MaxTextLength)
        {
            _diagnostics.Error(position, Codes.TextTooLong, $"the text is {scalar.Value.Length} characters long, and {MaxTextLength} is the most; move it into a file.");
            return new BrokenNode(position);
        }

        int start = Math.Clamp((int)scalar.Start.Index, 0, _source.Text.Length);
        return new ScalarNode(position, scalar.Value, scalar.Style, start, Math.Clamp((int)scalar.End.Index, start, _source.Text.Length));
    }

    private void CheckProperties(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
        {
            ReportAnchor(node.Start);
        }

        if (!node.Tag.IsEmpty)
        {
            _diagnostics.Error(At(node.Start), Codes.Tag, "tags are not part of the language; remove it, quotes make a text.");
        }
    }

    private void ReportAnchor(Mark mark)
    {
        if (_anchors.Add(At(mark)))
        {
            _diagnostics.Error(At(mark), Codes.Alias, "anchors are not part of the language; repeat the value where it is needed.");
        }
    }

    // The library's parser stumbles over some anchors in flow style and blames what comes after them.
    private void ReportAnchorsBefore(Mark culprit)
    {
        Scanner scanner = new(new StringReader(_source.Text));
        try
        {
            while (scanner.MoveNext() && scanner.Current is { } token && token.Start.Index < culprit.Index)
            {
                if (token is YamlDotNet.Core.Tokens.Anchor)
                {
                    ReportAnchor(token.Start);
                }
            }
        }
        catch (YamlException)
        {
            // What the scanner itself cannot read is reported already.
        }
    }

    // The library's errors span from where it began to read to where it gave up. What was left open is shown at its
    // beginning; a wrong character inside of a token is shown where it stands.
    private Mark Culprit(YamlException e)
    {
        bool Says(string words) => e.Message.Contains(words, StringComparison.Ordinal);
        return e.Start.Line == 0 || Says(" tab ") ? _scanner.CurrentPosition
            : Says("escape") || Says("hexadecimal") || Says("surrogates") ? Backslash(e.End)
            : e is SyntaxErrorException && !Says("end of stream") && !Says("cannot start any token") ? e.End
            : e.Start;
    }

    private Mark Backslash(Mark end)
    {
        int index = Math.Clamp((int)end.Index, 0, _source.Text.Length - 1);
        int back = index - Math.Max(_source.Text.LastIndexOf('\\', index), 0);
        return new Mark(end.Index - back, end.Line, Math.Max(end.Column - back, 1));
    }

    private bool Next() => _parser.MoveNext();

    private SourcePosition At(Mark mark) => _source.Clamp(mark.Line, mark.Column);

    private SourcePosition FirstDirective()
    {
        for (int line = 1; line <= _source.LineCount; line++)
        {
            if (_source.Line(line).StartsWith('%'))
            {
                return new SourcePosition(line, 1);
            }
        }

        return new SourcePosition(1, 1);
    }

    private static bool IsStandard(YamlDotNet.Core.Tokens.TagDirective tag) => tag.Handle is "!" or "!!";

    private static string Sentence(string message)
    {
        string text = message.Trim().TrimEnd('.');
        return text.Length == 0 ? "the text is not YAML." : $"the text is not YAML: {char.ToLowerInvariant(text[0])}{text[1..]}.";
    }

    private static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "...";

}

/// <summary>A budget was passed and reported: reading ends here.</summary>
public sealed class YamlBudgetException : Exception;
