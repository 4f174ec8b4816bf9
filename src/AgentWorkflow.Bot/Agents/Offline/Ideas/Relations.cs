namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Reads "A loan belongs to a member", "Each author has many books".</summary>
internal static class Relations
{
    private static readonly (string Words, Kind Kind)[] Verbs =
    [
        (" belongs to many ", Kind.ManyToMany), (" belong to many ", Kind.ManyToMany), (" has and belongs to many ", Kind.ManyToMany), (" belongs to ", Kind.One), (" belong to ", Kind.One), (" has many ", Kind.Owns), (" have many ", Kind.Owns), (" can have many ", Kind.Owns), (" contains many ", Kind.Owns),
        (" has several ", Kind.Owns), (" can have several ", Kind.Owns), (" refers to ", Kind.One), (" references ", Kind.One),
        (" has one ", Kind.One), (" has exactly one ", Kind.One),
    ];

    private enum Kind
    {
        One,
        Owns,
        ManyToMany,
    }

    /// <summary>Adds the relations a line states; true when it stated one.</summary>
    /// <param name="text">A paragraph or a point.</param>
    /// <param name="line">From 1.</param>
    /// <param name="within">True below "Entities": elsewhere such sentences are stories, not data.</param>
    /// <param name="model">Gets them.</param>
    public static bool Read(string text, int line, bool within, RawModel model)
    {
        if (!within)
        {
            return false;
        }

        bool any = false;
        foreach (string sentence in Sentences.Of(text))
        {
            any |= ReadSentence(sentence.TrimEnd('.', '!', ' '), line, model);
        }

        return any;
    }

    private static bool ReadSentence(string sentence, int line, RawModel model)
    {
        foreach ((string words, Kind kind) in Verbs)
        {
            int at = sentence.IndexOf(words, StringComparison.OrdinalIgnoreCase);
            if (at <= 0 || sentence.Length > 200 || sentence.AsSpan(0, at).Contains(':'))
            {
                continue;
            }

            string subject = Name(sentence[..at]), target = Name(sentence[(at + words.Length)..]);
            if (English.Of(subject).Count is 0 or > 3 || English.Of(target).Count is 0 or > 3)
            {
                return false;
            }

            model.Relations.Add(kind switch
            {
                Kind.Owns => new RawRelation(target, subject, null, Many: false, Required: true, line),
                Kind.ManyToMany => new RawRelation(subject, target, null, Many: true, Required: false, line),
                _ => new RawRelation(subject, target, null, Many: false, Required: !sentence.Contains("optional", StringComparison.OrdinalIgnoreCase), line),
            });
            return true;
        }

        return false;
    }

    private static string Name(string text)
    {
        string name = RuleText.Bare(text);
        foreach (string word in (string[])["each ", "every ", "a ", "an ", "the ", "one ", "exactly one ", "many ", "exactly "])
        {
            name = name.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? RuleText.Bare(name[word.Length..]) : name;
        }

        return name;
    }
}
