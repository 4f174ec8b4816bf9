namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>Names that must differ, whatever their case: the second <c>title</c> becomes <c>title2</c>.</summary>
internal sealed class NameScope
{
    private readonly HashSet<string> _taken;

    /// <summary>A scope in which some names are taken from the start.</summary>
    public NameScope(params IEnumerable<string> reserved) => _taken = new HashSet<string>(reserved, StringComparer.OrdinalIgnoreCase);

    /// <summary>The first of these words, or these words with 2, 3, ..., whose written form is still free; it is taken then.</summary>
    /// <param name="words">The wish.</param>
    /// <param name="write">How the scope's language writes words as a name.</param>
    public Words Take(Words words, Func<Words, string> write)
    {
        var candidate = words;
        for (var number = 2; !_taken.Add(write(candidate)); number++)
        {
            candidate = words.Numbered(number);
        }

        return candidate;
    }

    /// <summary>The same for names that are already written.</summary>
    public string Take(string name)
    {
        var candidate = name;
        for (var number = 2; !_taken.Add(candidate); number++)
        {
            candidate = name + number;
        }

        return candidate;
    }
}
