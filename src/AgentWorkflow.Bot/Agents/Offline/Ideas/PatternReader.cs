using System.Globalization;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Parses a pattern by hand; what is outside the subset ends it with a reason.</summary>
internal sealed class PatternReader(string text)
{
    private const int MaxLength = 200;
    private const int MaxDepth = 10;

    private static readonly CharSet Digits = CharSet.Of(('0', '9'));
    private static readonly CharSet WordCharacters = CharSet.Of(('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_'));
    private static readonly CharSet Space = CharSet.Space;
    private static readonly CharSet Any = CharSet.Any;

    private int _at;
    private int _end = text.Length;

    /// <summary>Why it is not in the subset; null when it is.</summary>
    public string? Refusal { get; private set; }

    /// <summary>True when it begins with <c>^</c>.</summary>
    public bool StartsAnchored { get; private set; }

    /// <summary>True when it ends with <c>$</c>.</summary>
    public bool EndsAnchored { get; private set; }

    /// <summary>Reads it all; null where <see cref="Refusal"/> says why.</summary>
    public PatternNode? Read()
    {
        if (text.Length is 0 or > MaxLength)
        {
            Refuse("it is empty or longer than 200 characters");
            return null;
        }

        StartsAnchored = text[0] == '^';
        _at = StartsAnchored ? 1 : 0;
        int slashes = text.AsSpan(0, text.Length - 1).Length - text.AsSpan(0, text.Length - 1).TrimEnd('\\').Length;
        EndsAnchored = text.Length > _at && text[^1] == '$' && slashes % 2 == 0;
        _end = EndsAnchored ? text.Length - 1 : text.Length;
        PatternNode? node = Alternatives(0);
        if (Refusal is null && _at < _end)
        {
            Refuse("a bracket is closed that was not opened");
        }

        return Refusal is null ? node : null;
    }

    private PatternNode? Alternatives(int depth)
    {
        List<PatternNode> options = [];
        do
        {
            List<PatternNode> parts = [];
            while (_at < _end && text[_at] is not ('|' or ')') && Refusal is null)
            {
                if (Atom(depth) is { } atom && Refusal is null)
                {
                    parts.Add(Quantified(atom));
                }
            }

            options.Add(parts.Count == 1 ? parts[0] : new PatternNode.Sequence(parts));
        }
        while (Refusal is null && _at < _end && text[_at] == '|' && ++_at <= _end);

        if (depth == 0 && options.Count > 1 && (StartsAnchored || EndsAnchored))
        {
            Refuse("'^' or '$' belongs to one of its alternatives alone; put brackets around them");
        }

        return options.Count == 1 ? options[0] : new PatternNode.Choice(options);
    }

    private PatternNode? Atom(int depth)
    {
        char c = text[_at++];
        switch (c)
        {
            case '(':
                return Group(depth);
            case '[':
                return Class();
            case '.':
                return new PatternNode.One(Any);
            case '\\':
                return Escape() is { } set ? new PatternNode.One(set) : null;
            case '^' or '$':
                return Refuse("'^' and '$' are read at its start and end only");
            case '*' or '+' or '?' or '{':
                return Refuse($"'{c}' repeats nothing");
            default:
                return char.IsSurrogate(c) ? Refuse("it holds characters outside the basic plane") : new PatternNode.One(CharSet.Of((c, c)));
        }
    }

    private PatternNode? Group(int depth)
    {
        if (depth == MaxDepth)
        {
            return Refuse("its groups are nested too deep");
        }

        if (_at < _end && text[_at] == '?')
        {
            if (_at + 1 >= _end || text[_at + 1] != ':')
            {
                return Refuse("look-around, named groups and options are not the same in every language");
            }

            _at += 2;
        }

        PatternNode? inside = Alternatives(depth + 1);
        if (_at >= _end || text[_at] != ')')
        {
            return Refuse("a bracket is not closed");
        }

        _at++;
        return inside;
    }

