namespace AgentWorkflow.Bot.Storage;

/// <summary>Contents by their SHA-256. Putting the same content twice stores it once; what was put is durable before the call returns.</summary>
internal interface IContentStore
{
    /// <summary>Stores a content and returns its lower-case hexadecimal SHA-256.</summary>
    Task<string> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Stores contents that belong together, for about the price of one, and returns their digests in the same order.</summary>
    async Task<IReadOnlyList<string>> PutAllAsync(IReadOnlyList<ReadOnlyMemory<byte>> contents, CancellationToken cancellationToken)
    {
        string[] digests = new string[contents.Count];
        for (int i = 0; i < digests.Length; i++)
        {
            digests[i] = await PutAsync(contents[i], cancellationToken);
        }

        return digests;
    }

    /// <summary>Opens a content.</summary>
    /// <exception cref="FileNotFoundException">Nothing of that digest is stored.</exception>
    Stream OpenRead(string sha256);

    /// <summary>True when the content is stored.</summary>
    bool Contains(string sha256);
}
