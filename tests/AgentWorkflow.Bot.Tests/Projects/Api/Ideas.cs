using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Tests.Projects.Api;

/// <summary>Requirements by hand, so that plans and stacks are tested without the reader of ideas.</summary>
internal static class Ideas
{
    public static Requirements Of(params Entity[] entities) => new()
    {
        Title = "An idea",
        Name = "an-idea",
        Summary = "An idea for tests.",
        Stories = [],
        Entities = entities,
        Relations = [],
        Notes = [],
    };

    public static Entity Entity(string name, params Field[] fields) => new(name, string.Empty, fields);

    public static Field Field(string name, FieldKind kind, bool required = false) => new() { Name = name, Type = FieldType.Plain(kind), Required = required };

    public static Field Enum(string name, params string[] values) => new() { Name = name, Type = new FieldType(FieldKind.Enum, values) };

    public static Field Reference(string name, string target, bool required = false) =>
        new() { Name = name, Type = new FieldType(FieldKind.Reference, [], target), Required = required };

    public static Field References(string name, string target, bool required = false) =>
        new() { Name = name, Type = new FieldType(FieldKind.List, [], target, FieldKind.Reference), Required = required };

    public static Field List(string name, FieldKind item) => new() { Name = name, Type = new FieldType(FieldKind.List, [], null, item) };

    /// <summary>The lending library: two stories templates can do, one they cannot.</summary>
    public static Requirements Library() => Of(
        Entity("Author", Field("name", FieldKind.Text, required: true) with { MaxLength = 120 }, Field("born", FieldKind.Date)),
        Entity(
            "Book",
            Field("title", FieldKind.Text, required: true) with { MinLength = 2, MaxLength = 200 },
            Field("ISBN", FieldKind.Text, required: true) with { Unique = true, Immutable = true, Pattern = "^[0-9]{3}-[0-9]{10}$" },
            Reference("author", "Author", required: true),
            Enum("condition", "new", "good", "worn out") with { Default = "good" },
            Field("pages", FieldKind.Integer) with { Min = 1, Max = 5000 },
            Field("price", FieldKind.Money) with { Min = 0 },
            List("tags", FieldKind.Text)),
        Entity("Member", Field("email", FieldKind.Email, required: true) with { Unique = true }, Field("active", FieldKind.Boolean) with { Default = "true" }),
        Entity(
            "Loan request",
            Reference("book", "Book", required: true),
            Reference("member", "Member", required: true),
            Field("due date", FieldKind.Date, required: true),
            Field("note", FieldKind.LongText))) with
    {
        Title = "A lending library",
        Name = "lending-library",
        Summary = "Neighbours lend each other books.",
        Stories =
        [
            new Story("S1", "As a librarian I want to add books so that members find them", "librarian", "to add books", "members find them",
                ["The title is required", "The isbn is unique", "It is fun"], [new Operation("Book", Verb.Create), new Operation("Book", Verb.List)], 3),
            new Story("S2", "As a member I want to ask for a loan", "member", "to ask for a loan", null, [], [new Operation("Loan request", Verb.Create)], 9),
            new Story("S3", "As a member I want to scan a barcode", "member", "to scan a barcode", null, [], [], 11),
        ],
    };
}
