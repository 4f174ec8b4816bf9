using System.Text;
using System.Text.RegularExpressions;

namespace AgentWorkflow.Bot.Guards;

/// <summary>
/// Makes text from an idea, a model or a tool inert before it is posted (promise P78): it notifies nobody, closes nothing,
/// commands no bot, loads nothing and cannot leave its place in the layout. A word that would act becomes a code span, in
/// which no forge looks for mentions, references or commands; of the rest, what is markup is escaped.
/// </summary>
internal static partial class InertText
{
    private const int LongestSource = 8_000;
    private const string Markup = @"\`*_[]|~$^";
    private const string Opening = "(\"'";
    private const string Closing = ".,;:!?)\"'";

    /// <summary>One line of inert Markdown, for a sentence, a heading, a list's item or a table's cell.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most characters that come out; what is cut ends with an ellipsis.</param>
    public static string Of(string text, int most = 4_000)
    {
        StringBuilder result = new();
        foreach (string word in OneLine(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string inert = Word(word, isFirst: result.Length == 0);
            if (result.Length + inert.Length + 3 > most)
            {
                return result.Append(result.Length == 0 ? Word(ShortText.Start(word, Math.Max(0, (most - 8) / 6)), isFirst: true) : " ").Append('…').ToString();
            }

            result.Append(result.Length == 0 ? "" : " ").Append(inert);
        }

        return result.ToString();
    }

    /// <summary>Inert plain text for places that render no Markdown: titles, the first line of a commit, names, check titles.</summary>
    public static string Plain(string text)
    {
        string line = Acting().Replace(OneLine(text), static match => match.Value switch
        {
            "://" => ": ",
            { Length: >= 7 } id => $"{id[..6]}…",
            var value when value.StartsWith("gh-", StringComparison.OrdinalIgnoreCase) => $"{value[..2]} {value[3..]}",
            _ => " ",
        });
        line = Switches().Replace(line, "${words}");
        line = DraftWord().Replace(line, "${word} -");
        return Blank().Replace(line, " ").Trim().TrimStart('/', '#', ' ');
    }

    private static string Word(string word, bool isFirst)
    {
        if (!Active().IsMatch(word))
        {
            return Escape(word, isFirst);
        }

        // What surrounds the word stays outside of the code, so that a sentence reads as one.
        string core = word.TrimStart(Opening.ToCharArray());
        string before = word[..^core.Length];
        string bare = core.TrimEnd(Closing.ToCharArray());
        string after = core[bare.Length..];
        string code = bare.Replace('`', '\'').Replace('|', '¦');
        return $"{Escape(before, isFirst: false)}`{code}`{Escape(after, isFirst: false)}";
    }

    private static string Escape(string text, bool isFirst)
    {
        StringBuilder result = new(text.Length + 8);
        int marker = isFirst && Marker().Match(text) is { Success: true } list ? list.Length - 1 : -1;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            _ = c switch
            {
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '&' => result.Append("&amp;"),
                _ when Markup.Contains(c) || i == marker => result.Append('\\').Append(c),
                _ => result.Append(c),
            };
        }

        return result.ToString();
    }

    private static string OneLine(string text)
    {
        string clean = OutsideText.Clean(ShortText.Start(text, LongestSource)).Text;
        return Blank().Replace(clean, " ").Trim();
    }

    // All that is not seen on a line: blanks, breaks of every kind, controls.
    [GeneratedRegex(@"[\s\p{Cc}\p{Zl}\p{Zp}]+", RegexOptions.CultureInvariant, 2_000)]
    private static partial Regex Blank();

    // Looked for in one word: mentions and addresses; references to issues, merge requests, epics, labels, milestones, snippets
    // and alerts; addresses of pages; object ids; commands of forges and bots.
    [GeneratedRegex(
        @"@\w|[#!&%~$^][""\w]|\bgh-\d|://|\bwww\.|\b(?:mailto|xmpp):|(?<![a-z0-9])[0-9a-f]{7,40}(?![a-z0-9])|^[(""']*/[a-z]|^\[[a-z_]+:|^\*iteration:|^(?:bors|homu|recheck|r\?)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2_000)]
    private static partial Regex Active();

    // The same in plain text. A mention's sign goes, an address of a person keeps it; an object id must hold a letter and a
    // digit, or a price in yen would be cut.
    [GeneratedRegex(
        @"(?<![a-z0-9])@(?=\w)|[#!&%~$^](?=\d)|\bgh-(?=\d)|://|(?<![a-z0-9])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,40}(?![a-z0-9])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 2_000)]
    private static partial Regex Acting();

    // Words in a title or commit that keep a forge's CI from running.
    [GeneratedRegex(@"\[(?<words>(?:skip|no)[ -](?:ci|actions)|(?:ci|actions)[ -]skip|skip azurepipelines|azurepipelines skip)\]|\*{3}no_ci\*{3}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 2_000)]
    private static partial Regex Switches();

    // Words at the start of a title that make a merge request a draft.
    [GeneratedRegex(@"^[\[(]?\s*(?<word>draft|wip)\s*[\])]?\s*[:\]\)-]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 2_000)]
    private static partial Regex DraftWord();

    // What begins a heading, a list, a rule or an underline at the start of a line.
    [GeneratedRegex(@"^(?:[#+=:-]|\d{1,9}[.)])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 2_000)]
    private static partial Regex Marker();
}
