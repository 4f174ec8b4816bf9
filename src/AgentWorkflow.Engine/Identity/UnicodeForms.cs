using System.Globalization;
using System.Text;

namespace AgentWorkflow.Engine.Identity;

/// <summary>
/// Normal forms of Unicode. <see cref="string.Normalize()"/> returns its input unchanged under invariant globalization, without
/// a word, and asking the system's library instead would let two machines disagree on a path; so the tables are ours.
/// </summary>
public static class UnicodeForms
{
    private const int HangulStart = 0xAC00, LeadStart = 0x1100, VowelStart = 0x1161, TailStart = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28;
    private static readonly Lazy<Tables> Data = new(Tables.Load);

    /// <summary>True when the text is in form C.</summary>
    public static bool IsComposed(string text) => Ascii.IsValid(text) || string.Equals(Compose(text), text, StringComparison.Ordinal);

    /// <summary>Form C, or form KC.</summary>
    /// <param name="text">Any text; half surrogates become U+FFFD.</param>
    /// <param name="compatible">True for form KC, in which for instance wide letters are plain ones.</param>
    public static string Compose(string text, bool compatible = false)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        List<int> runes = DecomposeToRunes(text, compatible);
        int starter = -1, written = 0, lastClass = 0;
        for (int i = 0; i < runes.Count; i++)
        {
            int current = runes[i], currentClass = Data.Value.Class(current);
            bool blocked = written - 1 > starter && lastClass >= currentClass;
            if (starter >= 0 && !blocked && Data.Value.Pair(runes[starter], current) is { } whole)
            {
                runes[starter] = whole;
                continue;
            }

            runes[written] = current;
            lastClass = currentClass;
            starter = currentClass == 0 ? written : starter;
            written++;
        }

        return ToText(runes, written);
    }

    /// <summary>Form D, or form KD.</summary>
    public static string Decompose(string text, bool compatible = false)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        List<int> runes = DecomposeToRunes(text, compatible);
        return ToText(runes, runes.Count);
    }

    private static string ToText(List<int> runes, int count)
    {
        var text = new StringBuilder(count);
        for (int i = 0; i < count; i++)
        {
            text.Append(new Rune(runes[i]));
        }

        return text.ToString();
    }

    private static List<int> DecomposeToRunes(string text, bool compatible)
    {
        var runes = new List<int>(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, compatible, runes);
        }

        Order(runes);
        return runes;
    }

    // Marks of the same base in the order of their classes, equal ones as they came.
    private static void Order(List<int> runes)
    {
        for (int start = 0; start < runes.Count; start++)
        {
            int end = start;
            while (end < runes.Count && Data.Value.Class(runes[end]) > 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                int[] marks = [.. runes.GetRange(start, end - start).OrderBy(Data.Value.Class)];
                for (int i = 0; i < marks.Length; i++)
                {
                    runes[start + i] = marks[i];
                }
            }

            start = end;
        }
    }

    private static void Decompose(int rune, bool compatible, List<int> into)
    {
        int hangul = rune - HangulStart;
        if (hangul is >= 0 and < Leads * Vowels * Tails)
        {
            into.Add(LeadStart + (hangul / (Vowels * Tails)));
            into.Add(VowelStart + (hangul % (Vowels * Tails) / Tails));
            if (hangul % Tails != 0)
            {
                into.Add(TailStart + (hangul % Tails));
            }
        }
        else if (Data.Value.Decomposition(rune, compatible) is { } parts)
        {
            foreach (int part in parts)
            {
                Decompose(part, compatible, into);
            }
        }
        else
        {
            into.Add(rune);
        }
    }

    private sealed class Tables
    {
        private readonly Dictionary<int, int[]> _canonical = [];
        private readonly Dictionary<int, int[]> _compatible = [];
        private readonly Dictionary<(int, int), int> _pairs = [];
        private readonly Dictionary<int, byte> _classes = [];

        public static Tables Load()
        {
            var tables = new Tables();
            using Stream stream = typeof(UnicodeForms).Assembly.GetManifestResourceStream("unicode-forms.txt")
                ?? throw new InvalidDataException("The resource 'unicode-forms.txt' is missing.");
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                tables.Add(line);
            }

            return tables;
        }

        public byte Class(int rune) => rune < 0x300 ? (byte)0 : _classes.GetValueOrDefault(rune);

        public int[]? Decomposition(int rune, bool compatible) =>
            _canonical.GetValueOrDefault(rune) ?? (compatible ? _compatible.GetValueOrDefault(rune) : null);

        public int? Pair(int first, int second)
        {
            int lead = first - LeadStart, vowel = second - VowelStart;
            if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
            {
                return HangulStart + (((lead * Vowels) + vowel) * Tails);
            }

            int syllable = first - HangulStart, tail = second - TailStart;
            return syllable is >= 0 and < Leads * Vowels * Tails && syllable % Tails == 0 && tail is > 0 and < Tails ? first + tail
                : _pairs.TryGetValue((first, second), out int whole) ? whole
                : null;
        }

        private void Add(string line)
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            switch (line[0])
            {
                case '#':
                    break;
                case '@':
                    int dash = line.IndexOf('-', StringComparison.Ordinal);
                    byte rank = byte.Parse(line.AsSpan(equals + 1));
                    for (int rune = Hex(line.AsSpan(1, dash - 1)); rune <= Hex(line.AsSpan(dash + 1, equals - dash - 1)); rune++)
                    {
                        _classes[rune] = rank;
                    }

                    break;
                default:
                    bool composes = char.IsAsciiHexDigit(line[0]);
                    int whole = Hex(line.AsSpan(composes ? 0 : 1, composes ? equals : equals - 1));
                    int[] parts = [.. line[(equals + 1)..].Split(' ').Select(p => Hex(p))];
                    (line[0] == '~' ? _compatible : _canonical)[whole] = parts;
                    if (composes)
                    {
                        _pairs[(parts[0], parts[1])] = whole;
                    }

                    break;
            }
        }

        private static int Hex(ReadOnlySpan<char> text) => int.Parse(text, NumberStyles.AllowHexSpecifier);
    }
}
