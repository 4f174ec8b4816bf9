using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Walks over the words of one wish: verbs wait for their object; what stands between must be understood.</summary>
internal sealed class StorySearch(List<string> words, List<Mention> mentions)
{
    private readonly List<Operation> _operations = [];
    private readonly List<string> _conditions = [];
    private readonly List<string> _verbs = [];
    private readonly List<string> _gap = [];
    private bool _expectVerb = true;
    private bool _assigned;

    /// <summary>Searches.</summary>
    public StoryMatch Run()
    {
        int start = FirstWordIsTheThing() ? 1 : 0;
        for (int i = start; i < words.Count; i++)
        {
            Mention? mention = mentions.Find(m => m.At == i);
            if (mention is not null && !(_expectVerb && _verbs.Count == 0 && StoryWords.VerbsOf(words[i]) is not null))
            {
                Object(mention);
                i += mention.Length - 1;
                _expectVerb = false;
                continue;
            }

            Word(words[i]);
        }

        return _operations.Count == 0 ? StoryMatch.None : new StoryMatch([.. _operations.Distinct()], [.. _conditions.Distinct(StringComparer.Ordinal)]);
    }

    // "order a pizza" where there is an Order; "book a room" where there is a Booking.
    private bool FirstWordIsTheThing()
    {
        string verb = words[0];
        Mention? same = mentions.Find(m => m.At == 0 && m.Length == 1 && !m.Plural);
        bool hasObject = words.Count > 1 && !StoryWords.EndsObject(words[1]) || words.Count > 1 && StoryWords.IsDeterminer(words[1]);
        if (same is not null && hasObject && StoryWords.VerbsOf(verb) is null)
        {
            _operations.Add(new Operation(same.Entity.Name, Verb.Create));
            _assigned = true;
            _expectVerb = false;
            return true;
        }

        return false;
    }

    private void Word(string word)
    {
        if (_expectVerb && (StoryWords.VerbsOf(word) is not null || StoryWords.IsSeeing(word) || StoryWords.IsMoving(word)))
        {
            if (_assigned)
            {
                _verbs.Clear();
                _assigned = false;
            }

            _verbs.Add(word);
            _gap.Clear();
            _expectVerb = false;
            return;
        }

        if (StoryWords.IsQuestion(word) && !_assigned)
        {
            // "see who has a book" is not about seeing a book.
            _assigned = true;
        }

        _expectVerb = StoryWords.IsLink(word) && (_expectVerb || word is not "to" || _assigned);
        if (!StoryWords.IsLink(word) || word is "to")
        {
            _gap.Add(word);
        }
    }

    private void Object(Mention mention)
    {
        int next = mention.At + mention.Length;
        bool owner = next < words.Count && words[next] == "'s";
        bool joined = _assigned && _gap.TrueForAll(StoryWords.IsDeterminer) && mention.At > 0 && (words[mention.At - 1] is "and" or "or" || mention.At > 1 && words[mention.At - 2] is "and" or "or");
        if (owner || _verbs.Count == 0 || _assigned && !joined)
        {
            _gap.Clear();
            return;
        }

        List<string> gap = [.. _gap];
        _gap.Clear();
        _assigned = true;
        if (Part(mention, gap, next) is not { } about)
        {
            return;
        }

        foreach (string verb in _verbs)
        {
            foreach (Verb operation in VerbsFor(verb, mention, gap, about))
            {
                _operations.Add(new Operation(mention.Entity.Name, operation));
                Conditions(operation, mention, gap, next);
            }
        }
    }

    // The entity itself, one of its fields ("the name of a project"), or something else (null).
    private Aspect? Part(Mention mention, List<string> gap, int next)
    {
        bool compound = next < words.Count && !StoryWords.EndsObject(words[next]) && !StoryWords.IsLooker(words[next]) && !words[next].All(char.IsDigit);
        bool field = next < words.Count && FieldWords.Has(mention.Entity, words[next]) && compound;
        if (compound && !field)
        {
            return null;
        }

        int preposition = gap.FindLastIndex(StoryWords.IsPreposition);
        if (preposition < 0)
        {
            return field ? Aspect.Field : Aspect.Whole;
        }

        List<string> before = [.. gap.Take(preposition).Where(w => !StoryWords.IsDeterminer(w))];
        return before.TrueForAll(w => StoryWords.IsLooker(w) || w is "for" or "at" or "up" or "track" or "through") ? Aspect.Whole
            : before.TrueForAll(w => FieldWords.Has(mention.Entity, w)) ? Aspect.Field : null;
    }

    private static Verb[] VerbsFor(string verb, Mention mention, List<string> gap, Aspect about)
    {
        bool many = mention.Plural || gap.Exists(w => w is "all" or "list" or "overview" or "catalogue" or "catalog" or "collection" or "table");
        if (StoryWords.IsMoving(verb) && FieldWords.HasStateOf(mention.Entity, verb))
        {
            return [Verb.Update];
        }

        if (StoryWords.IsSeeing(verb))
        {
            return [many ? Verb.List : Verb.Get];
        }

        Verb[] plain = StoryWords.VerbsOf(verb) ?? [];
        return about == Aspect.Field ? Array.Exists(plain, v => v is Verb.Create or Verb.Update or Verb.Delete) ? [Verb.Update] : plain
            : plain is [Verb.Get] ? [gap.Contains("new") ? Verb.Create : many ? Verb.List : Verb.Get]
            : plain;
    }

    // What narrows a list or binds an action becomes a criterion, so that the comparison with the code sees it.
    private void Conditions(Verb operation, Mention mention, List<string> gap, int next)
    {
        string name = string.Join(' ', words.Skip(mention.At).Take(mention.Length));
        List<string> adjectives = [.. gap.Where(w => !StoryWords.IsDeterminer(w) && !StoryWords.IsPreposition(w) && !StoryWords.IsLooker(w) && w is not ("up" or "out" or "track"))];
        if (operation is Verb.List or Verb.Get && adjectives.Count > 0)
        {
            _conditions.Add(string.Join(' ', adjectives) + " " + name);
        }

        int from = words.FindIndex(next, w => StoryWords.IsNarrowing(w) || operation == Verb.List && w is "by" or "that" or "which" or "who" or "with" or "in" or "of" or "from" or "for" or "on");
        if (from >= 0)
        {
            _conditions.Add((operation == Verb.List ? name + " " : "") + string.Join(' ', words.Skip(from)));
        }
    }

    private enum Aspect
    {
        Whole,
        Field,
    }
}
