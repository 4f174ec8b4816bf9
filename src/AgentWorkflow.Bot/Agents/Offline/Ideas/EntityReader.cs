namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Finds entities in tables and lists.</summary>
internal static class EntityReader
{
    private static readonly string[] FieldTypeWords = ["text", "string", "integer", "number", "date", "boolean", "bool", "decimal", "money", "email", "enum", "reference", "list"];

    /// <summary>Adds what the outline holds to the model, in the idea's order.</summary>
    public static void Read(Outline outline, RawModel model)
    {
        foreach (Section section in outline.Sections)
        {
            ReadSection(section, model);
        }
    }

    private static void ReadSection(Section section, RawModel model)
    {
        Topic own = Headings.Of(section.Heading);
        bool within = Headings.Of(section) == Topic.Entities;
        string? heading = within && own == Topic.Entities ? null : section.Heading;
        string description = "";
        RawEntity? current = null;
        foreach (Block block in section.Blocks)
        {
            switch (block)
            {
                case Block.Prose prose when within && IsLabel(prose.Text):
                    (heading, current, description) = (prose.Text.TrimEnd(':', ' '), null, "");
                    break;
                case Block.Prose prose:
                    description = description.Length == 0 ? prose.Text : description;
                    Relations.Read(prose.Text, prose.Line, within, model);
                    break;
                case Block.Grid grid when FieldTable.Columns(grid, within) is { } columns:
                    FieldTable.Read(grid, columns, heading, description, model);
                    break;
                case Block.Points points when within && heading is null:
                    ReadEntityPoints(points.Items, model);
                    break;
                case Block.Points points when within || LooksLikeFields(section, points):
                    current = ReadFieldPoints(points, heading ?? "", description, current, model);
                    break;
                case Block.Fence fence when Mermaid.Is(fence):
                    Mermaid.Read(fence, model);
                    break;
                case Block.Fence fence when Sql.Is(fence):
                    Sql.Read(fence, model);
                    break;
                default:
                    break;
            }
        }
    }

    // "Book:" on a line of its own above a table or list.
    private static bool IsLabel(string text) => text.EndsWith(':') && English.Of(text).Count is > 0 and <= 4;

    // Outside "Entities", a list is one of fields only when each point names a type.
    private static bool LooksLikeFields(Section section, Block.Points points) =>
        section.Level > 0 && Headings.Of(section) == Topic.Other && points.Items.Count >= 2 && English.Of(section.Heading).Count is > 0 and <= 4
        && points.Items.All(p => !p.IsTask && p.Text.IndexOf(':') is > 0 and < 40 && English.Of(p.Text[p.Text.IndexOf(':')..]).Take(2).Any(w => FieldTypeWords.Contains(w)));

    private static RawEntity? ReadFieldPoints(Block.Points points, string heading, string description, RawEntity? current, RawModel model)
    {
        List<Point> rest = [.. points.Items.Where(p => !Relations.Read(p.Text, p.Line, within: true, model))];
        if (rest.Count == 0)
        {
            return current;
        }

        if (current is null)
        {
            current = new RawEntity(heading, description, points.Line);
            model.Entities.Add(current);
        }

        current.Fields.AddRange(rest.Select(FieldLine.Read).OfType<RawField>());
        return current;
    }

    private static void ReadEntityPoints(IReadOnlyList<Point> points, RawModel model)
    {
        foreach (Point point in points)
        {
            if (Relations.Read(point.Text, point.Line, within: true, model))
            {
                continue;
            }

            (string name, string tail) = FieldLine.SplitName(point.Source);
            var entity = new RawEntity(name, point.Points.Count > 0 ? tail : "", point.Line);
            entity.Fields.AddRange(point.Points.Count > 0
                ? point.Points.Where(p => !Relations.Read(p.Text, p.Line, within: true, model)).Select(FieldLine.Read).OfType<RawField>()
                : FieldLine.ReadInline(tail, point.Line));
            model.Entities.Add(entity);
        }
    }
}
