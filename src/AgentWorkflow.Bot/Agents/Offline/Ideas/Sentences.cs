namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>Cuts prose into sentences.</summary>
internal static class Sentences
{
    private static readonly string[] Abbreviations = ["e.g", "i.e", "etc", "ex", "mr", "mrs", "dr", "vs", "approx", "no"];

    /// <summary>The sentences in order, without the space around them.</summary>
    public static IEnumerable<string> Of(string text)
    {
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '.' or '!' or '?' && (i + 1 == text.Length || text[i + 1] == ' ') && !EndsWithAbbreviation(text.AsSpan(start, i - start)))
            {
                yield return text[start..(i + 1)].Trim();
                start = i + 1;
            }
        }

        if (text[start..].Trim() is { Length: > 0 } rest)
        {
            yield return rest;
        }
    }

    private static bool EndsWithAbbreviation(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> word = text[(text.LastIndexOfAny(' ', '(') + 1)..];
        foreach (string abbreviation in Abbreviations)
        {
            if (word.Equals(abbreviation, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
