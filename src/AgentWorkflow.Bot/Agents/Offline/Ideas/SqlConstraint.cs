namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Reads a constraint of a table, and the conditions of <c>CHECK</c>.</summary>
internal static class SqlConstraint
{
    /// <summary>Reads one; false where the item is a column.</summary>
    public static bool Read(List<SqlToken> item, RawEntity entity, RawModel model)
    {
        List<SqlToken> rest = item[0].Is("constraint") && item.Count > 2 ? item[2..] : item;
        bool key = rest[0].Is("primary") && rest.Count > 1 && rest[1].Is("key");
        if (key || rest[0].Is("unique") && rest.Exists(t => t.Is("(")) || rest[0].Is("key") || rest[0].Is("index"))
        {
            List<SqlToken> columns = [.. rest.SkipWhile(t => !t.Is("(")).Skip(1).TakeWhile(t => !t.Is(")")).Where(t => t.Kind == SqlKind.Word)];
            if (columns.Count == 1)
            {
                AddRule(entity, columns[0].Text, key ? "primary key" : rest[0].Is("unique") ? "unique" : "indexed");
            }
            else if (columns.Count > 1)
            {
                model.Notes.Add($"SQL: {(key ? "the primary key" : "the constraint")} of {entity.Name} over {string.Join(", ", columns.Select(c => c.Text))} was left out; only single columns can be unique.");
            }

            return true;
        }

        if (rest[0].Is("foreign"))
        {
            ForeignKey(rest, entity, model);
            return true;
        }

        if (rest[0].Is("check"))
        {
            Check(rest[Math.Min(2, rest.Count)..Math.Max(Math.Min(2, rest.Count), rest.Count - 1)], (column, rule) => AddRule(entity, column, rule));
            return true;
        }

        return item[0].Is("constraint") || item[0].Is("exclude") || item[0].Is("like") || item[0].Kind != SqlKind.Word || item.Count == 1;
    }

    /// <summary>Adds a rule to a column that was read before.</summary>
    public static void AddRule(RawEntity entity, string column, string rule)
    {
        int at = entity.Fields.FindIndex(f => f.Name.Equals(column, StringComparison.OrdinalIgnoreCase));
        if (at >= 0)
        {
            entity.Fields[at] = entity.Fields[at] with { Rules = [.. entity.Fields[at].Rules, rule] };
        }
    }

    /// <summary>Reads the conditions joined by AND: comparisons, BETWEEN, IN, lengths. Others are left out by naming them as a rule.</summary>
    public static void Check(List<SqlToken> tokens, Action<string, string> add)
    {
        int at = 0;
        while (at < tokens.Count)
        {
            int end = at;
            bool between = false;
            for (int depth = 0; end < tokens.Count && !(depth == 0 && tokens[end].Is("and") && !between); end++)
            {
                depth += tokens[end].Is("(") ? 1 : tokens[end].Is(")") ? -1 : 0;
                between = tokens[end].Is("between") || between && !tokens[end].Is("and");
            }

            Condition(tokens[at..end], add);
            at = end + 1;
        }
    }

    private static void Condition(List<SqlToken> t, Action<string, string> add)
    {
        while (t.Count > 2 && t[0].Is("(") && t[^1].Is(")"))
        {
            t = t[1..^1];
        }

        bool length = t.Count > 4 && t[1].Is("(") && t[0].Text.ToLowerInvariant() is "length" or "char_length" or "len" or "character_length" && t[3].Is(")");
        string measure = length ? " characters" : "";
        List<SqlToken> rest = length ? t[4..] : t.Count > 1 ? t[1..] : [];
        string column = length ? t[2].Text : t.Count > 0 ? t[0].Text : "";
        if (rest.Count == 0)
        {
            return;
        }

        string all = string.Concat(rest.Skip(1).Select(x => x.Is("and") ? " and " : x.Text));
        if (rest[0].Is("between"))
        {
            add(column, "between " + all + measure);
        }
        else if (rest[0].Is("in"))
        {
            add(column, "one of (" + string.Join(", ", rest.Where(x => x.Kind is SqlKind.Literal or SqlKind.Number).Select(x => x.Kind == SqlKind.Literal ? $"'{x.Text}'" : x.Text)) + ")");
        }
        else if (rest[0].Text is ">=" or "<=" or ">" or "<" && decimal.TryParse(all, out _))
        {
            add(column, rest[0].Text + " " + all + measure);
        }
        else if (rest[0].Is("~") && rest is [_, { Kind: SqlKind.Literal } pattern])
        {
            add(column, "pattern /" + pattern.Text + "/");
        }
        else
        {
            add(column, "CHECK " + string.Join(' ', t.Select(x => x.Text)));
        }
    }

    private static void ForeignKey(List<SqlToken> item, RawEntity entity, RawModel model)
    {
        List<SqlToken> columns = [.. item.SkipWhile(t => !t.Is("(")).Skip(1).TakeWhile(t => !t.Is(")")).Where(t => t.Kind == SqlKind.Word)];
        SqlToken? target = item.SkipWhile(t => !t.Is("references")).Skip(1).FirstOrDefault();
        int at = columns.Count == 1 ? entity.Fields.FindIndex(f => f.Name.Equals(columns[0].Text, StringComparison.OrdinalIgnoreCase)) : -1;
        if (at >= 0 && target is not null)
        {
            entity.Fields[at] = entity.Fields[at] with { Type = "reference to " + target.Text.Replace('_', ' ') };
        }
        else
        {
            model.Notes.Add($"SQL: a foreign key of {entity.Name} over several columns was left out.");
        }
    }
}
