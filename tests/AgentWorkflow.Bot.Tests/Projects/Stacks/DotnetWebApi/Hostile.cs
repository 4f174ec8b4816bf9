namespace AgentWorkflow.Bot.Tests.Projects.Stacks.DotnetWebApi;

/// <summary>Names that people, or attackers, might give to fields.</summary>
internal static class Hostile
{
    public static readonly string[] FieldNames =
    [
        "id", "class", "record", "Equals", "GetHashCode", "ToString", "Clone", "EqualityContract", "PrintMembers", "order", "group", "select", "limit", "offset", "sort",
        "title", "Title", "due date", "dueDate", "duedate", "🚀", "كتاب", "", "3d", "../../x", "string", "Guid", "String", "unknownField", "value", "input", "body", "a\"b",
        "{{ x }}", "new\nline", new('y', 300), "rowid", "index", "System", "owner_id", "Hostile", "hostile input",
    ];
}
