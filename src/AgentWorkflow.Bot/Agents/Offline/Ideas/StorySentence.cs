namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>A sentence that states a wish: "As a ROLE I want ... so that ...", "User can ...".</summary>
/// <param name="Role">Who wants it.</param>
/// <param name="Want">What is wanted, without "I want".</param>
/// <param name="SoThat">Why; null when not said.</param>
internal sealed record StorySentence(string Role, string Want, string? SoThat)
{
    private static readonly string[] Wants =
    [
        "i want to be able to ", "i want ", "i would like to be able to ", "i would like ", "i'd like to be able to ", "i'd like ", "i wish ", "i need ", "i can ", "i should be able to ",
        "i must be able to ", "i must ", "i may ", "i am able to ", "i will ", "we want ", "we need ", "we can ",
    ];

    private static readonly string[] Reasons = [" so that ", " so i can ", " so we can ", " in order to ", ", so ", " because "];

    private static readonly string[] Abilities =
    [
        " should be able to ", " must be able to ", " will be able to ", " are able to ", " is able to ", " is allowed to ", " are allowed to ", " can ", " could ", " may ", " must ", " should ", " wants to ",
        " want to ", " needs to ", " need to ", " will ",
    ];

    private static readonly HashSet<string> People =
    [
        "user", "visitor", "member", "admin", "administrator", "customer", "client", "guest", "reader", "librarian", "teacher", "student", "staff",
        "manager", "employee", "owner", "player", "author", "editor", "moderator", "operator", "organiser", "organizer", "participant", "patient",
        "doctor", "nurse", "seller", "buyer", "driver", "tenant", "landlord", "host", "person", "everyone", "anyone", "developer", "viewer",
        "subscriber", "volunteer", "coach", "trainer", "parent", "attendee", "speaker", "candidate", "recruiter", "agent", "analyst", "worker",
        "technician", "borrower", "shopper", "writer", "follower", "team", "colleague", "receptionist", "accountant", "clerk", "cook", "chef", "waiter", "supervisor", "lecturer",
    ];

    /// <summary>Reads a sentence, or answers null when it is something else.</summary>
    /// <param name="text">One line.</param>
    /// <param name="inList">True for a point of a list, where more verbs are taken as a wish than in prose.</param>
    public static StorySentence? Read(string text, bool inList) => AsA(text) ?? PersonCan(text, inList);

    private static StorySentence? AsA(string text)
    {
        string lower = text.ToLowerInvariant().Replace('\u2019', '\'');
        if (lower.Length != text.Length)
        {
            return null;
        }

        int start = lower.StartsWith("as a ", StringComparison.Ordinal) ? 5 : lower.StartsWith("as an ", StringComparison.Ordinal) ? 6
            : lower.StartsWith("as the ", StringComparison.Ordinal) ? 7 : -1;
        string? reasonBefore = null;
        if (start < 0 && lower.StartsWith("in order to ", StringComparison.Ordinal))
        {
            int comma = lower.IndexOf(" as a", StringComparison.Ordinal);
            if (comma > 0)
            {
                start = lower.IndexOf(' ', comma + 4) + 1;
                reasonBefore = Trim(text["in order to ".Length..comma]);
            }
        }

        if (start < 0)
        {
            return null;
        }

        (int at, string want) = Wants.Select(w => (at: lower.IndexOf(w, start, StringComparison.Ordinal), w)).Where(f => f.at > start && f.at < start + 80).OrderBy(f => f.at).ThenByDescending(f => f.w.Length).FirstOrDefault();
        if (want is null)
        {
            return null;
        }

        int wantStart = at + want.Length;
        (int reasonAt, string reason) = Reasons.Select(r => (at: lower.IndexOf(r, wantStart, StringComparison.Ordinal), r)).Where(f => f.at >= 0).OrderBy(f => f.at).FirstOrDefault();
        string wanted = Trim(reason is null ? text[wantStart..] : text[wantStart..reasonAt]);
        return new StorySentence(Trim(text[start..at]), wanted.StartsWith("to ", StringComparison.OrdinalIgnoreCase) ? wanted[3..] : wanted,
            reason is null ? reasonBefore : Trim(text[(reasonAt + reason.Length)..]));
    }

    private static StorySentence? PersonCan(string text, bool inList)
    {
        string lower = text.ToLowerInvariant();
        (int at, string ability) = Abilities.Select(a => (at: lower.IndexOf(a, StringComparison.Ordinal), a)).Where(f => f.at is > 0 and < 50).OrderBy(f => f.at).ThenByDescending(f => f.a.Length).FirstOrDefault();
        if (ability is null || lower.Length != text.Length || !inList && ability is " must " or " should " or " will " or " could " or " is allowed to " or " are allowed to ")
        {
            return null;
        }

        List<string> subject = English.Of(text[..at]);
        if (subject.Count is 0 or > 4 || !People.Contains(English.Singular(subject[^1])))
        {
            return null;
        }

        int end = at + ability.Length;
        int reason = lower.IndexOf(" so that ", end, StringComparison.Ordinal);
        string who = Trim(text[..at]);
        foreach (string article in (string[])["the ", "a ", "an ", "any ", "each ", "every ", "all "])
        {
            who = who.StartsWith(article, StringComparison.OrdinalIgnoreCase) ? who[article.Length..] : who;
        }

        return new StorySentence(who.ToLowerInvariant(), Trim(reason < 0 ? text[end..] : text[end..reason]), reason < 0 ? null : Trim(text[(reason + " so that ".Length)..]));
    }

    private static string Trim(string text) => text.Trim(' ', ',', '.', ';', ':', '*', '_');
}
