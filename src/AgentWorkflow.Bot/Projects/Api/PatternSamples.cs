using System.Text;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>
/// Texts that a regular expression of the common subset matches: literals, classes, groups, alternatives, quantifiers, anchors.
/// It guesses; whoever uses it checks with the real engine.
/// </summary>
internal static class PatternSamples
{
    private const int Deepest = 20;

    /// <summary>Up to <paramref name="count"/> guesses, always the same; empty where the expression has something else in it.</summary>
    /// <param name="expression">The regular expression.</param>
    /// <param name="count">How many to make.</param>
    /// <param name="length">A length to reach, by repeating what may be repeated.</param>
    public static IEnumerable<string> Of(string expression, int count, int length)
    {
        var node = new Reader(expression).Read();
        if (node is null)
        {
            yield break;
        }

        foreach (var stretch in Stretches(length))
        {
            for (var k = 0; k < (stretch == 0 ? count : 12); k++)
            {
                var text = new StringBuilder();
                node.Write(text, new Choice(k, stretch, Math.Max(length, 64)));
                yield return text.ToString();
            }
        }
    }

    private static IEnumerable<int> Stretches(int length) =>
        length == 0 ? [0] : Enumerable.Range(0, Math.Min(length, 64) + 1).Append(length).Append(length - 1).Append(length + 1).Distinct().Where(s => s >= 0);

    // Decides at each fork by the digits of one number, so that different numbers give different texts.
    private sealed class Choice(int seed, int stretch, int room)
    {
        private int _rest = seed;

        public int Of(int ways)
        {
            var way = _rest % ways;
            _rest /= ways;
            return way;
        }

        public int Times(int min, int max)
        {
            var most = max < 0 ? min + Math.Max(stretch, 2) : max;
            return Math.Min(Math.Min(min + stretch, most), Math.Max(room, min));
        }
    }

    private abstract record Node
    {
        public abstract void Write(StringBuilder text, Choice choice);
    }

    private sealed record Set(string Characters) : Node
    {
        public override void Write(StringBuilder text, Choice choice) => text.Append(Characters[choice.Of(Characters.Length)]);
    }

    private sealed record Sequence(IReadOnlyList<Node> Parts) : Node
    {
        public override void Write(StringBuilder text, Choice choice)
        {
            foreach (var part in Parts)
            {
                part.Write(text, choice);
            }
        }
    }

    private sealed record Either(IReadOnlyList<Node> Ways) : Node
    {
        public override void Write(StringBuilder text, Choice choice) => Ways[choice.Of(Ways.Count)].Write(text, choice);
    }

    private sealed record Repeat(Node Part, int Min, int Max) : Node
    {
        public override void Write(StringBuilder text, Choice choice)
        {
            for (var times = choice.Times(Min, Max); times > 0 && text.Length < RulePlanner.LongestLength + 2; times--)
            {
                Part.Write(text, choice);
            }
        }
    }

    // Recursive descent over the expression; null as soon as something is not of the subset.
    private sealed class Reader(string text)
    {
        private const string Digits = "123456789";
        private const string Lower = "abcdefghijklmnopqrstuvwxyz";
        private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

        private int _at;

        private bool More => _at < text.Length;

        public Node? Read() => Alternatives(0) is { } node && !More ? node : null;

        private Node? Alternatives(int depth)
        {
            var ways = new List<Node>();
            do
            {
                if (depth > Deepest || Parts(depth) is not { } way)
                {
                    return null;
                }

                ways.Add(way);
            }
            while (Skip('|'));
            return ways.Count == 1 ? ways[0] : new Either(ways);
        }

        private Sequence? Parts(int depth)
        {
            var parts = new List<Node>();
            while (More && text[_at] is not ('|' or ')'))
            {
                if (Skip('^') || Skip('$'))
                {
                    continue;
                }

                if (Atom(depth) is not { } atom || Quantified(atom) is not { } part)
                {
                    return null;
                }

                parts.Add(part);
            }

            return new Sequence(parts);
        }

        private Node? Atom(int depth)
        {
            if (Skip('('))
            {
                var group = Skip('?') && !Skip(':') ? null : Alternatives(depth + 1);
                return Skip(')') ? group : null;
            }

            if (Skip('['))
            {
                return Class();
            }

            if (Skip('\\'))
            {
                return More ? Escaped(text[_at++]) : null;
            }

            return text[_at] is '*' or '+' or '?' or '{' ? null : Single(text[_at++]);
        }

        private static Set Single(char c) => c == '.' ? new Set(Lower + Upper + Digits) : new Set(c.ToString());

        private static Set? Escaped(char c) => c switch
        {
            'd' => new Set(Digits + "0"),
            'w' => new Set(Lower + Upper + Digits + "_"),
            's' => new Set(" "),
            'D' or 'S' => new Set(Lower + Upper),
            'W' => new Set("-. "),
            _ => char.IsAsciiLetterOrDigit(c) ? null : new Set(c.ToString()),
        };

        private Set? Class()
        {
            var negated = Skip('^');
            var set = new StringBuilder();
            while (More && (text[_at] != ']' || set.Length == 0))
            {
                if (ClassItem() is not { } first)
                {
                    return null;
                }

                if (first.Length == 1 && _at + 1 < text.Length && text[_at] == '-' && text[_at + 1] != ']')
                {
                    _at++;
                    if (ClassItem() is not [var last] || last < first[0] || last - first[0] > 255)
                    {
                        return null;
                    }

                    set.Append([.. Enumerable.Range(first[0], last - first[0] + 1).Select(c => (char)c)]);
                    continue;
                }

                set.Append(first);
            }

            var all = negated
                ? new string([.. (Lower + Upper + Digits + " -_").Where(c => !set.ToString().Contains(c, StringComparison.Ordinal))])
                : new string([.. set.ToString().Where(c => c is >= ' ' and <= '~').Distinct()]);
            return Skip(']') && all.Length > 0 ? new Set(all) : null;
        }

        private string? ClassItem()
        {
            var c = text[_at++];
            return c != '\\' ? c.ToString() : More ? Escaped(text[_at++])?.Characters : null;
        }

        private Node? Quantified(Node atom)
        {
            if (!More)
            {
                return atom;
            }

            switch (text[_at])
            {
                case '*':
                    _at++;
                    return Lazy(new Repeat(atom, 0, -1));
                case '+':
                    _at++;
                    return Lazy(new Repeat(atom, 1, -1));
                case '?':
                    _at++;
                    return Lazy(new Repeat(atom, 0, 1));
                case '{':
                    return Counted(atom);
                default:
                    return atom;
            }
        }

        private Repeat? Counted(Node atom)
        {
            var end = text.IndexOf('}', _at);
            var counts = end < 0 ? [] : text[(_at + 1)..end].Split(',');
            if (counts.Length is 0 or > 2 || !int.TryParse(counts[0], out var min) || min < 0)
            {
                return null;
            }

            var max = min;
            if (counts is [_, var most] && !(most.Length == 0 ? (max = -1) == -1 : int.TryParse(most, out max)))
            {
                return null;
            }

            _at = end + 1;
            return Lazy(new Repeat(atom, min, max));
        }

        private Repeat Lazy(Repeat repeat)
        {
            Skip('?');
            return repeat;
        }

        private bool Skip(char c)
        {
            if (More && text[_at] == c)
            {
                _at++;
                return true;
            }

            return false;
        }
    }
}
