namespace AgentWorkflow.Bot.Tests.Projects.Stacks.PythonApi;

/// <summary>Names that people write, or that somebody writes to break a generator.</summary>
internal static class HostileNames
{
    public static readonly string[] All =
    [
        "class", "match", "case", "type", "_", "list", "id", "None", "True", "Exception", "print", "self", "async", "lambda", "soft keyword",
        "__init__", "__class__", "__name__", "con", "NUL", "com1", "rowid", "select", "table", "order by", "sqlite master", "Sqlite sequence",
        "title", "Title", "TITLE", "ti tle", "line 2", "line2", "Line-2", "2 lines", "007",
        "../../x", "..\\..\\x", "/etc/passwd", "C:\\con", "a\u0000b", "a\nb", "\"; import os; os.abort() #", "'''", "\"\"\"", "\\", "\\N{DASH}", "{{ 1 }}", "{% raw %}", "${x}", "`x`",
        "<script>", "-- drop", "x'; DROP TABLE books; --", "*/", "#", "%s", "{0}", "$(id)", "|a|b|", "[a](b)", "@all", "&amp;",
        "😀", "👩‍👩‍👧", "مكتبة", "图书馆", "Ελληνικά", "Ünïcödé", "ﬁ", "ℌ", "ª", "\u202eabc", "\u200b", "e\u0301", "\ud800", "",
        " ", new string('x', 300), string.Join(' ', Enumerable.Repeat("word", 75)),
        "endpoints", "endpoint", "resource", "query", "record", "service", "sample", "body", "ref", "health", "schema", "project", "description",
        "limit", "offset", "sort", "unknown field", "unknownField", "Samples", "Resources", "unittest", "json", "http", "calendar", "openapi",
    ];
}
