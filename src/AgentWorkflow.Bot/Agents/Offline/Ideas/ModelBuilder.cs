using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Makes valid entities and relations of what was found: names cleaned and unique, references resolved, no circle of required references.</summary>
internal sealed class ModelBuilder
{
    private const int MaxEntities = 50;
    private const int MaxFields = 60;

    private static readonly HashSet<string> OwnFields =
    [
        "created", "createdat", "createdon", "creationdate", "datecreated", "updated", "updatedat", "updatedon", "modifiedat", "lastmodified", "lastupdated",
    ];

    private readonly List<string> _notes;
    private readonly List<(string Name, string Description, List<RawField> Fields)> _drafts = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    private ModelBuilder(List<string> notes) => _notes = notes;

    /// <summary>Builds.</summary>
    /// <param name="model">What was found.</param>
    /// <param name="notes">Gets a sentence for all that was guessed or dropped.</param>
    public static (List<Entity> Entities, List<Relation> Relations) Build(RawModel model, List<string> notes)
    {
        notes.AddRange(model.Notes);
        var builder = new ModelBuilder(notes);
        builder.CollectNames(model);
        builder.NameForeignKeys(model);
        builder.AddRelations(model);
        List<Entity> entities = [.. builder._drafts.Select(builder.Build)];
        ReferenceCircles.Open(entities, notes);
        List<Relation> relations = [.. entities.SelectMany(e => e.Fields.Where(f => f.Type.Target is not null).Select(f => new Relation(e.Name, f.Name, f.Type.Target ?? "", f.Type.Kind == FieldKind.List)))];
        return (entities, relations);
    }

    private void CollectNames(RawModel model)
    {
        foreach (RawEntity raw in model.Entities)
        {
            string name = EntityName(raw.Name);
            string key = English.SingularKey(name);
            if (_names.TryGetValue(key, out string? known))
            {
                (_, string description, List<RawField> fields) = _drafts.First(d => d.Name == known);
                fields.AddRange(raw.Fields.Where(f => !fields.Exists(o => English.Key(o.Name) == English.Key(f.Name))));
                _drafts[_drafts.FindIndex(d => d.Name == known)] = (known, description.Length > 0 ? description : raw.Description, fields);
                _notes.Add($"The idea describes {known} more than once; the descriptions were put together.");
            }
            else if (_drafts.Count < MaxEntities)
            {
                _names[key] = name;
                _drafts.Add((name, English.Cut(raw.Description, 300), [.. raw.Fields]));
            }
        }

        if (model.Entities.Count > _drafts.Count && _drafts.Count == MaxEntities)
        {
            _notes.Add($"The idea has more than {MaxEntities} entities; the first {MaxEntities} were taken.");
        }
    }

    private string EntityName(string text)
    {
        string name = English.Name(text);
        foreach (string word in (string[])["entity", "table", "model", "the"])
        {
            name = name.StartsWith(word + " ", StringComparison.OrdinalIgnoreCase) ? name[(word.Length + 1)..] : name;
            name = name.EndsWith(" " + word, StringComparison.OrdinalIgnoreCase) ? name[..^(word.Length + 1)] : name;
        }

        int digits = name.TakeWhile(char.IsAsciiDigit).Count();
        name = digits > 0 && digits < name.Length && name[digits] == ' ' ? name[(digits + 1)..] : name;
        name = name.Length == 0 ? $"Thing {_drafts.Count + 1}" : name;
        return English.Capital(English.SingularName(name));
    }

    // `book_id FK` is the arrow's field when the name says so; `borrower_id FK` gives its name to an arrow that has none.
    private void NameForeignKeys(RawModel model)
    {
        foreach ((string name, _, List<RawField> fields) in _drafts)
        {
            foreach (RawField key in fields.Where(f => f.IsForeignKey && EntityNamed(WithoutId(f.Name)) is null).ToList())
            {
                int free = model.Relations.FindIndex(r => EntityNamed(r.From) == name && r.Field is null && !r.Many && EntityNamed(r.To) is { } to && !fields.Exists(f => f != key && PointsTo(f, to, null)));
                if (free >= 0 && WithoutId(key.Name) is { Length: > 0 } field)
                {
                    model.Relations[free] = model.Relations[free] with { Field = field };
                    fields.Remove(key);
                }
            }
        }
    }

