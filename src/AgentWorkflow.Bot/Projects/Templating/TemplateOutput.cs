using System.Buffers;
using System.Text;

using Scriban.Runtime;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>
/// Collects a rendered text as UTF-8 in one buffer that all files of a rendering share. It stops a template that writes too
/// much itself, because Scriban's own limit cuts the text without a word.
/// </summary>
internal sealed class TemplateOutput : IScriptOutput, IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int _length;
    private char _high;

    /// <summary>The most bytes of one text.</summary>
    public int Limit { get; set; } = int.MaxValue;

    /// <summary>Starts a new text.</summary>
    public void Clear()
    {
        _length = 0;
        _high = '\0';
    }

    /// <summary>The text since <see cref="Clear"/>.</summary>
    public byte[] ToBytes()
    {
        FlushHalf();
        return _buffer.AsSpan(0, _length).ToArray();
    }

    /// <inheritdoc cref="ToBytes"/>
    public string ToText()
    {
        FlushHalf();
        return Encoding.UTF8.GetString(_buffer, 0, _length);
    }

    /// <inheritdoc/>
    public void Write(string text, int offset, int count)
    {
        ReadOnlySpan<char> chars = text.AsSpan(offset, count);
        if (chars.IsEmpty)
        {
            return;
        }

        // A pair of surrogates may come in two calls.
        if (_high != '\0' && char.IsLowSurrogate(chars[0]))
        {
            ReadOnlySpan<char> pair = [_high, chars[0]];
            _high = '\0';
            Encode(pair);
            chars = chars[1..];
        }
        else
        {
            FlushHalf();
        }

        if (!chars.IsEmpty && char.IsHighSurrogate(chars[^1]))
        {
            _high = chars[^1];
            chars = chars[..^1];
        }

        Encode(chars);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(string text, int offset, int count, CancellationToken cancellationToken)
    {
        Write(text, offset, count);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void FlushHalf()
    {
        if (_high != '\0')
        {
            ReadOnlySpan<char> half = [_high];
            _high = '\0';
            Encode(half);
        }
    }

    private void Encode(ReadOnlySpan<char> chars)
    {
        int bytes = Encoding.UTF8.GetByteCount(chars);
        if (bytes > Limit - _length)
        {
            throw new TemplateLimitException(Limit);
        }

        if (_length + bytes > _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + bytes));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _length += Encoding.UTF8.GetBytes(chars, _buffer.AsSpan(_length));
    }
}

/// <summary>A template wrote more than it may.</summary>
internal sealed class TemplateLimitException(int limit) : Exception($"the text is longer than {limit} bytes");
