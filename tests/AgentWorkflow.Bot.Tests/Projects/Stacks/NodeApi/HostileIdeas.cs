using AgentWorkflow.Bot.Projects.Specification;
using AgentWorkflow.Bot.Tests.Projects.Api;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.NodeApi;

/// <summary>Ideas of people who try.</summary>
internal static class HostileIdeas
{
    /// <summary>Texts that end strings, comments, templates, tables and files, or are names of the language, of the platform or of nothing.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        "class", "await", "arguments", "eval", "default", "import", "new", "this", "null", "true", "undefined", "NaN", "let", "static", "enum",
        "__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "toJSON", "then", "length", "name",
        "definitions", "process", "console", "fetch", "Object", "Promise", "service", "path", "test", "assert", "text", "date", "listOf",
        "../../x", "..\\..\\x", "/etc/passwd", "C:\\con", "con", "aux", "nul.js", "index", "health", "openapi", "id", "limit", "sort", "unknownField",
        "*/ process.exit(1); /*", "'); process.exit(1); ('", "\"); process.exit(1); (\"", "`${process.exit(1)}`", "</script><!--", "\\", "\\u0027", "\\' + x", "{{ 1 | json }}", "{%", "$(id)", "`id`",
        "📚", "كتاب", "書籍", "книга", "Größe", "İstanbul", "a\u202Eb", "zero\u200Bwidth", "tag\U000E0041", "line\nbreak", "para\u2028graph", "\u0000", "\uD800",
        "due date", "Due-Date", "due_date", "DUE DATE", "dueDate", "1st", "42", "", " ", "-", "a|b", "# heading", "[link](javascript:x)", "<b>bold</b>", "@everyone",
        new string('x', 300), new string('長', 300),
    ];

    /// <summary>Each of some texts as the name of an entity; each text as the name of a field, as an enum's value, and as prose.</summary>
    public static Requirements Names(IEnumerable<string> entities)
    {
        var prose = string.Join(' ', Texts);
        var values = Texts.Where(text => text.Length > 0).ToArray();
        return Ideas.Of(
        [
            .. entities.Select(text => new Entity(text, prose, [Ideas.Field(text, FieldKind.Text, required: true), Ideas.Reference("other", text)])),
            new Entity("Everything", prose, [.. Texts.Select(text => Ideas.Field(text, FieldKind.Integer)), Ideas.Enum("kind", values) with { Default = values[45] }]),
        ]) with
        {
            Title = prose,
            Summary = prose,
            Notes = Texts,
            Stories = [.. Texts.Select((text, i) => new Story($"S{i + 1}", text, text, text, text, [text], [new Operation(text, Verb.Create)], i + 1))],
        };
    }

    /// <summary>References to itself, in a ring, in lists, required and not; an entity without fields; a pattern with a slash.</summary>
    public static Requirements Shapes() => Ideas.Of(
        Ideas.Entity("Empty"),
        Ideas.Entity("Node", Ideas.Reference("parent", "Node"), Ideas.References("children", "Node"), Ideas.Field("name", FieldKind.Text) with { Unique = true }),
        Ideas.Entity("Self", Ideas.Reference("self", "Self", required: true)),
        Ideas.Entity("Hen", Ideas.Reference("egg", "Egg", required: true), Ideas.Field("name", FieldKind.Text, required: true)),
        Ideas.Entity("Egg", Ideas.Reference("hen", "Hen", required: true), Ideas.Field("name", FieldKind.Text, required: true)),
        Ideas.Entity("Team", Ideas.References("members", "Member", required: true) with { MinLength = 2, MaxLength = 3 }, Ideas.List("tags", FieldKind.Date) with { MinLength = 1 }),
        Ideas.Entity("Member", Ideas.Field("name", FieldKind.Text, required: true)),
        Ideas.Entity(
            "Part",
            Ideas.Field("number", FieldKind.Text, required: true) with { Pattern = @"^[A-Z]{2}/\d{3}\-[a-z/]+$", Unique = true },
            Ideas.Field("code", FieldKind.Text) with { Pattern = "^/|\\\\$" },
            Ideas.Field("lot", FieldKind.Integer) with { Unique = true, Min = -5, Max = -4 },
            Ideas.Enum("state", "new", "class", "it's", "say \"hi\"", "a\\b", "`${x}`", "two\nlines") with { Default = "it's" }),
        Ideas.Entity("Only", Ideas.Field("flag", FieldKind.Boolean) with { Unique = true, Required = true }));

    /// <summary>Many entities, each of which refers to the one before.</summary>
    public static Requirements Many(int count) => Ideas.Of([.. Enumerable.Range(0, count).Select(i => Ideas.Entity(
        $"Thing {i}",
        Ideas.Field("name", FieldKind.Text, required: true) with { Unique = true },
        Ideas.Field("amount", FieldKind.Money) with { Min = 0 },
        Ideas.Reference("previous", i == 0 ? "Thing 0" : $"Thing {i - 1}", required: i > 0)))]);
}
