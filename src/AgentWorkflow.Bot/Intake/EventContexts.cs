using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Runs;
using AgentWorkflow.Bot.Triggers;
using AgentWorkflow.Engine.Steps;

namespace AgentWorkflow.Bot.Intake;

/// <summary>The expression context <c>event</c>: ours, the same on every forge; what a trigger lacks is null.</summary>
internal static class EventContexts
{
    /// <summary>Builds it.</summary>
    public static JsonObject Of(TriggerEvent happened, IssueFacts? issue, CommandLine? command) => new()
    {
        ["name"] = happened.Name,
        ["action"] = happened.Action,
        ["issue"] = issue is null ? null : RunContexts.Issue(issue),
        ["pull"] = null,
        ["comment"] = happened.CommentId is { } id ? new JsonObject { ["id"] = id, ["body"] = happened.CommentBody } : null,
        ["push"] = null,
        ["command"] = command is null ? null : new JsonObject
        {
            ["name"] = command.Name,
            ["args"] = new JsonObject(command.Arguments.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key, a.Value))),
            ["text"] = command.Text,
        },
    };
}
