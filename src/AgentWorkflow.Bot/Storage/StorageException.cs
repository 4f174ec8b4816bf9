namespace AgentWorkflow.Bot.Storage;

/// <summary>The world around the database is broken: a wrong setting, a full disk, a file that another process holds. The message is one sentence for people.</summary>
internal sealed class StorageException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The stable code, <c>AWnnnn</c>.</summary>
    public string Code { get; } = code;
}
