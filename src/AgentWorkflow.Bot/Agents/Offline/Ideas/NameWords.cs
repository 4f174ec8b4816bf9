using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>What a field's name says of its type, where nothing else does.</summary>
internal static class NameWords
{
    private static readonly Dictionary<string, FieldKind> Last = new(StringComparer.Ordinal)
    {
        ["date"] = FieldKind.Date,
        ["birthday"] = FieldKind.Date,
        ["deadline"] = FieldKind.Date,
        ["email"] = FieldKind.Email,
        ["e-mail"] = FieldKind.Email,
        ["url"] = FieldKind.Url,
        ["website"] = FieldKind.Url,
        ["homepage"] = FieldKind.Url,
        ["price"] = FieldKind.Money,
        ["cost"] = FieldKind.Money,
        ["fee"] = FieldKind.Money,
        ["salary"] = FieldKind.Money,
        ["quantity"] = FieldKind.Integer,
        ["count"] = FieldKind.Integer,
        ["year"] = FieldKind.Integer,
        ["age"] = FieldKind.Integer,
        ["capacity"] = FieldKind.Integer,
        ["pages"] = FieldKind.Integer,
        ["seats"] = FieldKind.Integer,
        ["description"] = FieldKind.LongText,
        ["notes"] = FieldKind.LongText,
        ["body"] = FieldKind.LongText,
        ["comments"] = FieldKind.LongText,
        ["timestamp"] = FieldKind.DateTime,
    };

    /// <summary>The kind that the name's words mean; null for text.</summary>
    public static FieldKind? Kind(string name)
    {
        List<string> words = English.Of(name);
        return words.Count == 0 ? null
            : words.Count > 1 && words[0] is "is" or "has" ? FieldKind.Boolean
            : words.Count > 1 && words[^1] == "at" ? FieldKind.DateTime
            : words.Count > 1 && words[^2] == "date" && words[^1] == "of" ? FieldKind.Date
            : words.Count > 2 && words[0] == "date" && words[1] == "of" ? FieldKind.Date
            : Last.TryGetValue(words[^1], out FieldKind kind) ? kind : null;
    }

    /// <summary>The kind in words for a note.</summary>
    public static string Say(FieldKind kind) => kind switch
    {
        FieldKind.LongText => "long text",
        FieldKind.DateTime => "date-time",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
