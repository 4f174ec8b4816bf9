using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

using Scriban.Runtime;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>
/// The functions of templates; Scriban's own are not there. Same arguments, same text: no clock, no chance, no files.
/// Literals come with their quotes and are safe for any text.
/// </summary>
internal static class TemplateFunctions
{
    private const int LongestCount = 100_000;

    /// <summary>Their names, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Create().Keys.Order(StringComparer.Ordinal)];

    /// <summary>A new object with all functions, not to be changed.</summary>
    public static ScriptObject Create()
    {
        var functions = new ScriptObject();
        functions.Import("cs_string", (string? text) => Quote(text, surrogatePairs: true));
        functions.Import("js_string", (string? text) => Quote(text, surrogatePairs: true));
        functions.Import("py_string", (string? text) => Quote(text, surrogatePairs: false));
        functions.Import("yaml_string", (string? text) => Quote(text, surrogatePairs: false));
        functions.Import("json", (object? value) => Json(value));
        functions.Import("md", (string? text) => Markdown(text));
        functions.Import("html", (string? text) => Markup(text));
        functions.Import("xml", (string? text) => Markup(text));
        functions.Import("line", (string? text) => OneLine(text));
        functions.Import("upper", (string? text) => (text ?? "").ToUpperInvariant());
        functions.Import("lower", (string? text) => (text ?? "").ToLowerInvariant());
        functions.Import("size", (object? value) => Size(value));
        functions.Import("join", (IEnumerable list, string separator) => string.Join(separator, list.Cast<object?>()));
        functions.Import("replace", (string? text, string old, string by) => old.Length == 0 ? text ?? "" : (text ?? "").Replace(old, by, StringComparison.Ordinal));
        functions.IsReadOnly = true;
        return functions;
    }

    /// <summary>One line: breaks, controls and invisible characters become spaces, so that a comment of any language stays one.</summary>
    public static string OneLine(string? text)
    {
        var line = new StringBuilder(text?.Length ?? 0);
        foreach (Rune rune in (text ?? "").EnumerateRunes())
        {
            if (!IsHidden(rune))
            {
                line.Append(rune);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        // An end of comment inside a text would be one; a trailing backslash would join lines.
        string safe = line.Replace("*/", "* /").Replace("-->", "-- >").Replace("\"\"\"", "'''").ToString().Trim();
        while (safe.EndsWith('\\'))
        {
            safe = safe.TrimEnd('\\').TrimEnd();
        }

        return safe;
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    private static string Quote(string? text, bool surrogatePairs)
    {
        var literal = new StringBuilder((text?.Length ?? 0) + 2).Append('"');
        foreach (Rune rune in (text ?? "").EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => literal.Append("\\\""),
                '\\' => literal.Append("\\\\"),
                '\n' => literal.Append("\\n"),
                '\r' => literal.Append("\\r"),
                '\t' => literal.Append("\\t"),
                // Keeps "</script>" and "<!--" out of pages that carry the literal.
                '<' => literal.Append("\\u003c"),
                _ => IsHidden(rune) ? Escape(literal, rune, surrogatePairs) : literal.Append(rune),
            };
        }

        return literal.Append('"').ToString();
    }

    private static StringBuilder Escape(StringBuilder literal, Rune rune, bool surrogatePairs)
    {
        if (!rune.IsBmp && !surrogatePairs)
        {
            return literal.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
        }

        foreach (char c in rune.ToString())
        {
            literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return literal;
    }

    private static string Markdown(string? text)
    {
        string line = OneLine(text);
        var escaped = new StringBuilder(line.Length);
        for (int i = 0; i < line.Length; i++)
        {
            bool start = i == 0 && line[i] is '#' or '-' or '+' or '=' or '.' or ')' or ':';
            bool number = line[i] is '.' or ')' && i > 0 && line.AsSpan(0, i).IndexOfAnyExceptInRange('0', '9') < 0;
            if (line[i] is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '|' or '~' or '&' or '$' || (i == 0 && start) || number)
            {
                escaped.Append('\\');
            }

            escaped.Append(line[i]);
        }

        return escaped.ToString();
    }

    private static string Markup(string? text)
    {
        var escaped = new StringBuilder(text?.Length ?? 0);
        foreach (Rune rune in (text ?? "").EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\n' or '\t' => escaped.Append(rune),
                // XML 1.0 cannot hold the other controls in any spelling.
                _ => IsHidden(rune) ? escaped.Append(' ') : escaped.Append(rune),
            };
        }

        return escaped.ToString();
    }

    private static int Size(object? value) => value switch
    {
        null => 0,
        string text => text.Length,
        ICollection list => list.Count,
        IEnumerable items => items.Cast<object?>().Take(LongestCount + 1).Count() is var count and <= LongestCount
            ? count : throw new FormatException($"'size' counts to {LongestCount} elements at most"),
        _ => throw new FormatException("'size' takes a text or a list"),
    };

    private static string Json(object? value)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.Default, MaxDepth = 64 }))
        {
            WriteJson(writer, value, 0);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteJson(Utf8JsonWriter writer, object? value, int depth)
    {
        if (depth > 32)
        {
            throw new FormatException("'json' takes values of at most 32 levels");
        }

        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool truth: writer.WriteBooleanValue(truth); break;
            case int number: writer.WriteNumberValue(number); break;
            case long number: writer.WriteNumberValue(number); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): writer.WriteNumberValue(number); break;
            case System.Numerics.BigInteger number: writer.WriteRawValue(number.ToString(CultureInfo.InvariantCulture)); break;
            case IScriptCustomFunction: throw new FormatException("'json' takes values, not functions");
            case ScriptObject map:
                writer.WriteStartObject();
                foreach ((string name, object? member) in map)
                {
                    writer.WritePropertyName(name);
                    WriteJson(writer, member, depth + 1);
                }

                writer.WriteEndObject();
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (object? item in list)
                {
                    WriteJson(writer, item, depth + 1);
                }

                writer.WriteEndArray();
                break;
            default: throw new FormatException("'json' cannot write this value");
        }
    }
}
