using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Guards;
using AgentWorkflow.Engine.Effects;

namespace AgentWorkflow.Bot.Steps.RepoCreation;

/// <summary>Makes issues of stories. Their text came from an issue or a model, so it is made inert.</summary>
internal static class StoryIssues
{
    /// <summary>The most issues a repository starts with.</summary>
    public const int Most = 100;

    private const int MostTitle = 200;

    /// <summary>The issues, in the order of the stories; null where this is no list of stories.</summary>
    public static IReadOnlyList<NewIssue>? Of(JsonNode? stories, IReadOnlyList<string> labels) =>
        stories is null ? []
        : stories is JsonArray list && list.All(s => Title(s) is not null) ? [.. list.Select(s => Of(s as JsonObject ?? [], labels))]
        : null;

    private static NewIssue Of(JsonObject story, IReadOnlyList<string> labels)
    {
        string title = InertText.Plain(Title(story) ?? "");
        StringBuilder body = new();
        body.Append(Text(story, "want") is { } want
            ? $"As {Inert(Text(story, "role") ?? "a user")} I want {Inert(want)}{(Text(story, "soThat") is { } why ? $", so that {Inert(why)}" : "")}.\n"
            : $"{Inert(Text(story, "description") ?? "")}\n");
        foreach (string criterion in (story["criteria"] as JsonArray ?? []).Select(c => c?.ToString() ?? "").Where(c => c.Length > 0))
        {
            body.Append($"\n- [ ] {Inert(criterion)}");
        }

        return new NewIssue(title.Length > MostTitle ? title[..(MostTitle - 1)] + "…" : title, body.ToString().Trim() + "\n", labels);
    }

    private static string Inert(string text) => InertText.Of(text);

    private static string? Title(JsonNode? story) => Text(story as JsonObject, "title");

    private static string? Text(JsonObject? story, string name) =>
        story?[name] is JsonValue value && value.TryGetValue(out string? text) && !string.IsNullOrWhiteSpace(text) ? text : null;
}
