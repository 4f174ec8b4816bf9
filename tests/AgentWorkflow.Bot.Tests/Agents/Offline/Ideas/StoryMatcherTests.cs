using AgentWorkflow.Bot.Agents.Offline.Ideas;
using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Tests.Agents.Offline.Ideas;

public sealed class StoryMatcherTests
{
    private static readonly StoryMatcher Matcher = new(
    [
        Entity("Book", "title", "author", "cover"),
        Entity("Member", "name", "email"),
        Entity("Loan", "due date") with { Fields = [Field("due date"), new Field { Name = "returned at", Type = FieldType.Plain(FieldKind.DateTime) }] },
        Entity("Room", "name"),
        Entity("Booking", "from", "to"),
        new Entity("Task", "", [Field("title"), new Field { Name = "status", Type = new FieldType(FieldKind.Enum, ["open", "closed"]) }]),
        Entity("Loan request", "reason"),
        Entity("Review", "text", "stars"),
    ]);

    [Theory]
    [InlineData("register a book", "Create Book")]
    [InlineData("add a new book with title and author", "Create Book")]
    [InlineData("see all books", "List Book")]
    [InlineData("see a list of all the books", "List Book")]
    [InlineData("browse the catalogue of books", "List Book")]
    [InlineData("search for books", "List Book")]
    [InlineData("filter tasks", "List Task")]
    [InlineData("view a book", "Get Book")]
    [InlineData("see the details of a member", "Get Member")]
    [InlineData("view book details", "Get Book")]
    [InlineData("open a loan", "Get Loan")]
    [InlineData("edit a member", "Update Member")]
    [InlineData("change the title of a book", "Update Book")]
    [InlineData("rename a room", "Update Room")]
    [InlineData("mark a task as done", "Update Task")]
    [InlineData("close a task", "Update Task")]
    [InlineData("return a loan", "Update Loan")]
    [InlineData("delete a book", "Delete Book")]
    [InlineData("cancel a booking", "Delete Booking")]
    [InlineData("add, edit and delete books", "Create Book, Update Book, Delete Book")]
    [InlineData("add books and members", "Create Book, Create Member")]
    [InlineData("create a loan and delete a booking", "Create Loan, Delete Booking")]
    [InlineData("manage rooms", "Create Room, List Room, Get Room, Update Room, Delete Room")]
    [InlineData("see a member's loans", "List Loan")]
    [InlineData("review a book", "Create Review")]
    [InlineData("submit a loan request", "Create Loan request")]
    [InlineData("adding books", "Create Book")]
    public void A_Plain_Wish_Gives_Its_Operations(string want, string expected) => Assert.Equal(expected, Say(want));

    [Theory]
    [InlineData("be reminded by SMS when a loan is due")]
    [InlineData("send an email to a member")]
    [InlineData("log in as a member")]
    [InlineData("pay for a booking")]
    [InlineData("drag a task to another column")]
    [InlineData("export books to PDF")]
    [InlineData("see statistics about loans")]
    [InlineData("see the number of books")]
    [InlineData("see who borrowed a book")]
    [InlineData("click a button to add a book")]
    [InlineData("see the book animation")]
    [InlineData("see a book shelf")]
    [InlineData("borrow a book")]
    [InlineData("add a ribbon to a book")]
    [InlineData("know which rooms are free")]
    [InlineData("see the fastest way to a room")]
    [InlineData("return a book")]
    [InlineData("close a room")]
    [InlineData("enjoy my holidays")]
    public void What_A_Plain_Service_Does_Not_Do_Gives_None(string want) => Assert.Equal("", Say(want));

    [Theory]
    [InlineData("see overdue loans", "overdue loans")]
    [InlineData("search books by author", "books by author")]
    [InlineData("see all tasks that are late", "tasks that are late")]
    [InlineData("add a loan only if the book is free", "only if the book is free")]
    [InlineData("delete a book that fell into the bath", "")]
    [InlineData("list the loans of a member", "loans of a member")]
    public void What_Narrows_A_Wish_Becomes_A_Criterion(string want, string expected) =>
        Assert.Equal(expected, string.Join("; ", Matcher.Match(want).Conditions));

    private static string Say(string want) => string.Join(", ", Matcher.Match(want).Operations.Select(o => $"{o.Verb} {o.Entity}"));

    private static Entity Entity(string name, params string[] fields) => new(name, "", [.. fields.Select(Field)]);

    private static Field Field(string name) => new() { Name = name, Type = FieldType.Plain(FieldKind.Text) };
}
