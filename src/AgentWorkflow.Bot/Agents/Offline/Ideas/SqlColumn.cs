namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Reads a column of <c>CREATE TABLE</c>.</summary>
internal static class SqlColumn
{
    private static readonly string[] AfterType = ["not", "null", "unique", "default", "check", "references", "primary", "constraint", "auto_increment", "autoincrement", "generated", "collate", "comment", "on", "identity"];

    /// <summary>Adds the column to the entity.</summary>
    public static void Read(List<SqlToken> item, RawEntity entity, Dictionary<string, string> enums, int fenceLine)
    {
        string name = item[0].Text;
        int at = 1;
        while (at < item.Count && !Array.Exists(AfterType, item[at].Is))
        {
            at++;
        }

        string type = Type(item[1..at], enums);
        List<string> rules = [];
        while (at < item.Count)
        {
            at = Constraint(item, at, name, ref type, rules);
        }

        entity.Fields.Add(new RawField(name, type, rules, fenceLine + item[0].Line));
    }

    private static int Constraint(List<SqlToken> item, int at, string name, ref string type, List<string> rules)
    {
        SqlToken word = item[at];
        SqlToken? next = at + 1 < item.Count ? item[at + 1] : null;
        if (word.Is("not") && next?.Is("null") == true)
        {
            rules.Add("required");
            return at + 2;
        }

        if (word.Is("unique"))
        {
            rules.Add("unique");
        }
        else if (word.Is("primary"))
        {
            rules.Add("primary key");
            return at + 2;
        }
        else if (word.Is("references") && next is not null)
        {
            type = "reference to " + next.Text.Replace('_', ' ');
            return at + 2;
        }
        else if (word.Is("default") && next is not null)
        {
            return Default(item, at + 1, rules);
        }
        else if (word.Is("check") && next?.Is("(") == true)
        {
            int end = Close(item, at + 1);
            SqlConstraint.Check(item[(at + 2)..end], (column, rule) =>
            {
                if (column.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    rules.Add(rule);
                }
            });
            return end + 1;
        }
        else if (word.Is("constraint") || word.Is("on") || word.Is("comment") || word.Is("collate"))
        {
            return at + (word.Is("on") ? 3 : 2);
        }

        return at + 1;
    }

    private static int Default(List<SqlToken> item, int at, List<string> rules)
    {
        bool minus = item[at].Is("-") && at + 1 < item.Count;
        SqlToken value = item[minus ? at + 1 : at];
        int end = at + (minus ? 2 : 1);
        bool call = end < item.Count && item[end].Is("(") || value.Is("(") || value.Kind == SqlKind.Word && !value.Is("true") && !value.Is("false");
        if (!call)
        {
            rules.Add("default " + (minus ? "-" : "") + (value.Text.Length == 0 ? "''" : value.Text));
        }

        // now() and the like: the database's own, not a value.
        return end < item.Count && item[end].Is("(") ? Close(item, end) + 1 : value.Is("(") ? Close(item, at) + 1
            : end + 1 < item.Count && item[end].Is("::") ? end + 2 : end;
    }

    private static string Type(List<SqlToken> tokens, Dictionary<string, string> enums)
    {
        if (tokens.Count > 0 && enums.TryGetValue(tokens[^1].Text, out string? named))
        {
            return named;
        }

        if (tokens.Count > 0 && tokens[0].Is("enum"))
        {
            return "enum(" + string.Join(", ", tokens.Where(t => t.Kind == SqlKind.Literal).Select(t => t.Text)) + ")";
        }

        // In SQL `text` has no length: it is what holds long texts. `tinyint(1)` is how MySQL says boolean.
        string type = string.Concat(tokens.Select((t, i) => (i > 0 && t.Kind == SqlKind.Word && tokens[i - 1].Kind == SqlKind.Word ? " " : "") + t.Text)).ToLowerInvariant();
        return type switch
        {
            "text" => "long text",
            "tinyint(1)" => "boolean",
            "numeric(10,2)" or "decimal(10,2)" or "numeric(12,2)" or "decimal(12,2)" => type,
            _ => type,
        };
    }

    private static int Close(List<SqlToken> item, int open)
    {
        int depth = 0;
        for (int i = open; i < item.Count; i++)
        {
            depth += item[i].Is("(") ? 1 : item[i].Is(")") ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        return item.Count;
    }
}
