using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>What of a story a plain service does.</summary>
/// <param name="Operations">The operations; empty where a model is needed.</param>
/// <param name="Conditions">What the sentence asks for beyond them, in its words: more criteria, so that nobody claims them.</param>
internal sealed record StoryMatch(IReadOnlyList<Operation> Operations, IReadOnlyList<string> Conditions)
{
    /// <summary>Nothing.</summary>
    public static StoryMatch None { get; } = new([], []);
}

/// <summary>
/// Matches a story's words to operations on entities. It would rather find nothing than claim too much: one word of something
/// that a plain service does not do, and the whole story needs a model.
/// </summary>
internal sealed class StoryMatcher(IReadOnlyList<Entity> entities)
{
    private readonly EntityMentions _mentions = new(entities);

    /// <summary>Matches the words of one wish.</summary>
    public StoryMatch Match(string want)
    {
        List<string> words = English.Of(want.Replace(",", " and ", StringComparison.Ordinal));
        List<Mention> mentions = _mentions.In(words);
        if (mentions.Count == 0 || words.Count > 100)
        {
            return StoryMatch.None;
        }

        List<Entity> named = [.. mentions.Select(m => m.Entity).Distinct()];
        bool beyond = words.Index().Any(w => StoryWords.IsBeyond(w.Item) && !mentions.Exists(m => m.Covers(w.Index)) && !named.Exists(e => FieldWords.Has(e, w.Item)));
        bool login = words.Index().Skip(1).Any(w => (w.Item is "in" or "on" or "out" or "up" or "off") && words[w.Index - 1] is "log" or "sign" or "logging" or "signing");
        return beyond || login ? StoryMatch.None : new StorySearch(words, mentions).Run();
    }
}

/// <summary>A place where words name an entity.</summary>
internal sealed record Mention(Entity Entity, int At, int Length, bool Plural)
{
    /// <summary>True for the index of one of its words.</summary>
    public bool Covers(int index) => index >= At && index < At + Length;
}

/// <summary>Finds names of entities among words.</summary>
internal sealed class EntityMentions
{
    private readonly List<(List<string> Words, Entity Entity)> _names = [];

    /// <summary>Prepares the names: in full, and by the last word where that says enough.</summary>
    public EntityMentions(IReadOnlyList<Entity> entities)
    {
        foreach (Entity entity in entities)
        {
            List<string> words = [.. English.Of(entity.Name).Select(English.Singular)];
            if (words.Count > 0)
            {
                _names.Add((words, entity));
            }
        }

        foreach ((List<string> words, Entity entity) in _names.Where(n => n.Words.Count > 1).ToList())
        {
            if (_names.Count(n => n.Words[^1] == words[^1]) == 1)
            {
                _names.Add(([words[^1]], entity));
            }
        }

        _names.Sort((a, b) => b.Words.Count.CompareTo(a.Words.Count));
    }

    /// <summary>The mentions from left to right; the longest name wins.</summary>
    public List<Mention> In(List<string> words)
    {
        List<Mention> mentions = [];
        for (int i = 0; i < words.Count;)
        {
            (List<string>? name, Entity? entity) = _names.Find(n => i + n.Words.Count <= words.Count && !n.Words.Where((w, k) => English.Singular(words[i + k]) != w).Any());
            if (entity is null || name is null)
            {
                i++;
                continue;
            }

            mentions.Add(new Mention(entity, i, name.Count, English.IsPlural(words[i + name.Count - 1])));
            i += name.Count;
        }

        return mentions;
    }
}

/// <summary>Words of an entity's fields.</summary>
internal static class FieldWords
{
    /// <summary>True where the word is part of a field's name or a value of one.</summary>
    public static bool Has(Entity entity, string word) => entity.Fields.Any(f =>
        English.Of(f.Name).Any(w => w == word || English.Singular(w) == English.Singular(word)) || f.Type.Values.Any(v => English.Of(v).Contains(word)));

    /// <summary>True where a field or value is the state that a verb leads to: "closed" for "close", "returned at" for "return".</summary>
    public static bool HasStateOf(Entity entity, string verb)
    {
        List<string> forms = [.. StoryWords.Forms(verb).Where(f => f.Length > 3)];
        return entity.Fields.Any(f => (f.Type.Kind is FieldKind.Boolean or FieldKind.Date or FieldKind.DateTime or FieldKind.Reference ? English.Of(f.Name) : []).Concat(f.Type.Values.SelectMany(English.Of))
            .Any(w => forms.Exists(form => StoryWords.Forms(w).Contains(form) || w.StartsWith(form, StringComparison.Ordinal) && w.Length <= form.Length + 4)));
    }
}
