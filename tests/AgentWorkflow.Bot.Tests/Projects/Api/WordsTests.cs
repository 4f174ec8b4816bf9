using System.Text.RegularExpressions;
using AgentWorkflow.Bot.Projects.Api;
using CsCheck;

namespace AgentWorkflow.Bot.Tests.Projects.Api;

public sealed partial class WordsTests
{
    [Theory]
    [InlineData("due date", "due date")]
    [InlineData("dueDate", "due date")]
    [InlineData("ISBNCode", "isbn code")]
    [InlineData("userID", "user id")]
    [InlineData("URLs", "urls")]
    [InlineData("line2", "line2")]
    [InlineData("Loan-request_no. 3", "loan request no 3")]
    [InlineData("3d model", "item 3d model")]
    [InlineData("Größe", "groesse")]
    [InlineData("Книга", "kniga")]
    [InlineData("كتاب", "item")]
    [InlineData("🚀 Rocket", "rocket")]
    [InlineData("../../x", "x")]
    [InlineData("", "item")]
    [InlineData("the member's name", "the members name")]
    public void Names_Are_Split_Into_Words(string name, string words) => Assert.Equal(words, Words.Of(name, "item").Spaced);

    [Theory]
    [InlineData("book", "books")]
    [InlineData("category", "categories")]
    [InlineData("day", "days")]
    [InlineData("box", "boxes")]
    [InlineData("address", "addresses")]
    [InlineData("status", "statuses")]
    [InlineData("person", "people")]
    [InlineData("analysis", "analyses")]
    [InlineData("settings", "settings")]
    public void Plurals_Read_As_English(string singular, string plural) => Assert.Equal(plural, Plurals.Of(singular));

    [Fact]
    public void Any_Name_Gives_Words_That_Every_Language_Takes() =>
        Gen.String.Sample(name =>
        {
            var words = Words.Of(name, "item");
            Assert.Matches(Snake(), words.Snake);
            Assert.InRange(words.Snake.Length, 1, 130);
        });

    [Fact]
    public void A_Long_Name_Is_Cut() => Assert.Equal(60, Words.Of(new string('x', 300), "item").Pascal.Length);

    [Fact]
    public void Collisions_Are_Numbered_Whatever_Their_Case()
    {
        var scope = new NameScope("id");

        string[] names = [.. new[] { "id", "due date", "dueDate", "duedate", "due date2" }.Select(name => scope.Take(Words.Of(name, "x"), w => w.Camel).Camel)];

        Assert.Equal(["id2", "dueDate", "dueDate2", "duedate3", "dueDate22"], names);
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*\\z")]
    private static partial Regex Snake();
}
