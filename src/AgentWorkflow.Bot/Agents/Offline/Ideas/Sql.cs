namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Reads <c>CREATE TABLE</c>, <c>CREATE TYPE ... AS ENUM</c> and <c>CREATE INDEX</c>.</summary>
internal sealed class Sql
{
    private readonly List<SqlToken> _tokens;
    private readonly RawModel _model;
    private readonly int _line;
    private readonly Dictionary<string, string> _enums = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, RawEntity> _tables = new(StringComparer.OrdinalIgnoreCase);
    private int _at;

    private Sql(Block.Fence fence, RawModel model)
    {
        _tokens = SqlTokens.Of(fence.Text);
        _model = model;
        _line = fence.Line;
    }

    private bool AtEnd => _at >= _tokens.Count;

    /// <summary>True for a block of SQL that creates tables.</summary>
    public static bool Is(Block.Fence fence) =>
        fence.Language is "" or "sql" or "postgresql" or "postgres" or "pgsql" or "mysql" or "sqlite" or "tsql" or "plsql" or "ddl" or "mariadb"
        && SqlTokens.Of(fence.Text) is var tokens && tokens.Index().Any(t => t.Item.Is("create") && tokens.Skip(t.Index + 1).Take(3).Any(n => n.Is("table")));

    /// <summary>Adds its tables as entities.</summary>
    public static void Read(Block.Fence fence, RawModel model)
    {
        var sql = new Sql(fence, model);
        while (!sql.AtEnd)
        {
            sql.Statement();
        }
    }

    private void Statement()
    {
        if (Take("create"))
        {
            while (TakeAny("or", "replace", "temporary", "temp", "unlogged", "global", "local"))
            {
            }

            bool unique = Take("unique");
            if (Take("table"))
            {
                Table();
            }
            else if (Take("type"))
            {
                EnumType();
            }
            else if (Take("index"))
            {
                Index(unique);
            }
        }
        else if (Peek("alter") || Peek("insert"))
        {
            _model.Notes.Add($"SQL: '{_tokens[_at].Text.ToUpperInvariant()}' in line {_line + _tokens[_at].Line} was left out; only CREATE statements are read.");
        }

        while (!AtEnd && !Take(";"))
        {
            if (Peek("create") && _at > 0)
            {
                return;
            }

            _at++;
        }
    }

    private void Table()
    {
        TakeAll("if", "not", "exists");
        string name = QualifiedName();
        if (name.Length == 0 || !Take("("))
        {
            return;
        }

        var entity = new RawEntity(name.Replace('_', ' '), "", _line + _tokens[_at - 1].Line);
        _tables[name] = entity;
        _model.Entities.Add(entity);
        while (!AtEnd && !Peek(";") && !Take(")"))
        {
            List<SqlToken> item = Item();
            if (item.Count > 0 && !SqlConstraint.Read(item, entity, _model))
            {
                SqlColumn.Read(item, entity, _enums, _line);
            }

            Take(",");
        }
    }

    // Up to the comma or bracket that ends it.
    private List<SqlToken> Item()
    {
        int start = _at, depth = 0;
        for (; !AtEnd; _at++)
        {
            SqlToken token = _tokens[_at];
            if (depth == 0 && (token.Is(",") || token.Is(")") || token.Is(";")))
            {
                break;
            }

            depth += token.Is("(") ? 1 : token.Is(")") ? -1 : 0;
        }

        return _tokens[start.._at];
    }

    private void EnumType()
    {
        string name = QualifiedName();
        if (TakeAll("as", "enum") && Take("("))
        {
            _enums[name] = "enum(" + string.Join(", ", Item().Where(t => t.Kind == SqlKind.Literal).Select(t => t.Text)) + ")";
            while (Take(","))
            {
                string more = string.Join(", ", Item().Where(t => t.Kind == SqlKind.Literal).Select(t => t.Text));
                _enums[name] = _enums[name][..^1] + ", " + more + ")";
            }
        }
    }

    private void Index(bool unique)
    {
        while (!AtEnd && !Peek("on") && !Peek(";"))
        {
            _at++;
        }

        if (!Take("on") || !_tables.TryGetValue(QualifiedName(), out RawEntity? entity) || !Take("("))
        {
            return;
        }

        List<SqlToken> column = Item();
        bool composite = Peek(",");
        if (composite && unique)
        {
            _model.Notes.Add($"SQL: an index over several columns of {entity.Name} was left out; only single columns can be unique.");
        }
        else if (!composite && column.Count is 1 or 2)
        {
            SqlConstraint.AddRule(entity, column[0].Text, unique ? "unique" : "indexed");
        }
    }

    private string QualifiedName()
    {
        string name = "";
        while (!AtEnd && _tokens[_at].Kind == SqlKind.Word)
        {
            name = _tokens[_at++].Text;
            if (!Take("."))
            {
                break;
            }
        }

        return name;
    }

    private bool Peek(string text) => !AtEnd && _tokens[_at].Is(text);

    private bool Take(string text)
    {
        bool there = Peek(text);
        _at += there ? 1 : 0;
        return there;
    }

    private bool TakeAny(params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            if (Take(word))
            {
                return true;
            }
        }

        return false;
    }

    private bool TakeAll(params ReadOnlySpan<string> words)
    {
        bool all = words.Length <= _tokens.Count - _at;
        for (int i = 0; all && i < words.Length; i++)
        {
            all = _tokens[_at + i].Is(words[i]);
        }

        _at += all ? words.Length : 0;
        return all;
    }
}
