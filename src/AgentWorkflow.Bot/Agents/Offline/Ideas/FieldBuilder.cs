using System.Globalization;

using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Makes a valid field of a raw one; what does not fit is dropped with a note.</summary>
internal sealed class FieldBuilder
{
    private readonly string _where;
    private readonly List<string> _notes;
    private readonly Func<string, string?> _entityNamed;
    private Field _field;

    private FieldBuilder(string entity, string name, Func<string, string?> entityNamed, List<string> notes)
    {
        _where = $"{entity}.{name}";
        _notes = notes;
        _entityNamed = entityNamed;
        _field = new Field { Name = name, Type = FieldType.Plain(FieldKind.Text) };
    }

    /// <summary>Builds a field.</summary>
    /// <param name="raw">As written.</param>
    /// <param name="entity">The entity's name.</param>
    /// <param name="name">The field's name, made unique in its entity.</param>
    /// <param name="entityNamed">Finds an entity's name by words for it; null where there is none.</param>
    /// <param name="notes">Gets a sentence for all that was guessed or dropped.</param>
    public static Field Build(RawField raw, string entity, string name, Func<string, string?> entityNamed, List<string> notes)
    {
        var builder = new FieldBuilder(entity, name, entityNamed, notes);
        List<string> rules = builder.ReadType(raw);
        List<Rule> read = [];
        foreach (string rule in rules)
        {
            if (RuleWords.Read(rule) is { } known)
            {
                read.Add(known);
            }
            else
            {
                builder.Note($"the rule '{English.Cut(RuleText.Bare(rule), 80)}' was not understood and is left out");
            }
        }

        read.AddRange(raw.Remarks.Select(RuleWords.Read).OfType<Rule>());

        // The type first: what bounds mean depends on it. The default last: it must fit all the others.
        foreach (Rule rule in read.OrderBy(r => r is Rule.OneOf ? 0 : r is Rule.Default ? 2 : 1))
        {
            builder.Apply(rule);
        }

        return builder._field;
    }

    private List<string> ReadType(RawField raw)
    {
        List<string> rules = [.. raw.Rules];
        string words = RuleText.Bare(raw.Type);
        if (words.Length == 0 || RuleWords.IsRule(words) && TypeWords.Plain(words) is null && TypeWords.Read(words) is null)
        {
            int typed = rules.FindIndex(r => !RuleWords.IsRule(r) && TypeWords.Read(r) is not null);
            string first = words;
            words = typed >= 0 ? rules[typed] : "";
            if (typed >= 0)
            {
                rules.RemoveAt(typed);
            }

            if (first.Length > 0)
            {
                rules.Insert(0, first);
            }
        }

        if (words.Length == 0)
        {
            GuessFromName(rules);
            return rules;
        }

        if (_entityNamed(words) is { } named && TypeWords.Plain(words) is null)
        {
            bool many = English.Of(words) is { Count: > 0 } list && English.IsPlural(list[^1]);
            _field = _field with { Type = new FieldType(many ? FieldKind.List : FieldKind.Reference, [], named) };
            return rules;
        }

        if (TypeWords.Read(words) is not { } guess)
        {
            Note($"the type '{English.Cut(words, 60)}' is not known and was read as text");
            return rules;
        }

        rules.InsertRange(0, guess.Rules);
        SetType(guess);
        return rules;
    }

    private void SetType(TypeGuess guess)
    {
        if (guess.Target is { } target)
        {
            if (_entityNamed(target) is { } entity)
            {
                _field = _field with { Type = new FieldType(guess.Kind, [], entity) };
                return;
            }

            Note($"there is no entity '{English.Cut(target, 60)}', so it was read as {(guess.Kind == FieldKind.List ? "a list of texts" : "text")}");
            _field = _field with { Type = guess.Kind == FieldKind.List ? new FieldType(FieldKind.List, [], null, FieldKind.Text) : FieldType.Plain(FieldKind.Text) };
            return;
        }

        if (guess.Item is FieldKind.Enum or FieldKind.File)
        {
            Note($"a list of {(guess.Item == FieldKind.File ? "files" : "choices")} is kept as a list of texts");
        }

        _field = _field with { Type = new FieldType(guess.Kind, guess.Values, null, guess.Item is FieldKind.Enum or FieldKind.File ? FieldKind.Text : guess.Item) };
    }

    private void GuessFromName(List<string> rules)
    {
        if (rules.Exists(r => RuleWords.Read(r) is Rule.OneOf or Rule.Pattern))
        {
            return;
        }

        if (_entityNamed(_field.Name) is { } entity)
        {
            bool many = English.IsPlural(English.Of(_field.Name) is { Count: > 0 } words ? words[^1] : "");
            _field = _field with { Type = new FieldType(many ? FieldKind.List : FieldKind.Reference, [], entity) };
            Note($"it has no type and was read as {(many ? "a list of references" : "a reference")} to {entity}");
        }
        else if (NameWords.Kind(_field.Name) is { } kind)
        {
            _field = _field with { Type = FieldType.Plain(kind) };
            Note($"it has no type and was read as {NameWords.Say(kind)}, from its name");
        }
    }