    private void AddRelations(RawModel model)
    {
        foreach (RawRelation relation in model.Relations)
        {
            if (EntityNamed(relation.From) is not { } from || EntityNamed(relation.To) is not { } to)
            {
                continue;
            }

            List<RawField> fields = _drafts.First(d => d.Name == from).Fields;
            List<string> rules = [.. relation.Required ? (string[])["required"] : [], .. relation.OneToOne ? (string[])["unique"] : []];
            int known = fields.FindIndex(f => PointsTo(f, to, relation.Field));
            if (known >= 0)
            {
                fields[known] = fields[known] with { Rules = [.. fields[known].Rules, .. rules.Except(fields[known].Rules)] };
            }
            else
            {
                string name = relation.Field ?? (from == to ? "parent" : Lower(relation.Many ? to + "s" : to));
                fields.Add(new RawField(name, (relation.Many ? "list of " : "reference to ") + to, from == to ? [] : rules, relation.Line));
            }
        }
    }

    // A diagram's arrow and its foreign key say the same thing twice.
    private bool PointsTo(RawField field, string to, string? name)
    {
        string key = English.Key(field.Name), target = English.Key(to);
        return name is not null && key == English.Key(name) || key == target || key == target + "id"
            || TypeWords.Read(field.Type)?.Target is { } words && EntityNamed(words) == to || EntityNamed(RuleText.Bare(field.Type)) == to;
    }

    private Entity Build((string Name, string Description, List<RawField> Fields) draft)
    {
        List<Field> fields = [];
        HashSet<string> keys = [];
        foreach (RawField raw in draft.Fields)
        {
            if (fields.Count == MaxFields)
            {
                _notes.Add($"{draft.Name} has more than {MaxFields} fields; the first {MaxFields} were taken.");
                break;
            }

            (string name, string type) = NameAndType(raw);
            string key = English.Key(name);
            if (key == "id" || key == English.Key(draft.Name) + "id" && raw.Rules.Contains("primary key"))
            {
                continue;
            }

            if (OwnFields.Contains(key))
            {
                _notes.Add($"{draft.Name}.{name}: left out, because every entity gets id, created and updated from the service.");
                continue;
            }

            name = name.Length == 0 ? $"field {fields.Count + 1}" : Unique(draft.Name, name, keys);
            keys.Add(English.Key(name));
            fields.Add(FieldBuilder.Build(raw with { Type = type }, draft.Name, name, EntityNamed, _notes));
        }

        if (fields.Count == 0)
        {
            fields.Add(new Field { Name = "name", Type = FieldType.Plain(FieldKind.Text), Required = true });
            _notes.Add($"{draft.Name} has no fields in the idea and was given a required name.");
        }

        return new Entity(draft.Name, draft.Description, fields);
    }

    // `book id` with the type of an id is a reference where there is an entity Book.
    private (string Name, string Type) NameAndType(RawField raw)
    {
        string bare = WithoutId(raw.Name), name = English.Name(raw.Name);
        if (bare.Length == 0)
        {
            return (name, raw.Type);
        }

        return TypeWords.Read(raw.Type)?.Target is not null ? (bare, raw.Type)
            : EntityNamed(bare) is { } entity && (raw.Type.Length == 0 || TypeWords.Read(raw.Type)?.Kind is FieldKind.Integer or FieldKind.Uuid or FieldKind.Text) ? (bare, "reference to " + entity)
            : (name, raw.Type);
    }

    private static string WithoutId(string name) =>
        English.Name(name) is var words && words.EndsWith(" id", StringComparison.OrdinalIgnoreCase) ? words[..^3] : "";

    private string Unique(string entity, string name, HashSet<string> keys)
    {
        string unique = name;
        for (int n = 2; keys.Contains(English.Key(unique)); n++)
        {
            unique = $"{name} {n}";
        }

        if (unique != name)
        {
            _notes.Add($"{entity} has more than one field '{name}'; this one is called '{unique}'.");
        }

        return unique;
    }

    private string? EntityNamed(string words) => _names.GetValueOrDefault(English.SingularKey(English.Name(words)));

    private static string Lower(string name) => name.Length > 1 && char.IsUpper(name[1]) ? name : name[..1].ToLowerInvariant() + name[1..];
}
