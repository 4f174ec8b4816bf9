namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Reads fields from a table; its columns may have any order and many names.</summary>
internal static class FieldTable
{
    private static readonly Dictionary<string, Column> Names = Map(
        (Column.Name, "field,name,column,property,attribute,key,field name,column name,member,what"),
        (Column.Type, "type,kind,data type,datatype,field type,value type,format"),
        (Column.Rules, "rules,rule,constraints,constraint,validation,validations,restrictions,limits,conditions,properties"),
        (Column.Remarks, "notes,note,comments,comment,description,details,remarks,remark,meaning,purpose,explanation"),
        (Column.Required, "required,mandatory,required?,not null,must"),
        (Column.Optional, "optional,nullable,null,null?,nullable?,optional?"),
        (Column.Unique, "unique,unique?"),
        (Column.Default, "default,default value,initial"),
        (Column.Values, "values,options,allowed values,choices,enum"),
        (Column.Min, "min,minimum"),
        (Column.Max, "max,maximum"),
        (Column.Length, "length,max length,maxlength,size"),
        (Column.Pattern, "pattern,regex"),
        (Column.Target, "references,reference,refers to,relation,foreign key"),
        (Column.Entity, "entity,model,table,object,resource"));

    /// <summary>What each column means; null where the table is not one of fields.</summary>
    /// <param name="grid">The table.</param>
    /// <param name="within">True below "Entities", where less has to be said.</param>
    public static IReadOnlyList<Column>? Columns(Block.Grid grid, bool within)
    {
        List<Column> columns = [.. grid.Header.Select(h => Names.GetValueOrDefault(string.Join(' ', English.Of(h))))];
        bool typed = columns.Contains(Column.Type) || columns.Contains(Column.Rules);
        if (!columns.Contains(Column.Name) && columns.Count > 0 && (typed || within && columns.Contains(Column.Remarks)) && columns.IndexOf(Column.None) is >= 0 and var first)
        {
            columns[first] = Column.Name;
        }

        return columns.Contains(Column.Name) && (typed || within) && columns.Count > 1 ? columns : null;
    }

    /// <summary>Adds the table's entity, or entities where a column names them.</summary>
    public static void Read(Block.Grid grid, IReadOnlyList<Column> columns, string? heading, string description, RawModel model)
    {
        int entityColumn = columns.ToList().IndexOf(Column.Entity);
        RawEntity? entity = entityColumn >= 0 ? null : new RawEntity(heading ?? "", description, grid.Line);
        if (entity is not null)
        {
            model.Entities.Add(entity);
        }

        for (int i = 0; i < grid.Rows.Count; i++)
        {
            IReadOnlyList<string> row = grid.Rows[i];
            if (entityColumn >= 0 && entityColumn < row.Count && RuleText.Bare(row[entityColumn]) is { Length: > 0 } name && name != entity?.Name)
            {
                entity = new RawEntity(name, "", grid.Line + 2 + i);
                model.Entities.Add(entity);
            }

            if (Field(row, columns, grid.Line + 2 + i) is { } field)
            {
                entity?.Fields.Add(field);
            }
        }
    }

    private static RawField? Field(IReadOnlyList<string> row, IReadOnlyList<Column> columns, int line)
    {
        string name = "", type = "";
        List<string> rules = [], remarks = [];
        for (int i = 0; i < Math.Min(row.Count, columns.Count); i++)
        {
            string cell = row[i].Trim(), bare = RuleText.Bare(cell);
            if (bare is "" or "-" or "\u2013" or "\u2014" or "n/a" or "N/A")
            {
                continue;
            }

            switch (columns[i])
            {
                case Column.Name:
                    name = bare;
                    break;
                case Column.Type:
                    type = cell;
                    break;
                case Column.Rules:
                    rules.AddRange(RuleText.Split(cell));
                    break;
                case Column.Remarks:
                    remarks.AddRange(RuleText.Split(cell));
                    break;
                default:
                    rules.AddRange(Flag(columns[i], bare));
                    break;
            }
        }

        if (name.Length > 0 && name[^1] is '*')
        {
            rules.Add("required");
        }

        return name.Length == 0 ? null : new RawField(name, type, rules, line) { Remarks = remarks };
    }

    private static string[] Flag(Column column, string cell)
    {
        bool yes = cell.ToLowerInvariant() is "yes" or "y" or "x" or "true" or "required" or "unique" or "\u2713" or "\u2714" or "\u2705" or "1" or "mandatory" or "not null";
        return column switch
        {
            Column.Required when yes => ["required"],
            Column.Optional when !yes && cell.ToLowerInvariant() is "no" or "n" or "false" => ["required"],
            Column.Unique when yes => ["unique"],
            Column.Default => ["default " + cell],
            Column.Values => ["one of " + cell],
            Column.Min => ["min " + cell],
            Column.Max => ["max " + cell],
            Column.Length => ["length " + cell],
            Column.Pattern => ["pattern " + cell],
            Column.Target => ["reference to " + cell],
            _ => [],
        };
    }

    private static Dictionary<string, Column> Map(params (Column Column, string Names)[] columns) => columns
        .SelectMany(c => c.Names.Split(','), (c, name) => (Key: string.Join(' ', English.Of(name)), c.Column))
        .DistinctBy(c => c.Key).ToDictionary(c => c.Key, c => c.Column, StringComparer.Ordinal);
}

/// <summary>The meaning of a column.</summary>
internal enum Column
{
    /// <summary>Unknown.</summary>
    None,

    /// <summary>The field's name.</summary>
    Name,

    /// <summary>The type.</summary>
    Type,

    /// <summary>Rules.</summary>
    Rules,

    /// <summary>Free text that may hold rules.</summary>
    Remarks,

    /// <summary>Yes or no.</summary>
    Required,

    /// <summary>Yes or no, the other way round.</summary>
    Optional,

    /// <summary>Yes or no.</summary>
    Unique,

    /// <summary>The default.</summary>
    Default,

    /// <summary>Values of an enum.</summary>
    Values,

    /// <summary>The least.</summary>
    Min,

    /// <summary>The greatest.</summary>
    Max,

    /// <summary>A length.</summary>
    Length,

    /// <summary>A pattern.</summary>
    Pattern,

    /// <summary>What it refers to.</summary>
    Target,

    /// <summary>The entity the row belongs to.</summary>
    Entity,
}
