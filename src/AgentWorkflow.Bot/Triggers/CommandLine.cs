using System.Text.RegularExpressions;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>A command in a comment: <c>/generate [WORKFLOW] [key=value ...]</c> on the first line, instructions below.</summary>
/// <param name="Name">The word after the slash.</param>
/// <param name="Word">The first argument without <c>=</c>: a workflow's name, a hash, a format; null when there is none.</param>
/// <param name="Arguments">The <c>key=value</c> pairs.</param>
/// <param name="Text">What follows: the rest of the first line where the command takes free text, and the lines below it.</param>
/// <param name="Problem">Why the line cannot be taken as it stands; null when it can.</param>
internal sealed partial record CommandLine(string Name, string? Word, IReadOnlyDictionary<string, string> Arguments, string Text, string? Problem)
{
    /// <summary>The word that starts a run, and under which what is not a run is found too.</summary>
    public const string Generate = "generate";

    private const string Own = "aw";
    private static readonly string[] TakesText = ["reject", "revise"];

    /// <summary>
    /// Reads a comment. Null for everything that is no command in its very first characters: a quote, a code block, a list, a
    /// look-alike letter or an invisible character makes it a text like any other (promise P51).
    /// </summary>
    /// <param name="body">The comment.</param>
    /// <param name="prefix">The operator's word for commands: <see cref="CommandsOptions.Both"/>, or the one that must stand first where ours does not.</param>
    public static CommandLine? TryRead(string body, string prefix = CommandsOptions.Both)
    {
        int end = body.IndexOf('\n', StringComparison.Ordinal);
        string first = (end < 0 ? body : body[..end]).TrimEnd('\r', ' ');
        if (Bare(first, prefix) is not { } bare || Shape().Match(bare) is not { Success: true } match)
        {
            return null;
        }

        string name = match.Groups["name"].Value;
        string rest = match.Groups["rest"].Value.Trim(' ');
        string below = end < 0 ? "" : body[(end + 1)..].Trim();
        return TakesText.Contains(name)
            ? new CommandLine(name, null, new Dictionary<string, string>(), $"{rest}\n{below}".Trim(), null)
            : ReadArguments(name, rest, below);
    }

    /// <summary>True where the word is the bot's own: no workflow can take it.</summary>
    public static bool IsReserved(string name) => name == Generate || ReservedWords.Commands.Contains(name);

    /// <summary>
    /// The line without the word before the command, or null where one must stand there and does not. The word alone asks for help.
    /// Ours counts beside any that the operator chose, since the bot's texts suggest it.
    /// </summary>
    private static string? Bare(string line, string prefix) =>
        After(line, Own) ?? (prefix == CommandsOptions.Both ? line : After(line, prefix));

    private static string? After(string line, string word) =>
        line == $"/{word}" ? "/help"
        : line.StartsWith($"/{word} ", StringComparison.Ordinal) ? $"/{line[(word.Length + 2)..].TrimStart(' ')}"
        : null;

    private static CommandLine ReadArguments(string name, string rest, string below)
    {
        Dictionary<string, string> arguments = new(StringComparer.Ordinal);
        string? word = null;
        string? problem = null;
        foreach (string token in rest.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Match pair = Pair().Match(token);
            if (pair.Success)
            {
                problem ??= arguments.TryAdd(pair.Groups["key"].Value, pair.Groups["value"].Value) ? null : $"'{pair.Groups["key"].Value}' is given twice";
            }
            else if (word is null && arguments.Count == 0 && BareWord().IsMatch(token))
            {
                word = token;
            }
            else
            {
                problem ??= $"'{(token.Length > 60 ? token[..60] : token)}' is neither a name nor key=value";
            }
        }

        return new CommandLine(name, word, arguments, below, problem);
    }

    [GeneratedRegex(@"\A/(?<name>[a-z][a-z0-9-]{0,39})(?<rest> [^\n]{0,2000})?\z", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Shape();

    [GeneratedRegex(@"\A(?<key>[A-Za-z_][A-Za-z0-9_-]{0,63})=(?<value>[^\s\p{C}]{0,1000})\z", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Pair();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant, 200)]
    private static partial Regex BareWord();
}
