namespace AgentWorkflow.Bot.Storage.Objects;

/// <summary>Sends what is written in parts of 8 MiB, one at a time: what is held in memory does not grow with the object.</summary>
internal sealed class S3PartStream(S3Upload upload) : Stream
{
    // A part has 5 MiB at least, and there are 10,000 at most: 80 GB.
    private const int PartBytes = 8 * 1024 * 1024;
    private readonly MemoryStream _part = new();
    private bool _isDone;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Sends the rest; the object is there when this returns.</summary>
    /// <exception cref="ObjectStoreException">The server refuses or does not answer.</exception>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        if (upload.IsMultipart)
        {
            await upload.SendPartAsync(Part, cancellationToken);
            await upload.CompleteAsync(cancellationToken);
        }
        else
        {
            await upload.SendWholeAsync(Part, cancellationToken);
        }

        _isDone = true;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            if (_part.Length == PartBytes)
            {
                await upload.SendPartAsync(Part, cancellationToken);
                _part.SetLength(0);
            }

            int taken = (int)Math.Min(buffer.Length, PartBytes - _part.Length);
            _part.Write(buffer.Span[..taken]);
            buffer = buffer[taken..];
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    // Some writers end with a few bytes that they do not write asynchronously.
    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override void Flush()
    {
        // A part is sent when it is full.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (!_isDone)
        {
            await upload.AbandonAsync();
        }

        await _part.DisposeAsync();
        await base.DisposeAsync();
    }

    private ArraySegment<byte> Part => new(_part.GetBuffer(), 0, (int)_part.Length);
}