    private PatternNode Quantified(PatternNode atom)
    {
        if (_at >= _end)
        {
            return atom;
        }

        (int Least, int? Most)? count = text[_at] switch
        {
            '*' => (0, null),
            '+' => (1, null),
            '?' => (0, 1),
            '{' => Counted(),
            _ => null,
        };
        if (count is not { } times)
        {
            return atom;
        }

        _at++;
        if (_at < _end && text[_at] == '?')
        {
            // Lazy: which text is matched differs, whether one is does not.
            _at++;
        }

        if (_at < _end && text[_at] is '*' or '+' or '?' or '{')
        {
            Refuse("a repetition is repeated");
        }

        return new PatternNode.Repeat(atom, times.Least, times.Most);
    }

    private (int Least, int? Most)? Counted()
    {
        int close = text.IndexOf('}', _at);
        string[] numbers = close > 0 && close < _end ? text[(_at + 1)..close].Split(',') : [];
        if (numbers.Length is 0 or > 2 || !TryCount(numbers[0], out int least))
        {
            Refuse("'{' is not followed by a count of up to 200");
            return null;
        }

        _at = close;
        if (numbers.Length == 1)
        {
            return (least, least);
        }

        if (numbers[1].Length == 0)
        {
            return (least, null);
        }

        if (TryCount(numbers[1], out int most) && most >= least)
        {
            return (least, most);
        }

        Refuse("a count of '{...}' is not read");
        return null;
    }

    private PatternNode? Class()
    {
        bool negate = _at < _end && text[_at] == '^';
        _at += negate ? 1 : 0;
        List<(char From, char To)> ranges = [];
        while (_at < _end && text[_at] != ']')
        {
            if (ClassItem() is not { } from)
            {
                return null;
            }

            bool isRange = from.Ranges is [var (a, b)] && a == b && _at + 1 < _end && text[_at] == '-' && text[_at + 1] != ']';
            if (!isRange)
            {
                ranges.AddRange(from.Ranges);
                continue;
            }

            _at++;
            if (ClassItem() is not { Ranges: [var (first, last)] } || first != last || first < from.Ranges[0].From)
            {
                return Refuse("a range in '[...]' ends before it starts");
            }

            ranges.Add((from.Ranges[0].From, first));
        }

        if (_at >= _end || ranges.Count == 0)
        {
            return Refuse("'[' is not closed or holds nothing");
        }

        _at++;
        CharSet set = CharSet.Of(ranges);
        return new PatternNode.One(negate ? set.Not() : set);
    }

    private CharSet? ClassItem()
    {
        char c = text[_at++];
        if (c == '\\')
        {
            return Escape();
        }

        if (c == '[' || char.IsSurrogate(c))
        {
            Refuse("'[' inside '[...]' and characters outside the basic plane are not the same in every language");
            return null;
        }

        return CharSet.Of((c, c));
    }

    private CharSet? Escape()
    {
        char c = _at < _end ? text[_at++] : '\0';
        CharSet? set = c switch
        {
            'd' => Digits,
            'D' => Digits.Not(),
            'w' => WordCharacters,
            'W' => WordCharacters.Not(),
            's' => Space,
            'S' => Space.Not(),
            't' => CharSet.Of(('\t', '\t')),
            'n' => CharSet.Of(('\n', '\n')),
            'r' => CharSet.Of(('\r', '\r')),
            _ => c is > ' ' and <= '~' && !char.IsAsciiLetterOrDigit(c) ? CharSet.Of((c, c)) : null,
        };
        if (set is null)
        {
            Refuse(c is >= '1' and <= '9' ? "it refers back to a group" : "it has an escape that not every language reads alike");
        }

        return set;
    }

    private PatternNode? Refuse(string why)
    {
        Refusal ??= why;
        return null;
    }

    private static bool TryCount(string number, out int count) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= 200;
}
