namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>An idea's Markdown as sections with blocks: what the readers look at instead of a syntax tree.</summary>
/// <param name="Sections">In the idea's order; the first one, of level 0, holds what stands before any heading.</param>
/// <param name="FrontTitle">The title in the front matter; null when there is none.</param>
/// <param name="HiddenComments">How many HTML comments were left out.</param>
internal sealed record Outline(IReadOnlyList<Section> Sections, string? FrontTitle, int HiddenComments);

/// <summary>A heading and what follows it.</summary>
/// <param name="Level">1 to 6 for headings, 7 for a paragraph in bold, 0 for what stands before the first.</param>
/// <param name="Heading">The heading's text; empty for level 0.</param>
/// <param name="Line">From 1.</param>
/// <param name="Parent">The section around it; null for the outermost.</param>
internal sealed record Section(int Level, string Heading, int Line, Section? Parent)
{
    /// <summary>What follows the heading, up to the next.</summary>
    public List<Block> Blocks { get; } = [];

    /// <summary>This section and those around it, innermost first.</summary>
    public IEnumerable<Section> Path()
    {
        for (Section? section = this; section is not null; section = section.Parent)
        {
            yield return section;
        }
    }
}

/// <summary>Something below a heading.</summary>
internal abstract record Block(int Line)
{
    /// <summary>A paragraph.</summary>
    internal sealed record Prose(string Text, int Line) : Block(Line);

    /// <summary>A list.</summary>
    internal sealed record Points(IReadOnlyList<Point> Items, int Line) : Block(Line);

    /// <summary>A table.</summary>
    internal sealed record Grid(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows, int Line) : Block(Line);

    /// <summary>A fenced code block with the first word after the fence.</summary>
    internal sealed record Fence(string Language, string Text, int Line) : Block(Line);
}

/// <summary>A point of a list.</summary>
/// <param name="Text">The text as people read it, one line.</param>
/// <param name="Source">The text as it was written, so that a pattern keeps its backslashes and stars.</param>
/// <param name="Line">From 1.</param>
/// <param name="IsTask">True for <c>- [ ]</c> and <c>- [x]</c>.</param>
/// <param name="Points">The points nested below.</param>
internal sealed record Point(string Text, string Source, int Line, bool IsTask, IReadOnlyList<Point> Points);
