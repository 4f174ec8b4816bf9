using System.Collections.Frozen;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>A function of the language, for the parser, the dry pass and the reference.</summary>
/// <param name="Name">As it is called.</param>
/// <param name="Arguments">The arguments as the reference shows them.</param>
/// <param name="Least">The fewest arguments.</param>
/// <param name="Most">The most arguments.</param>
/// <param name="OnlyInIf">True for the functions that ask how the run is going.</param>
/// <param name="Summary">One sentence.</param>
internal sealed record Function(string Name, string Arguments, int Least, int Most, bool OnlyInIf, string Summary);

/// <summary>The table of functions.</summary>
internal static class Functions
{
    /// <summary>All functions, in the order of the reference.</summary>
    public static IReadOnlyList<Function> All { get; } =
    [
        new("contains", "search, item", 2, 2, false, "True when the list `search` holds `item`, or the text `search` holds the text `item`; minds case."),
        new("startsWith", "text, start", 2, 2, false, "True when `text` begins with `start`; minds case."),
        new("endsWith", "text, end", 2, 2, false, "True when `text` ends with `end`; minds case."),
        new("format", "pattern, value...", 1, 32, false, "The pattern with `{0}`, `{1}`, ... replaced by the values; `{{` and `}}` are braces."),
        new("join", "list, separator", 1, 2, false, "The elements of a list as one text; the separator is `,` unless told."),
        new("toJSON", "value", 1, 1, false, "The value as indented JSON."),
        new("fromJSON", "text", 1, 1, false, "The value of a JSON text."),
        new("length", "value", 1, 1, false, "The number of characters of a text, elements of a list or members of a mapping; 0 for null."),
        new("success", "", 0, 0, true, "True when every step that this one waited for, all the way up, succeeded or had `continue-on-error`. The condition of a step without `if`, and joined with `&&` to an `if` that calls none of these four."),
        new("failure", "", 0, 0, true, "True when one of these steps failed."),
        new("always", "", 0, 0, true, "True: the step runs whatever happened, also while the run is being cancelled."),
        new("cancelled", "", 0, 0, true, "True while the run is being cancelled."),
    ];

    /// <summary>The same by name.</summary>
    public static FrozenDictionary<string, Function> ByName { get; } = All.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>What is wrong with a call, or null.</summary>
    public static (string Code, string Message, string? Suggestion)? Check(string name, int count)
    {
        if (!ByName.TryGetValue(name, out Function? function))
        {
            return (Codes.UnknownFunction, $"there is no function '{name}'.", NearestName.Of(name, ByName.Keys));
        }

        if (count >= function.Least && count <= function.Most)
        {
            return null;
        }

        string wanted = function.Least == function.Most ? $"{function.Least}" : $"{function.Least} to {function.Most}";
        return (Codes.ArgumentCount, $"{name}({function.Arguments}) takes {wanted} argument{(wanted == "1" ? "" : "s")}, not {count}.", null);
    }
}
