namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Reads a Mermaid <c>erDiagram</c>: entities with attributes, and arrows with cardinalities.</summary>
internal static class Mermaid
{
    private static readonly string[] Lefts = ["|o", "||", "}o", "}|"];
    private static readonly string[] Rights = ["o|", "||", "o{", "|{"];

    /// <summary>True for a block that holds such a diagram.</summary>
    public static bool Is(Block.Fence fence) =>
        fence.Language.StartsWith("mermaid", StringComparison.Ordinal) && Lines(fence).Any(l => l.StartsWith("erDiagram", StringComparison.Ordinal))
        || fence.Language.Length == 0 && Lines(fence).FirstOrDefault(l => l.Length > 0)?.StartsWith("erDiagram", StringComparison.Ordinal) == true;

    /// <summary>Adds its entities and relations.</summary>
    public static void Read(Block.Fence fence, RawModel model)
    {
        Dictionary<string, RawEntity> entities = new(StringComparer.Ordinal);
        RawEntity? open = null;
        foreach ((int i, string line) in Lines(fence).Index())
        {
            int at = fence.Line + 1 + i;
            if (open is not null)
            {
                open = line.StartsWith('}') ? null : Attribute(open, line, at);
            }
            else if (line.EndsWith('{') && !Array.Exists(Rights, r => line.EndsWith(r, StringComparison.Ordinal) && line.Contains("--", StringComparison.Ordinal)))
            {
                open = Entity(line.TrimEnd('{'), entities, model, at);
            }
            else if (line.EndsWith('}') && line.IndexOf('{') is > 0 and var brace && !line.Contains("--", StringComparison.Ordinal))
            {
                Attribute(Entity(line[..brace], entities, model, at), line[(brace + 1)..^1].Trim(), at);
            }
            else if (!Arrow(line, entities, model, at) && IsName(line))
            {
                Entity(line, entities, model, at);
            }
        }
    }

    private static IEnumerable<string> Lines(Block.Fence fence) => fence.Text.Split('\n').Select(l => l.Trim()).Select(l => l.StartsWith("%%", StringComparison.Ordinal) ? "" : l);

    private static bool IsName(string line) =>
        line.Length is > 0 and <= 80 && !line.StartsWith("erDiagram", StringComparison.Ordinal) && !line.StartsWith("title", StringComparison.Ordinal) && !line.StartsWith("direction", StringComparison.Ordinal)
        && line.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '"' or '[' or ']' or ' ') && (line.StartsWith('"') || !line.Contains(' '));

    // `p[Person]` and `p["Sales person"]` show another name than the one arrows use.
    private static RawEntity Entity(string text, Dictionary<string, RawEntity> entities, RawModel model, int line)
    {
        string words = text.Trim();
        int bracket = words.IndexOf('[');
        string key = (bracket > 0 ? words[..bracket] : words).Trim(' ', '"');
        string shown = bracket > 0 ? words[(bracket + 1)..].Trim(']', '"', ' ') : key;
        if (!entities.TryGetValue(key, out RawEntity? entity))
        {
            entity = new RawEntity(Humane(shown), "", line);
            entities.Add(key, entity);
            model.Entities.Add(entity);
        }

        return entity;
    }

    private static RawEntity Attribute(RawEntity entity, string line, int at)
    {
        int quote = line.IndexOf('"');
        string comment = quote >= 0 ? line[(quote + 1)..].TrimEnd('"', ' ') : "";
        string[] words = (quote >= 0 ? line[..quote] : line).Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2)
        {
            return entity;
        }

        List<string> rules = [.. words[2..].SelectMany(w => w.ToUpperInvariant() switch
        {
            "PK" => (string[])["primary key"],
            "UK" => ["unique"],
            _ => [],
        })];
        bool own = rules.Contains("primary key") && English.Key(words[1]) is "id" or "uuid";
        if (!own)
        {
            entity.Fields.Add(new RawField(words[1].TrimStart('*'), words[0].Replace('_', ' '), rules, at)
            {
                Remarks = comment.Length > 0 ? RuleText.Split(comment) : [],
                IsForeignKey = Array.Exists(words[2..], w => w.Equals("FK", StringComparison.OrdinalIgnoreCase)),
            });
        }

        return entity;
    }

    private static bool Arrow(string line, Dictionary<string, RawEntity> entities, RawModel model, int at)
    {
        int middle = line.IndexOf("--", StringComparison.Ordinal) is >= 0 and var solid ? solid : line.IndexOf("..", StringComparison.Ordinal);
        if (middle < 3 || middle + 4 > line.Length)
        {
            return false;
        }

        string left = line[(middle - 2)..middle], right = line.Substring(middle + 2, 2);
        string from = line[..(middle - 2)].Trim(), rest = line[(middle + 4)..];
        int colon = rest.IndexOf(':');
        string to = (colon >= 0 ? rest[..colon] : rest).Trim();
        if (Array.IndexOf(Lefts, left) < 0 || Array.IndexOf(Rights, right) < 0 || from.Length == 0 || to.Length == 0)
        {
            return false;
        }

        string a = Entity(from, entities, model, at).Name, b = Entity(to, entities, model, at).Name;
        bool manyLeft = left[0] == '}', manyRight = right[1] == '{';
        model.Relations.Add((manyLeft, manyRight) switch
        {
            (true, true) => new RawRelation(a, b, null, Many: true, Required: false, at),
            (true, false) => new RawRelation(a, b, null, Many: false, Required: right == "||", at),
            (false, true) => new RawRelation(b, a, null, Many: false, Required: left == "||", at),
            _ => new RawRelation(b, a, null, Many: false, Required: left == "||", at) { OneToOne = true },
        });
        return true;
    }

    // LOAN_REQUEST and BOOK are shouted, not named.
    private static string Humane(string name) =>
        name.Length > 2 && name.All(c => !char.IsLower(c)) ? English.Capital(name.ToLowerInvariant().Replace('_', ' ')) : name;
}
