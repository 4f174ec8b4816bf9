using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentWorkflow.Bot.Projects.Api;

using static AgentWorkflow.Bot.Projects.Stacks.PythonApi.PythonExpression;

namespace AgentWorkflow.Bot.Projects.Stacks.PythonApi;

/// <summary>Values as Python literals. Every text of an idea that enters Python here goes through <see cref="Text"/>.</summary>
internal static class PythonLiteral
{
    private const int ShortestRun = 40;

    /// <summary>A text as a literal in double quotes; what cannot be seen is escaped.</summary>
    public static string Text(string text)
    {
        var literal = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => literal.Append("\\\""),
                '\\' => literal.Append("\\\\"),
                '\n' => literal.Append("\\n"),
                '\r' => literal.Append("\\r"),
                '\t' => literal.Append("\\t"),
                _ when IsVisible(rune) => literal.Append(rune.ToString()),
                _ when rune.IsBmp => literal.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => literal.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }

        return literal.Append('"').ToString();
    }

    /// <summary>A text as an expression: long runs of one character are written as products.</summary>
    public static PythonExpression Of(string text)
    {
        var parts = new List<string>();
        var plain = 0;
        for (var i = 0; i < text.Length;)
        {
            var end = i + 1;
            while (end < text.Length && text[end] == text[i])
            {
                end++;
            }

            if (end - i >= ShortestRun && !char.IsSurrogate(text[i]))
            {
                Add(parts, text[plain..i]);
                parts.Add($"{Text(text[i].ToString())} * {end - i}");
                plain = end;
            }

            i = end;
        }

        Add(parts, text[plain..]);
        return new Atom(parts.Count == 0 ? "\"\"" : string.Join(" + ", parts));
    }

    /// <summary>JSON text as an expression.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="exact">Numbers with a fraction become <c>Decimal("0.1")</c>.</param>
    public static PythonExpression OfJson(string json, bool exact = false)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement, exact);
    }

    /// <summary>A number, exact where it has a fraction.</summary>
    public static PythonExpression Exact(decimal number) => new Atom(
        decimal.Truncate(number) == number
            ? decimal.Truncate(number).ToString(CultureInfo.InvariantCulture)
            : $"Decimal(\"{Candidates.Plain(number)}\")");

    /// <summary>A value of a sample body; references stand for ids that the test finds out.</summary>
    public static PythonExpression Of(SampleValue value, ApiPlan plan) => value switch
    {
        SampleValue.Literal literal => OfJson(literal.Json),
        SampleValue.Reference one => Reference(plan, one.Resource, one.Sample),
        SampleValue.ReferenceList many => new Group("[", [.. many.Samples.Select(sample => new Item(string.Empty, Reference(plan, many.Resource, sample)))], "]"),
        _ => new Atom("None"),
    };

    private static Atom Reference(ApiPlan plan, int resource, int sample) => new($"Ref({Text(plan.Resources[resource].Path)}, {sample})");

    private static PythonExpression Of(JsonElement value, bool exact) => value.ValueKind switch
    {
        JsonValueKind.String => Of(value.GetString() ?? string.Empty),
        JsonValueKind.True => new Atom("True"),
        JsonValueKind.False => new Atom("False"),
        JsonValueKind.Number => exact ? Exact(value.GetDecimal()) : new Atom(value.GetRawText()),
        JsonValueKind.Array => new Group("[", [.. value.EnumerateArray().Select(item => new Item(string.Empty, Of(item, exact)))], "]"),
        JsonValueKind.Object => new Group("{", [.. value.EnumerateObject().Select(member => new Item(Text(member.Name) + ": ", Of(member.Value, exact)))], "}"),
        _ => new Atom("None"),
    };

    private static void Add(List<string> parts, string text)
    {
        if (text.Length > 0)
        {
            parts.Add(Text(text));
        }
    }

    private static bool IsVisible(Rune rune) => rune.IsAscii ? rune.Value is >= ' ' and <= '~' : Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation or UnicodeCategory.OtherPunctuation
        or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.CurrencySymbol
        or UnicodeCategory.MathSymbol or UnicodeCategory.OtherSymbol;
}
