using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>The words that decide what of a story a plain service can do. In doubt a word is one that it cannot.</summary>
internal static class StoryWords
{
    private static readonly Dictionary<string, Verb[]> Verbs = Map(
        ("register add create post record enter submit insert store save log write make place file propose raise report capture define start", [Verb.Create]),
        ("list browse search filter find", [Verb.List]),
        ("open read inspect get", [Verb.Get]),
        ("edit change update rename mark modify correct set adjust fix amend revise", [Verb.Update]),
        ("remove delete cancel erase withdraw discard", [Verb.Delete]),
        ("manage administer maintain", [Verb.Create, Verb.List, Verb.Get, Verb.Update, Verb.Delete]),
        ("track keep", [Verb.Create, Verb.List]));

    private static readonly HashSet<string> Seeing = Set("see view show display look");

    /// <summary>Verbs that only mean an update where the entity has a field or value for it: "close" with "closed".</summary>
    private static readonly HashSet<string> Moving = Set("approve close complete archive publish return assign pay finish accept reject confirm reopen resolve activate deactivate cancel lock start stop hide");

    private static readonly HashSet<string> Beyond = Set(
        "sms text-message email e-mail mail notify notified notification notifications remind reminded reminder reminders alert alerted alerts push login log-in signin sign-in sign-up signup "
        + "password passwords authenticate authentication oauth sso permission permissions role roles pay paid payment payments checkout stripe paypal invoice drag dragging drop animate animated animation export exported import "
        + "imported download downloads print printed pdf csv excel spreadsheet statistics statistic stats chart charts graph graphs dashboard report reports analytics map maps gps location click clicks clicking button buttons "
        + "slider screen page pages window panel tab menu popup dropdown drop-down checkbox theme dark mode sound audio play video chat real-time realtime live ai recommend recommended recommendation recommendations suggest "
        + "suggested suggestion suggestions predict translate translated scan scanned barcode qr sync synchronise synchronize calendar share shared social twitter facebook slack bot undo redo offline convert converted calculate "
        + "calculated compute computed total totals average sum count number compare comparison rank ranked ranking leaderboard score automatically automatic schedule scheduled daily weekly monthly every backup restore "
        + "history audit log-out logout webhook webhooks api camera photo upload uploaded phone call cart basket wishlist favourite favorite follow like unlike vote rate rated swap merge split copy duplicate clone move "
        + "reserve reorder sort sorted game move moves highlight display toggle hover shuffle random randomly generate generated preview zoom browser desktop mobile app website newsletter subscribe unsubscribe");

    private static readonly HashSet<string> Determiners = Set(
        "a an the this that these those my our your their his her its any some each every all new existing other another single one two several many more current old own few full whole complete available-to entire such given "
        + "certain particular individual different multiple various additional recent latest specific");

    private static readonly HashSet<string> Prepositions = Set("of to for in on from by with about at into between through under over within per against");

    private static readonly HashSet<string> Links = Set("and or also then plus as well be able easily quickly simply manually just to can");

    private static readonly HashSet<string> Questions = Set("who whom whose whether how when why which what where if");

    private static readonly HashSet<string> Lookers = Set("list overview details detail information record records copy catalogue catalog data table collection set entry entries item items card profile page-of");

    private static readonly HashSet<string> After = Set(
        "that which who when where if so because and or but as is are was were has have had again later today now first there here anymore once immediately i my you your we our it its he she they them a an the this all "
        + "only unless until before after while than whose whenever without too also online soon then not");

    private static readonly HashSet<string> Narrowing = Set("only unless until without never twice sorted ordered grouped within before after if during except between more less");

    /// <summary>The plain verbs of a word; null for words that are none of them.</summary>
    public static Verb[]? VerbsOf(string word) => Forms(word).Select(Verbs.GetValueOrDefault).FirstOrDefault(v => v is not null);

    /// <summary>True for "see", "view" and the like, which mean a list or one of it.</summary>
    public static bool IsSeeing(string word) => Forms(word).Any(Seeing.Contains);

    /// <summary>True for verbs that move a thing from one state to the next.</summary>
    public static bool IsMoving(string word) => Forms(word).Any(Moving.Contains);

    /// <summary>True for what a plain service does not do.</summary>
    public static bool IsBeyond(string word) => Beyond.Contains(word);

    /// <summary>Articles, pronouns, and adjectives that change nothing.</summary>
    public static bool IsDeterminer(string word) => Determiners.Contains(word) || word.All(char.IsDigit);

    /// <summary>Prepositions.</summary>
    public static bool IsPreposition(string word) => Prepositions.Contains(word);

    /// <summary>Words after which another verb may come.</summary>
    public static bool IsLink(string word) => Links.Contains(word);

    /// <summary>Words that ask: what follows is not the object.</summary>
    public static bool IsQuestion(string word) => Questions.Contains(word);

    /// <summary>Nouns that stand for the thing itself: "details of", "list of".</summary>
    public static bool IsLooker(string word) => Lookers.Contains(word);

    /// <summary>Words that end an object; any other word after a name makes a compound of it ("book cover").</summary>
    public static bool EndsObject(string word) => After.Contains(word) || Prepositions.Contains(word) || word is "'s"
        || word.EndsWith("ed", StringComparison.Ordinal) || word.EndsWith("ing", StringComparison.Ordinal) || word.EndsWith("ly", StringComparison.Ordinal);

    /// <summary>Words that begin a condition.</summary>
    public static bool IsNarrowing(string word) => Narrowing.Contains(word);

    /// <summary>What a word may be a form of: itself, and without <c>s</c>, <c>es</c>, <c>ed</c>, <c>ing</c>.</summary>
    public static IEnumerable<string> Forms(string word)
    {
        yield return word;
        foreach (string ending in (string[])["s", "es", "ed", "d", "ing"])
        {
            if (word.Length > ending.Length + 2 && word.EndsWith(ending, StringComparison.Ordinal))
            {
                string stem = word[..^ending.Length];
                yield return stem;
                if (ending is "ing" or "ed" or "es")
                {
                    yield return stem + "e";
                    yield return stem.Length > 2 && stem[^1] == stem[^2] ? stem[..^1] : stem;
                }
            }
        }
    }

    private static HashSet<string> Set(string words) => [.. words.Split(' ')];

    private static Dictionary<string, Verb[]> Map(params (string Words, Verb[] Verbs)[] verbs) => verbs
        .SelectMany(v => v.Words.Split(' '), (v, word) => (word, v.Verbs)).DistinctBy(v => v.word).ToDictionary(v => v.word, v => v.Verbs, StringComparer.Ordinal);
}
