using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Markdown to <see cref="Outline"/>, with Markdig.</summary>
internal sealed class OutlineReader
{
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseTaskLists().UseYamlFrontMatter().Build();

    private readonly List<Section> _sections = [new Section(0, "", 1, null)];
    private string? _frontTitle;
    private int _comments;

    private OutlineReader()
    {
    }

    /// <summary>Reads an idea.</summary>
    /// <exception cref="AgentException">AW1005: nested too deep.</exception>
    public static Outline Read(string markdown)
    {
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(markdown, Pipeline);
        }
        catch (ArgumentException e) when (e.Message.Contains("nest", StringComparison.OrdinalIgnoreCase) || e.Message.Contains("depth", StringComparison.OrdinalIgnoreCase))
        {
            throw new AgentException("AW1005", "The idea's Markdown is nested too deep to be read; lists and quotes of up to 20 levels are fine.");
        }

        var reader = new OutlineReader();
        reader.Walk(document);
        return new Outline(reader._sections, reader._frontTitle, reader._comments);
    }

    private void Walk(ContainerBlock container)
    {
        foreach (Markdig.Syntax.Block block in container)
        {
            int line = block.Line + 1;
            switch (block)
            {
                case HeadingBlock heading:
                    Open(heading.Level, InlineText.Read(heading.Inline), line);
                    break;
                case ParagraphBlock paragraph when BoldTitle(paragraph) is { } title:
                    Open(7, title, line);
                    break;
                case ParagraphBlock paragraph:
                    Add(new Block.Prose(InlineText.Read(paragraph.Inline), line));
                    break;
                case ListBlock list:
                    Add(new Block.Points(Items(list), line));
                    break;
                case Table table:
                    Add(Grid(table, line));
                    break;
                case YamlFrontMatterBlock front:
                    _frontTitle = FrontTitle(front);
                    break;
                case CodeBlock code:
                    Add(Fence(code, line));
                    break;
                case HtmlBlock { Type: HtmlBlockType.Comment }:
                    _comments++;
                    break;
                case QuoteBlock quote:
                    Walk(quote);
                    break;
                default:
                    break;
            }
        }
    }

    private void Add(Block block) => _sections[^1].Blocks.Add(block);

    private void Open(int level, string heading, int line)
    {
        Section? parent = _sections[^1];
        while (parent is not null && parent.Level >= level)
        {
            parent = parent.Parent;
        }

        _sections.Add(new Section(level, heading, line, parent));
    }

    // People write `**User stories**` where they mean a heading.
    private static string? BoldTitle(ParagraphBlock paragraph) =>
        paragraph.Inline is { FirstChild: EmphasisInline { DelimiterCount: 2 } bold } inline
        && (ReferenceEquals(inline.LastChild, bold) || inline.LastChild is LiteralInline literal && literal.PreviousSibling == bold && literal.Content.ToString().Trim() is ":" or "")
            ? InlineText.Read(bold).TrimEnd(':', ' ')
            : null;

    private List<Point> Items(ListBlock list)
    {
        List<Point> points = [];
        foreach (ListItemBlock item in list.OfType<ListItemBlock>())
        {
            List<string> text = [], source = [];
            List<Point> nested = [];
            bool task = false;
            foreach (Markdig.Syntax.Block block in item)
            {
                switch (block)
                {
                    case LeafBlock and (ParagraphBlock or HeadingBlock):
                        ContainerInline? inline = ((LeafBlock)block).Inline;
                        task |= inline?.FirstChild is TaskList;
                        text.Add(InlineText.Read(inline));
                        source.Add(InlineText.Source(inline));
                        break;
                    case ListBlock inner:
                        nested.AddRange(Items(inner));
                        break;
                    case CodeBlock code:
                        Add(Fence(code, block.Line + 1));
                        break;
                    case HtmlBlock { Type: HtmlBlockType.Comment }:
                        _comments++;
                        break;
                    default:
                        break;
                }
            }

            points.Add(new Point(InlineText.OneLine(string.Join(' ', text)), InlineText.OneLine(string.Join(' ', source)), item.Line + 1, task, nested));
        }

        return points;
    }

    private static Block.Grid Grid(Table table, int line)
    {
        List<string> header = [];
        List<IReadOnlyList<string>> rows = [];
        foreach (TableRow row in table.OfType<TableRow>())
        {
            List<string> cells = [.. row.OfType<TableCell>().Select(c => string.Join(' ', c.OfType<ParagraphBlock>().Select(p => InlineText.Source(p.Inline))).Trim())];
            if (row.IsHeader)
            {
                header = [.. cells.Select(c => c.Trim('*', '_', ' '))];
            }
            else
            {
                rows.Add(cells);
            }
        }

        return new Block.Grid(header, rows, line);
    }

    private static Block.Fence Fence(CodeBlock code, int line) =>
        new((code as FencedCodeBlock)?.Info?.Trim().ToLowerInvariant() ?? "", code.Lines.ToString(), line);

    private static string? FrontTitle(YamlFrontMatterBlock front) => front.Lines.ToString().Split('\n')
        .Where(l => l.StartsWith("title:", StringComparison.OrdinalIgnoreCase))
        .Select(l => InlineText.OneLine(l["title:".Length..]).Trim('"', '\'', ' '))
        .FirstOrDefault(l => l.Length > 0);
}
