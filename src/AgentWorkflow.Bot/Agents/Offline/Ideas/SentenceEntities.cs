namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>
/// Entities of an idea that describes none: "I want to register a book with title, author and ISBN" says enough. A sentence that
/// names no fields does not, because a made-up field would be a claim nobody made.
/// </summary>
internal static class SentenceEntities
{
    private static readonly HashSet<string> Creating = ["register", "add", "create", "record", "enter", "save", "store", "submit", "post", "keep"];

    /// <summary>Adds what the stories' sentences say, with a note.</summary>
    public static void Read(List<RawStory> stories, RawModel model)
    {
        foreach (RawStory story in stories)
        {
            if (story.Sentence is { } sentence && Entity(sentence.Want, story.Line) is { } entity)
            {
                model.Entities.Add(entity);
                model.Notes.Add($"{English.Capital(entity.Name)} was read from the sentence in line {story.Line}; describe it below a heading 'Entities' to say more.");
            }
        }
    }

    private static RawEntity? Entity(string want, int line)
    {
        int with = want.IndexOf(" with ", StringComparison.OrdinalIgnoreCase);
        List<string> head = with > 0 ? English.Of(want[..with]) : [];
        if (head.Count is < 3 or > 5 || !Creating.Contains(head[0]) || !(head[1] is "a" or "an" or "new" or "my"))
        {
            return null;
        }

        string name = string.Join(' ', head.Skip(1).SkipWhile(w => w is "a" or "an" or "new" or "my"));
        List<string> fields = [.. RuleText.SplitTop(want[(with + 6)..], [',', ';'])
            .SelectMany(p => p.Split(" and ", StringSplitOptions.RemoveEmptyEntries)).Select(Field).Where(f => f.Length > 0)];
        bool clear = name.Length > 0 && English.Of(name).Count <= 2 && fields.Count >= 2 && fields.TrueForAll(f => English.Of(f).Count is >= 1 and <= 3);
        if (!clear)
        {
            return null;
        }

        var entity = new RawEntity(name, "", line);
        entity.Fields.AddRange(fields.Select(f => new RawField(f, "", [], line)));
        return entity;
    }

    private static string Field(string text)
    {
        string field = RuleText.Bare(text).TrimEnd('.');
        foreach (string word in (string[])["and ", "a ", "an ", "the ", "its ", "their "])
        {
            field = field.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? field[word.Length..] : field;
        }

        return field;
    }
}
