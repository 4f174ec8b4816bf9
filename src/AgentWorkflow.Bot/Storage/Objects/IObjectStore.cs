namespace AgentWorkflow.Bot.Storage.Objects;

/// <summary>
/// Large things under names, such as archives: written from a stream, whole or not at all, and read by ranges. A name is
/// <c>folder/part</c> in the characters of paths.
/// </summary>
internal interface IObjectStore
{
    /// <summary>Writes an object; one that is there already is replaced when the new one is whole.</summary>
    /// <param name="name">The name.</param>
    /// <param name="write">Writes the content. Where it throws nothing is kept.</param>
    /// <param name="cancellationToken">Cancels; nothing is kept then.</param>
    /// <exception cref="IOException">The store refuses or cannot be reached.</exception>
    Task PutAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>The object's size and time; null when there is no such object.</summary>
    /// <exception cref="IOException">The store cannot be reached.</exception>
    Task<StoredObject?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Opens an object from a byte on; the stream is read from the store as it is read.</summary>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    /// <exception cref="IOException">The store cannot be reached.</exception>
    Task<Stream> OpenReadAsync(string name, long offset, CancellationToken cancellationToken);

    /// <summary>Removes an object; one that is gone stays so.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>The objects of a folder, in no order.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Where people find it: a path, or <c>s3://bucket/name</c>.</summary>
    string AddressOf(string name);

    /// <summary>A link that anybody may download from until it ends; null where the store has none.</summary>
    Task<Uri?> LinkAsync(string name, TimeSpan lifetime);
}

/// <summary>An object.</summary>
/// <param name="Name">The whole name.</param>
/// <param name="Size">Bytes.</param>
/// <param name="WrittenAt">When it was written.</param>
internal sealed record StoredObject(string Name, long Size, DateTimeOffset WrittenAt);
