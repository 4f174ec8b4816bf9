using System.Buffers;
using System.IO.Pipelines;

namespace AgentWorkflow.Bot.Intake;

/// <summary>How reading a body ended.</summary>
internal enum BodyReading
{
    /// <summary>All of it is there.</summary>
    Complete,

    /// <summary>It is larger than <see cref="PackedBody.MostBytes"/>.</summary>
    TooLarge,

    /// <summary>It did not come in time.</summary>
    TooSlow,

    /// <summary>Too many bodies are being read already.</summary>
    NoRoom,
}

/// <summary>
/// A request's body, read once into a rented buffer that grows with what has really come: who only says that much will come
/// costs nothing. Disposing gives the buffer back.
/// </summary>
internal sealed class WebhookBody : IDisposable
{
    private const int FirstSize = 32 * 1024;
    private const long MostTogether = 96L * 1024 * 1024;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);
    private static long s_together;

    private byte[] _buffer = [];
    private int _length;

    private WebhookBody()
    {
    }

    /// <summary>What was read.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>How reading ended; the bytes are only good when complete.</summary>
    public BodyReading Reading { get; private set; }

    /// <summary>Reads the body.</summary>
    /// <exception cref="BadHttpRequestException">The request is broken, or slower than the server lets it be.</exception>
    public static async ValueTask<WebhookBody> ReadAsync(PipeReader reader, TimeProvider time, CancellationToken cancellationToken)
    {
        WebhookBody body = new();
        try
        {
            body.Reading = await body.FillAsync(reader, time, cancellationToken);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Resize(0);

    private async ValueTask<BodyReading> FillAsync(PipeReader reader, TimeProvider time, CancellationToken cancellationToken)
    {
        ITimer? end = null;
        try
        {
            while (true)
            {
                ValueTask<ReadResult> reading = reader.ReadAsync(cancellationToken);
                if (!reading.IsCompleted)
                {
                    // Most bodies are here before the first look, and need no clock.
                    end ??= time.CreateTimer(static r => ((PipeReader?)r)?.CancelPendingRead(), reader, MostTime, Timeout.InfiniteTimeSpan);
                }

                ReadResult read = await reading;
                BodyReading? over = read.IsCanceled ? BodyReading.TooSlow : Take(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                if (over is { } reason)
                {
                    return reason;
                }

                if (read.IsCompleted)
                {
                    return BodyReading.Complete;
                }
            }
        }
        finally
        {
            if (end is not null)
            {
                await end.DisposeAsync();
            }
        }
    }

    private BodyReading? Take(ReadOnlySequence<byte> part)
    {
        long length = _length + part.Length;
        if (length > PackedBody.MostBytes)
        {
            return BodyReading.TooLarge;
        }

        if (length > _buffer.Length && !Resize((int)Math.Max(Math.Max(length, FirstSize), Math.Min(_buffer.Length * 2L, PackedBody.MostBytes))))
        {
            return BodyReading.NoRoom;
        }

        part.CopyTo(_buffer.AsSpan(_length));
        _length = (int)length;
        return null;
    }

    private bool Resize(int size)
    {
        byte[] larger = [];
        if (size > 0)
        {
            if (Interlocked.Add(ref s_together, size) > MostTogether)
            {
                Interlocked.Add(ref s_together, -size);
                return false;
            }

            larger = ArrayPool<byte>.Shared.Rent(size);
            Interlocked.Add(ref s_together, larger.Length - size);
            Bytes.CopyTo(larger);
        }

        if (_buffer.Length > 0)
        {
            Interlocked.Add(ref s_together, -_buffer.Length);
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
        return true;
    }
}
