namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>What a heading says about the lists below it.</summary>
internal enum Topic
{
    /// <summary>Nothing.</summary>
    Other,

    /// <summary>Points are stories.</summary>
    Stories,

    /// <summary>Headings and points are entities.</summary>
    Entities,

    /// <summary>Points are conditions of the story before.</summary>
    Criteria,

    /// <summary>Nothing here is wished for: links, examples, what is out of scope.</summary>
    Aside,
}

/// <summary>Reads headings.</summary>
internal static class Headings
{
    private static readonly HashSet<string> EntityWords =
    [
        "entities", "entity", "data", "model", "models", "domain", "schema", "database", "tables", "records", "objects", "resources",
    ];

    private static readonly HashSet<string> EntityFillers =
    [
        "the", "and", "of", "our", "a", "core", "main", "key", "fields", "field", "relations", "relationships", "relation", "structure",
        "structures", "types", "type", "definitions", "design", "we", "keep", "store", "is", "kept", "what", "sql", "er", "diagram", "its", "their",
    ];

    private static readonly HashSet<string> StoryWords =
    [
        "story", "stories", "feature", "features", "requirement", "requirements", "functionality", "functions", "wishes", "goals", "todo", "todos",
        "backlog", "scope", "use", "needs", "must", "should", "could", "nice", "mvp", "epics", "epic", "tasks", "functional",
    ];

    private static readonly HashSet<string> StoryFillers =
    [
        "user", "users", "the", "and", "of", "our", "a", "bonus", "main", "key", "core", "have", "haves", "to", "cases", "case", "in", "list", "optional",
        "extra", "further", "more", "for", "first", "version", "v1", "wanted", "what", "it", "do", "does", "already", "implemented", "later", "functional",
    ];

    private static readonly HashSet<string> AsideWords =
    [
        "links", "references", "reference", "example", "examples", "credits", "acknowledgements", "license", "licence", "glossary", "contributing",
        "bibliography", "screenshots", "changelog", "non-goals", "won't", "wont", "faq", "non-functional", "nonfunctional", "constraint", "constraints",
    ];

    /// <summary>The topic of a section: of its own heading, else of the nearest around it.</summary>
    public static Topic Of(Section section) => section.Path().Select(s => Of(s.Heading)).FirstOrDefault(t => t != Topic.Other);

    /// <summary>The topic of one heading.</summary>
    public static Topic Of(string heading)
    {
        List<string> words = [.. English.Of(heading).Where(w => !w.All(char.IsDigit) && w != "'s")];
        string text = string.Join(' ', words);
        return words.Count is 0 or > 8 ? Topic.Other
            : text is "acceptance criteria" or "criteria" or "acceptance" or "conditions" or "acceptance tests" ? Topic.Criteria
            : text.StartsWith("out of scope", StringComparison.Ordinal) || text.StartsWith("not in scope", StringComparison.Ordinal)
                || text.StartsWith("non goals", StringComparison.Ordinal) || words.Exists(AsideWords.Contains) ? Topic.Aside
            : words.TrueForAll(w => EntityWords.Contains(w) || EntityFillers.Contains(w)) && words.Exists(EntityWords.Contains) ? Topic.Entities
            : words.TrueForAll(w => StoryWords.Contains(w) || StoryFillers.Contains(w)) && words.Exists(StoryWords.Contains) ? Topic.Stories
            : words[0] is "stories" || text.Contains("user stories", StringComparison.Ordinal) || text.StartsWith("what should it do", StringComparison.Ordinal) ? Topic.Stories
            : Topic.Other;
    }
}
