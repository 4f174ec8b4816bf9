namespace AgentWorkflow.Rig.Journal;

/// <summary>The append-only list of all that a forge double was asked and accepted.</summary>
public sealed class ForgeJournal(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<JournalRequest> _requests = [];
    private readonly List<JournalEffect> _effects = [];
    private readonly List<string> _violations = [];

    /// <summary>All requests of the programming interfaces, git and archives, in the order of arrival.</summary>
    public IReadOnlyList<JournalRequest> Requests => Copy(_requests);

    /// <summary>All accepted side effects, whoever caused them.</summary>
    public IReadOnlyList<JournalEffect> Effects => Copy(_effects);

    /// <summary>What the client did that the forge's description forbids or the double did not expect.</summary>
    public IReadOnlyList<string> Violations => Copy(_violations);

    /// <summary>The effects of one actor (the bot's login) as sorted lines without ids and times: what two runs are compared by.</summary>
    /// <param name="actor">The login.</param>
    /// <param name="without">Kinds to leave out: edits of a status comment may be fewer after a crash.</param>
    public IReadOnlyList<string> Lines(string actor, params string[] without) =>
        [.. Effects.Where(e => e.Actor == actor && !without.Contains(e.Kind)).Select(e => e.Kind is "comment-edit" or "comment" or "check" or "check-edit" or "pull_request-edit" ? e.ShortLine : e.Line).Order(StringComparer.Ordinal)];

    /// <summary>How many effects of a kind an actor caused.</summary>
    public int Count(string kind, string? actor = null) => Effects.Count(e => e.Kind == kind && (actor is null || e.Actor == actor));

    /// <summary>Fails where the client broke a rule.</summary>
    /// <exception cref="InvalidOperationException">There are violations; the message lists them.</exception>
    public void RequireNoViolations()
    {
        if (Violations is { Count: > 0 } found)
        {
            throw new InvalidOperationException("The double refused what the forge's description does not allow:\n" + string.Join('\n', found));
        }
    }

    internal int Begin()
    {
        lock (_gate)
        {
            _requests.Add(new JournalRequest(_requests.Count + 1, time.GetUtcNow(), "", "", "", "", "", 0, null));
            return _requests.Count;
        }
    }

    internal void End(int sequence, Func<JournalRequest, JournalRequest> complete)
    {
        lock (_gate)
        {
            _requests[sequence - 1] = complete(_requests[sequence - 1]);
        }
    }

    internal void Effect(string kind, string repository, string subject, string text, string actor)
    {
        lock (_gate)
        {
            _effects.Add(new JournalEffect(_effects.Count + 1, time.GetUtcNow(), kind, repository, subject, text, actor));
        }
    }

    internal void Violation(string sentence)
    {
        lock (_gate)
        {
            _violations.Add(sentence);
        }
    }

    private List<T> Copy<T>(List<T> list)
    {
        lock (_gate)
        {
            return [.. list];
        }
    }
}
