using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Tests.Projects.Stacks.PythonApi;

/// <summary>Requirements to generate from.</summary>
internal static class Ideas
{
    /// <summary>A lending library: references, rules of most kinds, stories with and without operations.</summary>
    public static Requirements Library { get; } = Of(
        "Lending library",
        [
            new Entity("Book", "A title that the library lends.", [
                Text("title") with { Required = true, MaxLength = 200 },
                Text("isbn") with { Required = true, Unique = true, Immutable = true, Pattern = "^[0-9]{13}$" },
                Field("published on", FieldKind.Date),
                Field("price", FieldKind.Money) with { Min = 0 },
                Field("weight", FieldKind.Decimal) with { Min = 0.1m, Max = 12.5m, Default = "0.5" },
                new Field { Name = "genre", Type = new FieldType(FieldKind.Enum, ["novel", "non fiction", "it's \"other\""]), Default = "novel" },
                new Field { Name = "tags", Type = new FieldType(FieldKind.List, [], Item: FieldKind.Text), MaxLength = 5 },
            ]),
            new Entity("Member", "", [
                Text("name") with { Required = true, MinLength = 2 },
                Field("email", FieldKind.Email) with { Required = true, Unique = true },
                Field("active", FieldKind.Boolean) with { Default = "true" },
            ]),
            new Entity("Loan", "Who has which book.", [
                Reference("book", "Book") with { Required = true },
                Reference("member", "Member") with { Required = true },
                Field("due at", FieldKind.DateTime) with { Required = true },
                new Field { Name = "witnesses", Type = new FieldType(FieldKind.List, [], "Member") },
            ]),
        ],
        [
            new Story("S1", "As a librarian I want to register a book", "librarian", "to register a book", null,
                ["title is required", "isbn is unique", "a picture is taken of the cover"], [new Operation("Book", Verb.Create), new Operation("Book", Verb.List)], 3),
            new Story("S2", "As a member I want to borrow a book", "member", "to borrow a book", null, [], [new Operation("Loan", Verb.Create)], 7),
            new Story("S3", "As a member I want to be reminded by SMS", "member", "to be reminded by SMS", null, ["one day before"], [], 9),
        ]);

    /// <summary>An idea with these entities and stories.</summary>
    public static Requirements Of(string title, IReadOnlyList<Entity> entities, IReadOnlyList<Story>? stories = null, string name = "lending-library") => new()
    {
        Title = title,
        Name = name,
        Summary = "What the idea says first.",
        Stories = stories ?? [],
        Entities = entities,
        Relations = [],
        Notes = [],
    };

    public static Field Field(string name, FieldKind kind) => new() { Name = name, Type = FieldType.Plain(kind) };

    public static Field Text(string name) => Field(name, FieldKind.Text);

    public static Field Reference(string name, string target) => new() { Name = name, Type = new FieldType(FieldKind.Reference, [], target) };
}