    private void Apply(Rule rule)
    {
        switch (rule)
        {
            case Rule.Required required:
                _field = _field with { Required = required.Value };
                break;
            case Rule.Unique when _field.Type.Kind is FieldKind.List or FieldKind.File or FieldKind.LongText or FieldKind.Boolean:
                Note("'unique' does not fit its type and is left out");
                break;
            case Rule.Unique:
                _field = _field with { Unique = true };
                break;
            case Rule.Primary:
                _field = _field with { Required = true, Unique = true, Immutable = true };
                Note("it is the key in the idea: it is unique and fixed, and the service adds an id of its own");
                break;
            case Rule.Immutable:
                _field = _field with { Immutable = true };
                break;
            case Rule.Indexed when _field.Type.Kind is FieldKind.List or FieldKind.File or FieldKind.LongText:
                Note("'indexed' does not fit its type and is left out");
                break;
            case Rule.Indexed:
                _field = _field with { Indexed = true };
                break;
            case Rule.Bounds bounds:
                Bound(bounds);
                break;
            case Rule.Pattern pattern:
                SetPattern(pattern.Text);
                break;
            case Rule.OneOf oneOf when _field.Type.Kind is FieldKind.Text or FieldKind.Enum:
                _field = _field with { Type = new FieldType(FieldKind.Enum, oneOf.Values) };
                break;
            case Rule.OneOf:
                Note("a list of allowed values does not fit its type and is left out");
                break;
            case Rule.Default value:
                SetDefault(value.Value);
                break;
            default:
                break;
        }
    }

    private void Bound(Rule.Bounds bounds)
    {
        FieldKind kind = _field.Type.Kind;
        if (kind == FieldKind.Enum && bounds.Of == Measure.Characters)
        {
            // varchar(20) with a list of allowed values: the values say more.
            return;
        }

        bool text = kind is FieldKind.Text or FieldKind.LongText or FieldKind.Email or FieldKind.Url;
        if (kind == FieldKind.List && bounds.Of != Measure.Characters || text && bounds.Of == Measure.Characters)
        {
            BoundLength(bounds);
        }
        else if (bounds.Of == Measure.Unsaid && kind is FieldKind.Integer or FieldKind.Decimal or FieldKind.Money)
        {
            BoundNumber(bounds, kind);
        }
        else
        {
            Note(text ? "min and max are for numbers, so they are left out; write 'length 1..80' to limit a text" : "min, max and length do not fit its type and are left out");
        }
    }

    private void BoundNumber(Rule.Bounds bounds, FieldKind kind)
    {
        decimal step = kind == FieldKind.Integer ? 1m : kind == FieldKind.Money ? 0.01m : 0m;
        if (step == 0 && (bounds.ExclusiveLeast || bounds.ExclusiveMost))
        {
            Note("a bound that is itself excluded is not kept for decimals: the bound is allowed too");
        }

        decimal? least = bounds.ExclusiveLeast ? bounds.Least + step : bounds.Least ?? _field.Min;
        decimal? most = bounds.ExclusiveMost ? bounds.Most - step : bounds.Most ?? _field.Max;
        if (kind == FieldKind.Integer && (least is { } l && l != Math.Floor(l) || most is { } m && m != Math.Floor(m)))
        {
            (least, most) = (least is { } low ? Math.Ceiling(low) : null, most is { } high ? Math.Floor(high) : null);
            Note("its bounds are not whole numbers and were moved to the next whole ones inside");
        }

        if (least > most)
        {
            Note($"min {Say(least)} is greater than max {Say(most)}, so this bound is left out");
            return;
        }

        _field = _field with { Min = least, Max = most };
    }

    private void BoundLength(Rule.Bounds bounds)
    {
        decimal? least = bounds.Least is { } l ? Math.Floor(l) + (bounds.ExclusiveLeast ? 1 : 0) : _field.MinLength;
        decimal? most = bounds.Most is { } m ? Math.Floor(m) - (bounds.ExclusiveMost ? 1 : 0) : _field.MaxLength;
        if (least < 0 || most < 1 || least > 1_000_000 || most > 1_000_000)
        {
            Note("its length is out of 0 to 1,000,000 and is left out");
        }
        else if (least > most)
        {
            Note($"the least length {Say(least)} is greater than the greatest {Say(most)}, so this bound is left out");
        }
        else
        {
            _field = _field with { MinLength = (int?)least, MaxLength = (int?)most };
        }
    }

    private void SetPattern(string text)
    {
        if (_field.Type.Kind is not (FieldKind.Text or FieldKind.LongText))
        {
            Note("a pattern fits texts alone and is left out");
        }
        else if (PlainPattern.TryRead(text, out string? pattern, out string? refusal))
        {
            _field = _field with { Pattern = pattern };
        }
        else
        {
            Note($"the pattern '{English.Cut(text, 80)}' is left out: {refusal}");
        }
    }

    private void SetDefault(string value)
    {
        string? fit = DefaultValue.Fit(value, _field);
        if (fit is null)
        {
            Note($"the default '{English.Cut(value, 60)}' does not fit its type or rules and is left out");
        }

        _field = _field with { Default = fit };
    }

    private void Note(string what) => _notes.Add($"{_where}: {what}.");

    private static string Say(decimal? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
