using System.Text;

using AgentWorkflow.Engine.Definition;

using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>A value of a manifest with its place. Built from events with limits, because manifests are other people's files.</summary>
internal abstract record ManifestNode(int Line, int Column)
{
    private const int MaxBytes = 256 * 1024;
    private const int MaxDepth = 16;
    private const int MaxNodes = 20_000;

    /// <summary>Reads one document; null when a problem was added.</summary>
    public static ManifestNode? Read(string file, ReadOnlySpan<byte> content, List<Diagnostic> problems)
    {
        if (content.Length > MaxBytes)
        {
            problems.Add(new Diagnostic(file, 1, 1, Severity.Error, "AW1501", $"The manifest has {content.Length} bytes; {MaxBytes} is the most."));
            return null;
        }

        try
        {
            string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(content);
            return new Reader(file, new Parser(new StringReader(text.TrimStart('\uFEFF'))), problems).ReadDocument();
        }
        catch (DecoderFallbackException)
        {
            problems.Add(new Diagnostic(file, 1, 1, Severity.Error, "AW1501", "The manifest is not UTF-8 text."));
        }
        catch (YamlException e)
        {
            problems.Add(new Diagnostic(file, (int)e.Start.Line, (int)e.Start.Column, Severity.Error, "AW1501", $"This is not YAML: {FirstLine(e.Message)}."));
        }
        catch (InvalidOperationException)
        {
            // The parser throws this for some unclosed lists.
            problems.Add(new Diagnostic(file, 1, 1, Severity.Error, "AW1501", "This is not YAML: a list or a mapping is not closed."));
        }

        return null;
    }

    private static string FirstLine(string text) => text.Split('\n')[0].Trim().TrimEnd('.');

    private sealed class Reader(string file, IParser parser, List<Diagnostic> problems)
    {
        private int _nodes;

        public ManifestNode? ReadDocument()
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return Refuse(new Mark(0, 1, 1), "the manifest is empty");
            }

            ManifestNode? node = ReadNode(0);
            if (node is null)
            {
                return null;
            }

            parser.Consume<DocumentEnd>();
            return parser.Current is DocumentStart second ? Refuse(second.Start, "a manifest is one document") : node;
        }

        private ManifestNode? ReadNode(int depth)
        {
            ParsingEvent next = parser.Consume<ParsingEvent>();
            if (depth > MaxDepth || ++_nodes > MaxNodes)
            {
                return Refuse(next.Start, depth > MaxDepth ? $"more than {MaxDepth} levels" : $"more than {MaxNodes} values");
            }

            if (next is AnchorAlias || next is NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false })
            {
                return Refuse(next.Start, "anchors, aliases and tags are not read here");
            }

            return next switch
            {
                YamlDotNet.Core.Events.Scalar scalar => new ManifestScalar(scalar.Value, scalar.IsPlainImplicit && scalar.Style == ScalarStyle.Plain, Line(next), Column(next)),
                SequenceStart => ReadList(next, depth),
                MappingStart => ReadMap(next, depth),
                _ => Refuse(next.Start, "this is not a value"),
            };
        }

        private ManifestList? ReadList(ParsingEvent start, int depth)
        {
            var items = new List<ManifestNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                if (ReadNode(depth + 1) is not { } item)
                {
                    return null;
                }

                items.Add(item);
            }

            return new ManifestList(items, Line(start), Column(start));
        }

        private ManifestMap? ReadMap(ParsingEvent start, int depth)
        {
            var entries = new List<(ManifestScalar Key, ManifestNode Value)>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (ReadNode(depth + 1) is not { } key || ReadNode(depth + 1) is not { } value)
                {
                    return null;
                }

                if (key is not ManifestScalar name || entries.Any(e => e.Key.Text == name.Text))
                {
                    Refuse(new Mark(0, key.Line, key.Column), key is ManifestScalar ? "this key is there twice" : "a key is a plain text");
                    return null;
                }

                entries.Add((name, value));
            }

            return new ManifestMap(entries, Line(start), Column(start));
        }

        private ManifestNode? Refuse(Mark at, string why)
        {
            problems.Add(new Diagnostic(file, (int)at.Line, (int)at.Column, Severity.Error, "AW1501", $"The manifest cannot be read: {why}."));
            return null;
        }

        private static int Line(ParsingEvent e) => (int)e.Start.Line;

        private static int Column(ParsingEvent e) => (int)e.Start.Column;
    }
}

/// <summary>A text.</summary>
internal sealed record ManifestScalar(string Text, bool Plain, int Line, int Column) : ManifestNode(Line, Column);

/// <summary>A list.</summary>
internal sealed record ManifestList(IReadOnlyList<ManifestNode> Items, int Line, int Column) : ManifestNode(Line, Column);

/// <summary>A mapping, keys once each, in the file's order.</summary>
internal sealed record ManifestMap(IReadOnlyList<(ManifestScalar Key, ManifestNode Value)> Entries, int Line, int Column) : ManifestNode(Line, Column);
