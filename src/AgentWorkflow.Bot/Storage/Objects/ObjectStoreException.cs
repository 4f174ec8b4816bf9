namespace AgentWorkflow.Bot.Storage.Objects;

/// <summary>The store of objects refused, does not answer, or gave something else than was put; the message is one sentence for people.</summary>
internal sealed class ObjectStoreException(string code, string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>The stable code, <c>AWnnnn</c>.</summary>
    public string Code { get; } = code;
}
