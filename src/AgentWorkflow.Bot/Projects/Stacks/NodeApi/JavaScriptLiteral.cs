using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentWorkflow.Bot.Projects.Stacks.NodeApi;

/// <summary>Values as JavaScript source. Any text gives a literal of just that text, on one line.</summary>
internal static class JavaScriptLiteral
{
    private const int LongText = 60;
    private const int LongRun = 40;

    /// <summary>A string literal in single quotes.</summary>
    public static string Text(string text)
    {
        var literal = new StringBuilder(text.Length + 2).Append('\'');
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\'' => literal.Append("\\'"),
                '\\' => literal.Append("\\\\"),
                '\n' => literal.Append("\\n"),
                '\r' => literal.Append("\\r"),
                '\t' => literal.Append("\\t"),
                _ => Append(literal, rune),
            };
        }

        return literal.Append('\'').ToString();
    }

    /// <summary>A string expression; one character many times in a row is written as a repetition.</summary>
    public static string TextExpression(string text)
    {
        if (text.Length <= LongText)
        {
            return Text(text);
        }

        var (start, length) = LongestRun(text);
        if (length < LongRun)
        {
            return Text(text);
        }

        var parts = new List<string> { $"{Text(text[start].ToString())}.repeat({length.ToString(CultureInfo.InvariantCulture)})" };
        if (start > 0)
        {
            parts.Insert(0, TextExpression(text[..start]));
        }

        if (start + length < text.Length)
        {
            parts.Add(TextExpression(text[(start + length)..]));
        }

        return string.Join(" + ", parts);
    }

    /// <summary>A regular expression literal of a pattern that JavaScript reads as .NET does.</summary>
    public static string Pattern(string pattern)
    {
        var literal = new StringBuilder(pattern.Length + 2).Append('/');
        var escaped = false;
        foreach (var rune in pattern.EnumerateRunes())
        {
            // A slash would end the literal and a line break may not be in one; both mean the same when escaped.
            _ = rune.Value switch
            {
                '/' when !escaped => literal.Append("\\/"),
                '\n' => literal.Append(escaped ? "n" : "\\n"),
                '\r' => literal.Append(escaped ? "r" : "\\r"),
                _ when escaped && IsHidden(rune) => Append(literal.Remove(literal.Length - 1, 1), rune),
                _ => Append(literal, rune),
            };
            escaped = !escaped && rune.Value == '\\';
        }

        return literal.Length == 1 ? "/(?:)/" : literal.Append('/').ToString();
    }

    /// <summary>A JSON value as an expression.</summary>
    public static string Json(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => TextExpression(value.GetString() ?? string.Empty),
        JsonValueKind.Array => List(value.EnumerateArray().Select(Json)),
        JsonValueKind.Object => Object(value.EnumerateObject().Select(member => (member.Name, Json(member.Value)))),
        _ => value.GetRawText(),
    };

    /// <summary>JSON text as an expression.</summary>
    public static string Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Json(document.RootElement);
    }

    /// <summary>An array literal on one line.</summary>
    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    /// <summary>An object literal on one line.</summary>
    public static string Object(IEnumerable<(string Name, string Value)> members)
    {
        var text = string.Join(", ", members.Select(member => $"{JavaScriptName.Key(member.Name)}: {member.Value}"));
        return text.Length == 0 ? "{}" : $"{{ {text} }}";
    }

    private static StringBuilder Append(StringBuilder literal, Rune rune)
    {
        if (!IsHidden(rune))
        {
            return literal.Append(rune);
        }

        foreach (var unit in rune.ToString())
        {
            literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }

        return literal;
    }

    // What a reader of the file would not see, or see in another order than it is.
    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    private static (int Start, int Length) LongestRun(string text)
    {
        var best = (Start: 0, Length: 0);
        for (int start = 0, end; start < text.Length; start = end)
        {
            for (end = start + 1; end < text.Length && text[end] == text[start]; end++)
            {
            }

            // Half a surrogate pair cannot be repeated alone.
            best = end - start > best.Length && !char.IsSurrogate(text[start]) ? (start, end - start) : best;
        }

        return best;
    }
}
