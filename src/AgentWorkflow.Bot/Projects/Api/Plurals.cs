namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>English plurals, good enough for path segments; a word that looks like a plural stays as it is.</summary>
internal static class Plurals
{
    private static readonly Dictionary<string, string> Irregular = new(StringComparer.Ordinal)
    {
        ["person"] = "people",
        ["child"] = "children",
        ["man"] = "men",
        ["woman"] = "women",
        ["foot"] = "feet",
        ["tooth"] = "teeth",
        ["mouse"] = "mice",
        ["goose"] = "geese",
        ["leaf"] = "leaves",
        ["life"] = "lives",
        ["knife"] = "knives",
        ["shelf"] = "shelves",
        ["half"] = "halves",
        ["wolf"] = "wolves",
        ["hero"] = "heroes",
        ["potato"] = "potatoes",
        ["tomato"] = "tomatoes",
        ["quiz"] = "quizzes",
        ["bus"] = "buses",
        ["gas"] = "gases",
        ["alias"] = "aliases",
        ["canvas"] = "canvases",
        ["criterion"] = "criteria",
        ["equipment"] = "equipment",
        ["feedback"] = "feedback",
        ["information"] = "information",
        ["inventory"] = "inventories",
        ["series"] = "series",
        ["staff"] = "staff",
        ["people"] = "people",
        ["children"] = "children",
        ["data"] = "data",
        ["metadata"] = "metadata",
        ["news"] = "news",
    };

    /// <summary>The plural of one lower-case word.</summary>
    public static string Of(string word) => word switch
    {
        _ when Irregular.TryGetValue(word, out var plural) => plural,
        _ when word.EndsWith("is", StringComparison.Ordinal) && word.Length > 3 => word[..^2] + "es",
        _ when word.EndsWith("us", StringComparison.Ordinal) || word.EndsWith("ss", StringComparison.Ordinal) => word + "es",
        _ when word.EndsWith('s') && word.Length > 2 => word,
        _ when word.EndsWith('x') || word.EndsWith('z') || word.EndsWith("ch", StringComparison.Ordinal) || word.EndsWith("sh", StringComparison.Ordinal) => word + "es",
        _ when word.EndsWith('y') && word.Length > 1 && !"aeiou".Contains(word[^2], StringComparison.Ordinal) => word[..^1] + "ies",
        _ => word + "s",
    };
}
