namespace AgentWorkflow.Bot.Storage;

/// <summary>Contents by their SHA-256. Putting the same content twice stores it once; what was put is durable before the call returns.</summary>
internal interface IContentStore
{
    /// <summary>Stores a content and returns its lower-case hexadecimal SHA-256.</summary>
    Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Opens a content.</summary>
    /// <exception cref="FileNotFoundException">Nothing of that digest is stored.</exception>
    Stream OpenRead(string sha256);

    /// <summary>True when the content is stored.</summary>
    bool Contains(string sha256);
}
