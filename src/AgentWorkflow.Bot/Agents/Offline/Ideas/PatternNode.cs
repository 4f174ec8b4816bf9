using System.Globalization;
using System.Text;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>A part of a pattern; its text is the rewritten pattern.</summary>
internal abstract record PatternNode
{
    /// <summary>One character out of a set.</summary>
    internal sealed record One(CharSet Set) : PatternNode
    {
        /// <inheritdoc/>
        public override string ToString() => Set.ToString();
    }

    /// <summary>Parts one after the other.</summary>
    internal sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode
    {
        /// <inheritdoc/>
        public override string ToString() => string.Concat(Parts);
    }

    /// <summary>One of several.</summary>
    internal sealed record Choice(IReadOnlyList<PatternNode> Options) : PatternNode
    {
        /// <inheritdoc/>
        public override string ToString() => $"(?:{string.Join('|', Options)})";
    }

    /// <summary>A part again and again; <paramref name="Most"/> null is without end.</summary>
    internal sealed record Repeat(PatternNode Part, int Least, int? Most) : PatternNode
    {
        /// <inheritdoc/>
        public override string ToString()
        {
            string part = Part is One or Choice ? Part.ToString() ?? "" : $"(?:{Part})";
            return part + (Least, Most) switch
            {
                (0, null) => "*",
                (1, null) => "+",
                (0, 1) => "?",
                (_, null) => string.Create(CultureInfo.InvariantCulture, $"{{{Least},}}"),
                _ when Least == Most => string.Create(CultureInfo.InvariantCulture, $"{{{Least}}}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"{{{Least},{Most}}}"),
            };
        }
    }
}

/// <summary>A set of characters of the basic plane, as sorted ranges that do not touch.</summary>
internal sealed record CharSet(IReadOnlyList<(char From, char To)> Ranges)
{
    /// <summary>Every character of a line.</summary>
    public static CharSet Any { get; } = Of(('\n', '\n'), ('\r', '\r')).Not();

    /// <summary>The space and the signs that move on: what <c>\s</c> means in every language.</summary>
    public static CharSet Space { get; } = Of((' ', ' '), ('\t', '\r'));

    /// <summary>A set of ranges in any order.</summary>
    public static CharSet Of(params IEnumerable<(char From, char To)> ranges)
    {
        List<(char From, char To)> sorted = [.. ranges.OrderBy(r => r.From)];
        List<(char From, char To)> merged = [];
        foreach ((char from, char to) in sorted)
        {
            if (merged.Count > 0 && from <= merged[^1].To + 1)
            {
                merged[^1] = (merged[^1].From, (char)Math.Max(merged[^1].To, to));
            }
            else
            {
                merged.Add((from, to));
            }
        }

        return new CharSet(merged);
    }

    /// <summary>All characters that are not in the set.</summary>
    public CharSet Not()
    {
        List<(char From, char To)> rest = [];
        int next = 0;
        foreach ((char from, char to) in Ranges)
        {
            if (from > next)
            {
                rest.Add(((char)next, (char)(from - 1)));
            }

            next = to + 1;
        }

        if (next <= char.MaxValue)
        {
            rest.Add(((char)next, char.MaxValue));
        }

        return new CharSet(rest);
    }

    /// <summary>True when a character is in both.</summary>
    public bool Overlaps(CharSet other) => Ranges.Any(a => other.Ranges.Any(b => a.From <= b.To && b.From <= a.To));

    /// <inheritdoc/>
    public override string ToString()
    {
        if (ReferenceEquals(this, Any))
        {
            return ".";
        }

        if (Ranges is [var (from, to)] && from == to)
        {
            return Escape(from, inClass: false);
        }

        bool negate = Ranges.Count > 0 && Ranges[^1].To == char.MaxValue;
        var text = new StringBuilder(negate ? "[^" : "[");
        CharSet shown = negate ? Not() : this;
        bool spaces = shown.Ranges.Contains(('\t', '\r')) && shown.Ranges.Contains((' ', ' '));
        text.Append(spaces ? "\\s" : "");
        foreach ((char first, char last) in shown.Ranges)
        {
            if (spaces && (first, last) is ('\t', '\r') or (' ', ' '))
            {
                continue;
            }

            text.Append(Escape(first, inClass: true));
            if (last > first)
            {
                text.Append(last == first + 1 ? "" : "-").Append(Escape(last, inClass: true));
            }
        }

        return text.Append(']').ToString();
    }

    private static string Escape(char c, bool inClass) => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < ' ' or > '~' when !char.IsLetterOrDigit(c) => $"\\u{(int)c:x4}",
        '\\' or ']' or '[' or '^' => "\\" + c,
        '-' when inClass => "\\-",
        '.' or '*' or '+' or '?' or '(' or ')' or '{' or '}' or '|' or '$' or '/' when !inClass => "\\" + c,
        _ => c.ToString(),
    };
}
