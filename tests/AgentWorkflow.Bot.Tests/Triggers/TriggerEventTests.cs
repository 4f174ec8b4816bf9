using System.Text;
using System.Text.Json;

using AgentWorkflow.Bot.Triggers;

using CsCheck;

namespace AgentWorkflow.Bot.Tests.Triggers;

public sealed class TriggerEventTests
{
    private const string Comment = """
        {"action":"created","repository":{"id":7,"full_name":"ada/books"},"sender":{"id":9,"login":"ada","type":"User"},
         "issue":{"number":3},"comment":{"id":11,"body":"/generate","user":{"id":9}}}
        """;

    [Fact]
    public void A_Comment_Is_Read()
    {
        TriggerEvent? read = Read(Comment);

        Assert.Equal(("created", "ada/books", 7L, 9L, false), (read?.Action, read?.Repository?.ToString(), read?.RepositoryId, read?.Sender.Id, read?.SenderIsBot));
        Assert.Equal((3L, 11L, "/generate", 9L), (read?.Issue, read?.CommentId, read?.CommentBody, read?.CommentAuthorId));
    }

    [Theory]
    [InlineData("\"action\":\"created\"", "\"action\":1")]
    [InlineData("\"id\":7", "\"id\":\"7\"")]
    [InlineData("\"id\":7", "\"id\":7.5")]
    [InlineData("\"id\":7", "\"id\":99999999999999999999")]
    [InlineData("ada/books", "../books")]
    [InlineData("ada/books", "ada")]
    [InlineData("ada/books", "\\ud800/books")]
    [InlineData("\"sender\":{", "\"sender\":[{")]
    [InlineData("\"sender\"", "\"other\"")]
    public void Without_What_Every_Trigger_Needs_Nothing_Comes_Of_It(string old, string now)
    {
        string changed = Comment.Replace(old, now, StringComparison.Ordinal);
        changed = now.EndsWith("[{", StringComparison.Ordinal) ? changed.Replace("\"type\":\"User\"}", "\"type\":\"User\"}]", StringComparison.Ordinal) : changed;

        Assert.True(Read(changed) is not { } read || Screening.Of(read, new TriggerPolicy()) is not null);
    }

    [Theory]
    [InlineData("\"/generate\"", "\"\\ud800/generate\"")]
    [InlineData("\"/generate\"", "null")]
    [InlineData("\"/generate\"", "{}")]
    public void A_Text_That_Is_None_Is_Absent(string old, string now) => Assert.Null(Read(Comment.Replace(old, now, StringComparison.Ordinal))!.CommentBody);

    [Theory]
    [InlineData("\"type\":\"User\"", "\"type\":\"Bot\"")]
    [InlineData("\"type\":\"User\"", "\"type\":\"Organization\"")]
    [InlineData("\"type\":\"User\"", "\"type\":null")]
    [InlineData(",\"type\":\"User\"", "")]
    public void Only_Who_Is_Said_To_Be_A_Person_Is_One(string old, string now) => Assert.True(Read(Comment.Replace(old, now, StringComparison.Ordinal))!.SenderIsBot);

    [Fact]
    public void No_Json_Breaks_The_Reader()
    {
        byte[] comment = Encoding.UTF8.GetBytes(Comment);
        Gen.Select(Gen.Int[0, comment.Length - 1], Gen.Byte, Gen.Int[0, 3]).Array[1, 4].Sample(
            changes =>
            {
                byte[] changed = [.. comment];
                foreach ((int at, byte value, _) in changes)
                {
                    changed[at] = value;
                }

                try
                {
                    using JsonDocument document = JsonDocument.Parse(changed);
                    TriggerEvent.TryRead("issue_comment", document.RootElement);
                }
                catch (JsonException)
                {
                    // No JSON at all: the inbox says so.
                }
            },
            iter: 5000);
    }

    private static TriggerEvent? Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return TriggerEvent.TryRead("issue_comment", document.RootElement);
    }
}
