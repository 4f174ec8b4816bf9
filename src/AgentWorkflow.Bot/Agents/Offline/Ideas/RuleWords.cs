using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>A rule as words say it.</summary>
internal abstract record Rule
{
    /// <summary>Must be there.</summary>
    internal sealed record Required(bool Value) : Rule;

    /// <summary>No two alike.</summary>
    internal sealed record Unique : Rule;

    /// <summary>Names the row: unique, required, and never changed.</summary>
    internal sealed record Primary : Rule;

    /// <summary>Set once.</summary>
    internal sealed record Immutable : Rule;

    /// <summary>Worth a filter.</summary>
    internal sealed record Indexed : Rule;

    /// <summary>Bounds of a number, a length or a count, as <paramref name="Of"/> says.</summary>
    internal sealed record Bounds(decimal? Least, decimal? Most, Measure Of, bool ExclusiveLeast = false, bool ExclusiveMost = false) : Rule;

    /// <summary>A regular expression as written.</summary>
    internal sealed record Pattern(string Text) : Rule;

    /// <summary>A default as written.</summary>
    internal sealed record Default(string Value) : Rule;

    /// <summary>Allowed values.</summary>
    internal sealed record OneOf(IReadOnlyList<string> Values) : Rule;

    /// <summary>Says nothing that would have to be kept.</summary>
    internal sealed record Nothing : Rule;
}

/// <summary>What bounds are about.</summary>
internal enum Measure
{
    /// <summary>Not said: numbers for number types.</summary>
    Unsaid,

    /// <summary>Characters of a text.</summary>
    Characters,

    /// <summary>Items of a list.</summary>
    Items,
}

/// <summary>Reads the words that people use for rules.</summary>
internal static partial class RuleWords
{
    private const string Number = @"-?[0-9]{1,18}(?:\.[0-9]{1,9})?";

    private static readonly Dictionary<string, Rule> Fixed = Map(
        (new Rule.Required(true), "required|mandatory|not null|notnull|non-null|non null|must|needed|obligatory|not empty|non-empty|non empty|not blank|non-blank|is required|must be set|must be given|must be present|must not be empty|cannot be empty|always set|always|nn|compulsory|must be filled|must have|must not be null|cannot be null|required field|not optional|never empty"),
        (new Rule.Required(false), "optional|nullable|null|not required|may be empty|can be empty|is optional|can be null|may be null|if known|may be missing|if any"),
        (new Rule.Unique(), "unique|distinct|must be unique|no duplicates|is unique|uk|unique key|uq|unique value|without duplicates"),
        (new Rule.Primary(), "primary key|pk|key|primary|identifier|natural key"),
        (new Rule.Immutable(), "immutable|read-only|readonly|read only|cannot change|never changes|set once|fixed|cannot be changed|can't be changed|not editable|unchangeable|may not change|set at creation|set on creation|never changed|not changeable|write once|write-once|final|frozen"),
        (new Rule.Indexed(), "indexed|index|searchable|filterable|with index|has index|can be searched|search|filter|searched by|idx"),
        (new Rule.Bounds(0, null, Measure.Unsaid), "not negative|non-negative|nonnegative|never negative|zero or more|unsigned|cannot be negative|no negative numbers|must not be negative"),
        (new Rule.Bounds(0, null, Measure.Unsaid, ExclusiveLeast: true), "positive|must be positive|greater than zero|more than zero|above zero"),
        (new Rule.Nothing(), "auto increment|autoincrement|auto_increment|auto-increment|auto|generated|fk|foreign key|on delete cascade|on update cascade|cascade|sortable|any|free text|none"));

    /// <summary>True for words that are a rule.</summary>
    public static bool IsRule(string text) => Read(text) is not null;

    /// <summary>Reads one rule; null for anything else.</summary>
    public static Rule? Read(string text)
    {
        string words = RuleText.Bare(text).TrimEnd('.', ' ');
        if (words.Length is 0 or > 400)
        {
            return null;
        }

        string lower = words.ToLowerInvariant();
        return Fixed.GetValueOrDefault(lower) ?? ReadPattern(words, lower) ?? ReadDefault(words, lower) ?? ReadOneOf(words, lower) ?? ReadBounds(lower);
    }

    private static Rule.Pattern? ReadPattern(string words, string lower)
    {
        string? start = StartOf(lower, "pattern", "matches", "match", "regex", "regexp", "regular expression", "format", "must match");
        string rest = start is null ? words : words[start.Length..].TrimStart(' ', ':', '=');
        bool fenced = rest.Length > 2 && rest[0] == '/' && rest[^1] == '/';
        return fenced ? new Rule.Pattern(rest[1..^1])
            : start is null || rest.Length == 0 ? null
            : start is "format" && !rest.StartsWith('^') ? null
            : rest.Contains(' ') && !rest.StartsWith('^') ? null
            : new Rule.Pattern(rest.Trim('`', '"'));
    }

    private static Rule.Default? ReadDefault(string words, string lower)
    {
        string? start = StartOf(lower, "default value", "defaults to", "default to", "default is", "default", "initially", "initial value", "preset", "=");
        string value = start is null ? "" : words[start.Length..].TrimStart(' ', ':', '=').Trim('`', ' ');
        return start is null || value.Length == 0 ? null : new Rule.Default(Unquote(value));
    }

