using System.Text;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>English as far as the reader needs it: words, singular forms and names.</summary>
internal static class English
{
    private static readonly Dictionary<string, string> Irregular = new(StringComparer.Ordinal)
    {
        ["people"] = "person",
        ["children"] = "child",
        ["men"] = "man",
        ["women"] = "woman",
        ["mice"] = "mouse",
        ["feet"] = "foot",
        ["teeth"] = "tooth",
        ["geese"] = "goose",
        ["data"] = "data",
        ["series"] = "series",
        ["species"] = "species",
        ["news"] = "news",
        ["analyses"] = "analysis",
        ["criteria"] = "criterion",
        ["indices"] = "index",
        ["leaves"] = "leaf",
        ["shelves"] = "shelf",
        ["lives"] = "life",
        ["wives"] = "wife",
        ["knives"] = "knife",
        ["movies"] = "movie",
        ["cookies"] = "cookie",
        ["status"] = "status",
        ["address"] = "address",
        ["bus"] = "bus",
        ["buses"] = "bus",
        ["statuses"] = "status",
        ["courses"] = "course",
        ["houses"] = "house",
        ["expenses"] = "expense",
        ["purchases"] = "purchase",
        ["exercises"] = "exercise",
        ["licenses"] = "license",
        ["cases"] = "case",
        ["databases"] = "database",
        ["responses"] = "response",
        ["releases"] = "release",
        ["warehouses"] = "warehouse",
        ["nurses"] = "nurse",
        ["invoices"] = "invoice",
        ["caches"] = "cache",
        ["kudos"] = "kudo",
    };

    /// <summary>The words of a text in lower case: letters and digits, with <c>'s</c> as a word of its own.</summary>
    public static List<string> Of(string text)
    {
        List<string> words = [];
        var word = new StringBuilder();
        foreach (char c in text + " ")
        {
            if (char.IsLetterOrDigit(c) || c is '-' && word.Length > 0)
            {
                word.Append(char.ToLowerInvariant(c));
            }
            else if (c is '\'' or '\u2019' && word.Length > 0)
            {
                words.Add(word.ToString().TrimEnd('-'));
                word.Clear().Append('\'');
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString().TrimEnd('-'));
                word.Clear();
            }
        }

        words.RemoveAll(w => w is "" or "'");
        return words;
    }

    /// <summary>The singular of a lower-case word, by rule; a word that is singular stays.</summary>
    public static string Singular(string word) => word switch
    {
        _ when Irregular.TryGetValue(word, out string? known) => known,
        { Length: < 4 } => word,
        _ when word.EndsWith("ies", StringComparison.Ordinal) => word[..^3] + "y",
        _ when word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("xes", StringComparison.Ordinal)
            || word.EndsWith("ches", StringComparison.Ordinal) || word.EndsWith("shes", StringComparison.Ordinal)
            || word.EndsWith("zzes", StringComparison.Ordinal) || word.EndsWith("oes", StringComparison.Ordinal) && word.Length > 5 => word[..^2],
        _ when word.EndsWith("ss", StringComparison.Ordinal) || word.EndsWith("us", StringComparison.Ordinal) || word.EndsWith("is", StringComparison.Ordinal) => word,
        _ when word.EndsWith('s') => word[..^1],
        _ => word,
    };

    /// <summary>True for a plural form.</summary>
    public static bool IsPlural(string word) => Singular(word) != word;

    /// <summary>What two names share when a machine could not tell them apart: letters and digits in lower case.</summary>
    public static string Key(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant() is { Length: > 0 } key ? key : name;

    /// <summary>The key of a name's singular.</summary>
    public static string SingularKey(string name)
    {
        List<string> words = Of(name);
        return words.Count == 0 ? Key(name) : Key(string.Concat(words[..^1]) + Singular(words[^1]));
    }

    /// <summary>
    /// A name as people write it: <c>loan_requests</c> and <c>LoanRequests</c> become <c>loan requests</c> and
    /// <c>Loan requests</c>; other punctuation goes, letters of every script and emoji stay; at most 60 characters.
    /// </summary>
    public static string Name(string text)
    {
        var name = new StringBuilder();
        char before = ' ';
        bool mixed = text.Any(char.IsLower);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool keep = Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark
                or System.Globalization.UnicodeCategory.SpacingCombiningMark or System.Globalization.UnicodeCategory.OtherSymbol;
            bool hump = mixed && Rune.IsUpper(rune) && char.IsLower(before);
            if ((hump || !keep) && name.Length > 0 && name[^1] != ' ')
            {
                name.Append(' ');
            }

            if (keep)
            {
                name.Append(hump ? Rune.ToLowerInvariant(rune) : rune);
            }

            before = rune.IsBmp ? (char)rune.Value : ' ';
        }

        return Cut(name.ToString().Trim(), 60);
    }

    /// <summary>The text, or its first characters with an ellipsis; a surrogate pair is never torn.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        int end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return text[..end].TrimEnd() + "\u2026";
    }

    /// <summary>The text with its first letter in upper case.</summary>
    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>Singular of the last word, the others as they are.</summary>
    public static string SingularName(string name)
    {
        int last = name.LastIndexOf(' ') + 1;
        string word = name[last..], lower = word.ToLowerInvariant(), singular = Singular(lower);
        return singular == lower ? name
            : lower.StartsWith(singular, StringComparison.Ordinal) ? name[..(last + singular.Length)]
            : name[..last] + (word.Length > 0 && char.IsUpper(word[0]) ? Capital(singular) : singular);
    }
}
