namespace AgentWorkflow.Bot.Storage.Objects;

/// <summary>An object to read from any place on, as ranges of a download do: it is opened where the first byte is wanted.</summary>
internal sealed class ObjectStream(IObjectStore objects, string name, long size) : Stream
{
    private Stream? _open;
    private long _position;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => true;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => size;

    /// <inheritdoc/>
    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _open ??= await objects.OpenReadAsync(name, _position, cancellationToken);
        int read = await _open.ReadAsync(buffer, cancellationToken);
        _position += read;
        return read;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin)
    {
        long to = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => size + offset,
        };
        if (to != _position)
        {
            _open?.Dispose();
            _open = null;
            _position = to;
        }

        return to;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Objects are read without waiting.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("Objects are read here.");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Objects are read here.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _open?.Dispose();
        base.Dispose(disposing);
    }
}
