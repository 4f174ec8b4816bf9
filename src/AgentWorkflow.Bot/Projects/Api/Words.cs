using System.Globalization;
using System.Text;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>
/// A human name split into words that every language can make an identifier of: lower-case ASCII letters and digits, at least one word,
/// the first of which starts with a letter, at most 60 characters together.
/// </summary>
internal sealed class Words : IEquatable<Words>
{
    private const int MaxCharacters = 60;

    private readonly string[] _words;

    private Words(string[] words) => _words = words;

    /// <summary>The words in order.</summary>
    public IReadOnlyList<string> List => _words;

    /// <summary><c>due date</c>.</summary>
    public string Spaced => string.Join(' ', _words);

    /// <summary><c>due-date</c>.</summary>
    public string Kebab => string.Join('-', _words);

    /// <summary><c>due_date</c>.</summary>
    public string Snake => string.Join('_', _words);

    /// <summary><c>DueDate</c>.</summary>
    public string Pascal => string.Concat(_words.Select(Capitalised));

    /// <summary><c>dueDate</c>.</summary>
    public string Camel => _words[0] + string.Concat(_words.Skip(1).Select(Capitalised));

    /// <summary><c>Due date</c>.</summary>
    public string Sentence => Capitalised(Spaced);

    /// <summary>Splits a name at camel humps, separators and everything that is neither an ASCII letter nor a digit after transliteration.</summary>
    /// <param name="name">As people wrote it; anything at all.</param>
    /// <param name="fallback">One lower-case word that stands in where nothing is left, and before a leading digit.</param>
    public static Words Of(string name, string fallback)
    {
        var words = Split(Transliteration.ToAscii(name));
        if (words.Count == 0 || char.IsAsciiDigit(words[0][0]))
        {
            words.Insert(0, fallback);
        }

        return new Words(Shortened(words));
    }

    /// <summary>The same words with the last one in the plural.</summary>
    public Words Plural() => new([.. _words[..^1], Plurals.Of(_words[^1])]);

    /// <summary>The same words with a number at the end of the last one: how collisions are told apart.</summary>
    public Words Numbered(int number) => new([.. _words[..^1], _words[^1] + number.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>These words and then the others.</summary>
    public Words Then(params IEnumerable<string> more) => new([.. _words, .. more]);

    /// <inheritdoc/>
    public bool Equals(Words? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Words);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Kebab);

    /// <inheritdoc/>
    public override string ToString() => Spaced;

    private static List<string> Split(string ascii)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < ascii.Length; i++)
        {
            var c = ascii[i];
            if (!char.IsAsciiLetterOrDigit(c))
            {
                Flush(words, word);
                continue;
            }

            if (word.Length > 0 && StartsHump(ascii, i))
            {
                Flush(words, word);
            }

            word.Append(char.ToLowerInvariant(c));
        }

        Flush(words, word);
        return words;
    }

    // dueDate -> due date; ISBNCode -> isbn code; userID -> user id; line2 stays one word.
    private static bool StartsHump(string text, int i) =>
        char.IsAsciiLetterUpper(text[i])
        && (!char.IsAsciiLetterUpper(text[i - 1]) || (i + 1 < text.Length && char.IsAsciiLetterLower(text[i + 1]) && !IsPluralOfCapitals(text, i)));

    // "URLs" is one word, not "ur" and "ls".
    private static bool IsPluralOfCapitals(string text, int i) =>
        text[i + 1] == 's' && (i + 2 == text.Length || !char.IsAsciiLetter(text[i + 2]));

    private static void Flush(List<string> words, StringBuilder word)
    {
        if (word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }

    private static string[] Shortened(List<string> words)
    {
        var kept = new List<string>();
        var room = MaxCharacters;
        foreach (var word in words)
        {
            if (room <= 0 || (kept.Count > 0 && word.Length > room))
            {
                break;
            }

            kept.Add(word.Length > room ? word[..room] : word);
            room -= word.Length;
        }

        return [.. kept];
    }

    private static string Capitalised(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
