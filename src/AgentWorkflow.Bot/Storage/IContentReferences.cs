namespace AgentWorkflow.Bot.Storage;

/// <summary>
/// What of a room points at contents. A content that nothing points at is removed, so whoever stores a digest in a row
/// has to tell of it here.
/// </summary>
internal interface IContentReferences
{
    /// <summary>Texts with the digests in them, as 64 small hexadecimal digits each. What only looks like a digest keeps nothing that is not there.</summary>
    IAsyncEnumerable<string> ReadAsync(CancellationToken cancellationToken);
}
