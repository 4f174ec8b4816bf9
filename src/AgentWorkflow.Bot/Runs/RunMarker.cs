using AgentWorkflow.Bot.Guards.Signing;

namespace AgentWorkflow.Bot.Runs;

/// <summary>
/// The hidden text that tells our comments and pull requests from others'. Anybody can copy what is visible, so it carries a
/// code that only this instance can make for the key beside it.
/// </summary>
internal sealed class RunMarker(InstanceKey key)
{
    /// <summary>The marker of a run.</summary>
    public string Of(string runKey) => $"<!-- aw:{runKey}:{key.Authenticate($"marker\n{runKey}")} -->";

    /// <summary>The marker of a further comment of a run.</summary>
    public string OfNote(string runKey, string what) => $"<!-- aw:note:{key.Authenticate($"note\n{runKey}\n{what}")} -->";

    /// <summary>The marker of the answer to a delivery that started no run; the sender's text of the id is not in it.</summary>
    public string OfRefusal(string deliveryId) => $"<!-- aw:refusal:{key.Authenticate($"refusal\n{deliveryId}")} -->";
}
