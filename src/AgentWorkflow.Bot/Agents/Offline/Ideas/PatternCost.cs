namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>
/// Says whether a backtracking matcher can be made slow. A pattern is fine when it is deterministic: from no place do two
/// ways lead on with the same character (each character of a text then decides the way, so nothing is ever tried twice).
/// </summary>
internal static class PatternCost
{
    private const int MaxPlaces = 400;
    private const int Twice = -1;

    /// <summary>Null when it is fine, else why not.</summary>
    public static string? Refuse(PatternNode? node, bool startsAnchored)
    {
        if (node is null)
        {
            return null;
        }

        var places = new List<CharSet>();
        var follow = new List<HashSet<int>>();
        Part whole = Walk(node, places, follow);
        if (places.Count > MaxPlaces)
        {
            return "it is too large once its counts are written out";
        }

        bool unbounded = HasUnbounded(node);
        return unbounded && !startsAnchored ? "without '^' at its start it could be made slow by a long text"
            : IsClear(whole.First, places) && follow.TrueForAll(f => IsClear(f, places)) ? null
            : Ways(node) <= 1000 ? null
            : "two of its parts can read the same characters, so a long text could make it slow";
    }

    private static Part Walk(PatternNode node, List<CharSet> places, List<HashSet<int>> follow)
    {
        switch (node)
        {
            case PatternNode.One one when places.Count <= MaxPlaces:
                places.Add(one.Set);
                follow.Add([]);
                return new Part([places.Count - 1], [places.Count - 1], false);
            case PatternNode.Sequence sequence:
                var all = new Part([], [], true);
                foreach (PatternNode part in sequence.Parts)
                {
                    all = Join(all, Walk(part, places, follow), follow);
                }

                return all;
            case PatternNode.Choice choice:
                List<Part> options = [.. choice.Options.Select(o => Walk(o, places, follow))];
                return new Part([.. options.SelectMany(o => o.First)], [.. options.SelectMany(o => o.Last)], options.Exists(o => o.Empty));
            case PatternNode.Repeat repeat:
                return Times(repeat, places, follow);
            default:
                return new Part([], [], true);
        }
    }

    // Counts are written out from the right: a{2,4} is aa(a(a)?)?, and what has no end loops on its last copy.
    private static Part Times(PatternNode.Repeat repeat, List<CharSet> places, List<HashSet<int>> follow)
    {
        var all = new Part([], [], true);
        int copies = repeat.Most ?? Math.Max(repeat.Least, 1);
        for (int n = copies; n > 0 && places.Count <= MaxPlaces; n--)
        {
            Part copy = Walk(repeat.Part, places, follow);
            if (repeat.Most is null && n == copies)
            {
                Link(copy.Last, copy.First, follow);
            }

            all = Join(copy, all, follow);
            all = n > repeat.Least ? all with { Empty = true } : all;
        }

        return all;
    }

    private static Part Join(Part left, Part right, List<HashSet<int>> follow)
    {
        Link(left.Last, right.First, follow);
        return new Part(left.Empty ? [.. left.First, .. right.First] : left.First, right.Empty ? [.. left.Last, .. right.Last] : right.Last, left.Empty && right.Empty);
    }

    private static void Link(IReadOnlyCollection<int> last, IReadOnlyCollection<int> first, List<HashSet<int>> follow)
    {
        foreach (int place in last)
        {
            foreach (int next in first)
            {
                // The same step for two reasons, as in (a+)+: two ways to read the same text. The mark makes it unclear.
                if (!follow[place].Add(next))
                {
                    follow[place].Add(Twice);
                }
            }
        }
    }

    private static bool IsClear(IEnumerable<int> next, List<CharSet> places)
    {
        int[] ways = [.. next.Distinct()];
        return !ways.Contains(Twice) && !ways.Index().Any(a => ways.Skip(a.Index + 1).Any(b => places[a.Item].Overlaps(places[b])));
    }

    // How many ways there are through it, whatever the text: a matcher cannot try more.
    private static double Ways(PatternNode node) => node switch
    {
        PatternNode.Sequence sequence => sequence.Parts.Aggregate(1.0, (ways, part) => ways * Ways(part)),
        PatternNode.Choice choice => choice.Options.Sum(Ways),
        PatternNode.Repeat { Most: null } => double.PositiveInfinity,
        PatternNode.Repeat { Most: { } most } repeat => Enumerable.Range(repeat.Least, most - repeat.Least + 1).Sum(times => Math.Pow(Ways(repeat.Part), times)),
        _ => 1,
    };

    private static bool HasUnbounded(PatternNode node) => node switch
    {
        PatternNode.Sequence sequence => sequence.Parts.Any(HasUnbounded),
        PatternNode.Choice choice => choice.Options.Any(HasUnbounded),
        PatternNode.Repeat repeat => repeat.Most is null || HasUnbounded(repeat.Part),
        _ => false,
    };

    private sealed record Part(IReadOnlyList<int> First, IReadOnlyList<int> Last, bool Empty);
}