    private static Rule.OneOf? ReadOneOf(string words, string lower)
    {
        string? start = StartOf(lower, "must be one of", "one of", "any of", "either", "allowed values", "allowed", "values are", "values", "options", "choices", "in");
        if (start is null || start is "in" && !words[2..].TrimStart().StartsWith('('))
        {
            return null;
        }

        IReadOnlyList<string> values = TypeWords.Values(words[start.Length..].TrimStart(' ', ':', '='));
        return values.Count == 0 ? null : new Rule.OneOf(values);
    }

    private static Rule? ReadBounds(string lower)
    {
        try
        {
            Match digits = Digits().Match(lower);
            if (digits.Success)
            {
                return new Rule.Pattern($"^[0-9]{{{digits.Groups["digits"].Value}}}$");
            }

            Match both = Range().Match(lower) is { Success: true } range ? range : TwoSided().Match(lower);
            if (both.Success)
            {
                return new Rule.Bounds(Value(both.Groups["least"]), Value(both.Groups["most"]), MeasureOf(lower));
            }

            Match least = Least().Match(lower);
            if (least.Success)
            {
                return new Rule.Bounds(Value(least.Groups["bound"]), null, MeasureOf(lower), ExclusiveLeast: least.Groups["word"].Value is ">" or "more than" or "greater than" or "over" or "above");
            }

            Match most = Most().Match(lower);
            if (most.Success)
            {
                return new Rule.Bounds(null, Value(most.Groups["bound"]), MeasureOf(lower), ExclusiveMost: most.Groups["word"].Value is "<" or "less than" or "below" or "under" or "fewer than");
            }

            Match length = Exact().Match(lower);
            return length.Success && lower.Any(char.IsLetter) ? new Rule.Bounds(lower.StartsWith("length", StringComparison.Ordinal) && !lower.Contains("exact") ? null : Value(length.Groups["length"]), Value(length.Groups["length"]), Measure.Characters) : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static Measure MeasureOf(string lower) =>
        lower.Contains("char") || lower.Contains("length") || lower.Contains("letters") || lower.Contains("long") || lower.Contains("symbols") ? Measure.Characters
        : lower.Contains("items") || lower.Contains("entries") || lower.Contains("elements") || lower.Contains("item") ? Measure.Items
        : Measure.Unsaid;

    private static decimal? Value(Group group) =>
        decimal.TryParse(group.ValueSpan, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) ? value : null;

    private static string? StartOf(string lower, params ReadOnlySpan<string> starts)
    {
        foreach (string start in starts)
        {
            if (lower.StartsWith(start, StringComparison.Ordinal) && (lower.Length == start.Length || !char.IsLetterOrDigit(start[^1]) || !char.IsLetterOrDigit(lower[start.Length]) && lower[start.Length] != '-'))
            {
                return start;
            }
        }

        return null;
    }

    private static string Unquote(string value) =>
        value.Length >= 2 && value[0] == value[^1] && value[0] is '"' or '\'' ? value[1..^1] : value;

    private static Dictionary<string, Rule> Map(params (Rule Rule, string Words)[] rules) => rules
        .SelectMany(r => r.Words.Split('|'), (r, words) => (words, r.Rule)).ToDictionary(r => r.words, r => r.Rule, StringComparer.Ordinal);

    private const string Unit = @"(?: ?(?:characters?|chars?|letters|symbols|long|items?|entries|elements|in length|stars?|points?|%|percent|years?|days?|hours?|minutes?|pages?|people|seats|cents?|euros?|dollars?|eur|usd|kg|km|m|cm|g|\u20ac|\$))*$";

    [GeneratedRegex(@"^(?:exactly )?(?<digits>[1-9][0-9]?) digits$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Digits();

    [GeneratedRegex(@"^(?:(?:must be|is|value|values|length|range|between|from|in|of) ?:? ?){0,3}(?<least>" + Number + @") ?(?:\.\.\.?|-|\u2013|\u2014|\u2026|to|and|through) ?(?<most>" + Number + ")" + Unit, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Range();

    [GeneratedRegex(@"^(?:min(?:imum)?(?: length)?|>=|at least) ?:? ?(?<least>" + Number + @") ?(?:and|,|&)? ?(?:max(?:imum)?(?: length)?|<=|at most) ?:? ?(?<most>" + Number + ")" + Unit, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex TwoSided();

    [GeneratedRegex(@"^(?:must be |is |length |value )?(?<word>min(?:imum)?(?: value| length)?(?: of)?|minlength|min_length|at least|>=|\u2265|>|not less than|no less than|more than|greater than|over|above|from|starting at|least) ?[:=(]? ?(?<bound>" + Number + @")\)?" + Unit, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Least();

    [GeneratedRegex(@"^(?:must be |is |length |value )?(?<word>max(?:imum|imal)?(?: value| length)?(?: of)?|maxlength|max_length|at most|<=|\u2264|<|not more than|no more than|less than|fewer than|up to|below|under|most|limited to) ?[:=(]? ?(?<bound>" + Number + @")\)?" + Unit, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Most();

    [GeneratedRegex(@"^(?:(?:exact )?length ?[:=]? ?(?:of )?(?:exactly )?|exactly )?(?<length>" + Number + @")(?: characters?| chars?| letters)?(?: exactly| long)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Exact();
}
