using System.Text;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>Cuts the bytes of a command's streams into lines of plain text, and counts them.</summary>
internal sealed class OutputLines(long limit, Action<string> write)
{
    /// <summary>The longest line given on; what is longer goes on in the next one.</summary>
    public const int LongestLine = 4000;

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;

    /// <summary>Completes when more than the limit came.</summary>
    public Task Full => _full.Task;

    /// <summary>Reads a stream to its end. What comes after the limit is read and dropped.</summary>
    public async Task PumpAsync(Stream stream, CancellationToken cancellationToken)
    {
        Decoder decoder = new UTF8Encoding(false, false).GetDecoder();
        TerminalText plain = new();
        StringBuilder line = new();
        byte[] bytes = new byte[8192];
        char[] chars = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        int read;
        while ((read = await ReadAsync(stream, bytes, cancellationToken)) > 0)
        {
            if (Interlocked.Add(ref _bytes, read) > limit)
            {
                _full.TrySetResult();
                continue;
            }

            int count = decoder.GetChars(bytes, 0, read, chars, 0);
            foreach (char character in chars.AsSpan(0, count))
            {
                Take(character, plain, line);
            }
        }

        Flush(line);
    }

    private static async Task<int> ReadAsync(Stream stream, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(bytes, cancellationToken);
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException or OperationCanceledException)
        {
            return 0;
        }
    }

    private void Take(char character, TerminalText plain, StringBuilder line)
    {
        if (character == '\n')
        {
            plain.EndLine();
            Write(line);
        }
        else if (plain.Keep(character))
        {
            line.Append(character);
            if (line.Length == LongestLine)
            {
                Write(line);
            }
        }
    }

    private void Flush(StringBuilder line)
    {
        if (line.Length > 0)
        {
            Write(line);
        }
    }

    private void Write(StringBuilder line)
    {
        lock (_lock)
        {
            write(line.ToString());
        }

        line.Clear();
    }
}
