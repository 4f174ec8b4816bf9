using System.Text.Json.Nodes;

using AgentWorkflow.Bot.Storage;

namespace AgentWorkflow.Bot.Forges.Local;

/// <summary>
/// Where the Local forge tells what people did, as a webhook of a real forge does. It is called inside the transaction that
/// stores the deed, so both are kept or neither is: an implementer writes through the context it gets and does not commit.
/// </summary>
internal interface ILocalWebhookSink
{
    /// <summary>Takes one event; the payload has the shape of GitHub's.</summary>
    /// <param name="db">The open context, in a transaction; rows that are added are saved by the caller.</param>
    /// <param name="deliveryId">Unique for each event.</param>
    /// <param name="eventName"><c>issues</c>, <c>issue_comment</c> or <c>pull_request</c>.</param>
    /// <param name="payload">What happened.</param>
    /// <param name="cancellationToken">Ends the deed, which is then not stored.</param>
    Task DeliverAsync(BotDb db, string deliveryId, string eventName, JsonObject payload, CancellationToken cancellationToken);
}
