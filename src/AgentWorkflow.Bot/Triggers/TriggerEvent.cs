using System.Text.Json;

using AgentWorkflow.Engine.Identity;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>What a webhook says, as far as triggers need it. Hints of rights in the payload are not read: rights are asked for.</summary>
internal sealed record TriggerEvent
{
    /// <summary><c>issue_comment</c>, <c>issues</c>, ...</summary>
    public required string Name { get; init; }

    /// <summary><c>created</c>, <c>labeled</c>, ...</summary>
    public required string Action { get; init; }

    /// <summary>The repository's name.</summary>
    public required RepoRef Repository { get; init; }

    /// <summary>The repository's numeric id.</summary>
    public required long RepositoryId { get; init; }

    /// <summary>Who did it.</summary>
    public required ActorId Sender { get; init; }

    /// <summary>True when the forge says that a program did it.</summary>
    public bool SenderIsBot { get; init; }

    /// <summary>The issue or pull request; null for events without one.</summary>
    public long? Issue { get; init; }

    /// <summary>The comment's id.</summary>
    public long? CommentId { get; init; }

    /// <summary>The comment's text as delivered.</summary>
    public string? CommentBody { get; init; }

    /// <summary>The comment's author; a command counts only from the author.</summary>
    public long? CommentAuthorId { get; init; }

    /// <summary>The label that was put on.</summary>
    public string? Label { get; init; }

    /// <summary>Reads a payload of GitHub's shape. Null when it lacks what every trigger needs; a member that is missing or of another type is absent, never an error.</summary>
    public static TriggerEvent? TryRead(string name, JsonElement payload)
    {
        if (Text(payload, "action") is not { } action
            || !RepoRef.TryParse(Text(payload, "repository", "full_name"), out RepoRef? repository)
            || Number(payload, "repository", "id") is not { } repositoryId
            || Number(payload, "sender", "id") is not { } senderId)
        {
            return null;
        }

        return new TriggerEvent
        {
            Name = name,
            Action = action,
            Repository = repository,
            RepositoryId = repositoryId,
            Sender = new ActorId(senderId, Text(payload, "sender", "login") ?? ""),
            SenderIsBot = Text(payload, "sender", "type") != "User",
            Issue = Number(payload, "issue", "number") ?? Number(payload, "pull_request", "number"),
            CommentId = Number(payload, "comment", "id"),
            CommentBody = Text(payload, "comment", "body"),
            CommentAuthorId = Number(payload, "comment", "user", "id"),
            Label = Text(payload, "label", "name"),
        };
    }

    private static string? Text(JsonElement payload, params ReadOnlySpan<string> path)
    {
        try
        {
            return Member(payload, path) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8: no text.
            return null;
        }
    }

    private static long? Number(JsonElement payload, params ReadOnlySpan<string> path) =>
        Member(payload, path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : null;

    private static JsonElement? Member(JsonElement element, ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }
}
