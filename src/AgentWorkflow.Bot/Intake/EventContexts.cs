using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Intake;

/// <summary>The expression context <c>event</c>: ours, the same on every forge; what a trigger lacks is null.</summary>
internal static class EventContexts
{
    /// <summary>Builds it.</summary>
    public static JsonObject Of(TriggerEvent happened, IssueFacts? issue, CommandLine? command, Discussion discussion) => new()
    {
        ["name"] = happened.Name,
        ["action"] = happened.Action,
        ["issue"] = issue is null ? null : RunContexts.Issue(issue),
        ["pull"] = issue is { IsPullRequest: true } pull ? Pull(pull) : null,
        ["comment"] = happened.CommentId is { } id ? new JsonObject { ["id"] = id, ["body"] = happened.CommentBody } : null,
        ["push"] = happened.Push is { } push ? Push(push) : null,
        ["command"] = command is null ? null : new JsonObject
        {
            ["name"] = command.Name,
            ["args"] = new JsonObject(command.Arguments.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key, a.Value))),
            ["text"] = command.Text,
        },
        ["discussion"] = discussion.ToJson(),
        ["left_out"] = discussion.LeftOut,
    };

    private static JsonObject Pull(IssueFacts pull) => new() { ["number"] = pull.Number, ["title"] = pull.Title, ["head"] = pull.Pull?.Head, ["base"] = pull.Pull?.Base };

    private static JsonObject Push(PushEvent push) => new()
    {
        ["ref"] = push.Ref,
        ["before"] = push.Before?.Value,
        ["after"] = push.After?.Value,
        ["paths"] = new JsonArray([.. push.Paths.Select(p => JsonValue.Create(p))]),
    };
}
