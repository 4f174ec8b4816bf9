using System.Text.Json;

using AgentWorkflow.Bot.Forges.GitLab;

namespace AgentWorkflow.Bot.Triggers;

/// <summary>What a delivery tells, in the words of whichever forge sent it.</summary>
internal static class ForgeEvents
{
    /// <summary>Reads a payload; null when nobody is said to have done it.</summary>
    public static TriggerEvent? TryRead(string forge, string name, JsonElement payload) =>
        forge == GitLabForge.Id ? GitLabEvents.TryRead(name, payload) : TriggerEvent.TryRead(name, payload);
}
