using System.Text;

namespace AgentWorkflow.Bot.Forges.Git;

/// <summary>What a server says of a push of one branch.</summary>
/// <param name="Unpacked">Null where it did not say; <c>ok</c>, or why it did not take the objects.</param>
/// <param name="IsMoved">True where the branch was set.</param>
/// <param name="Why">Why the branch was not set; null where nothing is said.</param>
/// <param name="Messages">What was printed for a person.</param>
internal sealed record PushReport(string? Unpacked, bool IsMoved, string? Why, string Messages)
{
    private const byte Data = 1;

    /// <summary>Reads an answer in side bands: the report, and beside it what a person would see.</summary>
    public static PushReport Read(ReadOnlyMemory<byte> answer)
    {
        using MemoryStream report = new();
        StringBuilder messages = new();
        foreach (ReadOnlyMemory<byte> line in PacketLines.Read(answer))
        {
            if (line.IsEmpty)
            {
                continue;
            }

            if (line.Span[0] == Data)
            {
                report.Write(line.Span[1..]);
            }
            else
            {
                messages.Append(Encoding.UTF8.GetString(line.Span[1..]));
            }
        }

        string[] lines = [.. PacketLines.Read(report.ToArray()).Select(l => Encoding.UTF8.GetString(l.Span).TrimEnd('\n'))];
        string? refused = lines.FirstOrDefault(l => l.StartsWith("ng ", StringComparison.Ordinal));
        return new PushReport(
            lines.FirstOrDefault(l => l.StartsWith("unpack ", StringComparison.Ordinal))?["unpack ".Length..],
            refused is null && lines.Any(l => l.StartsWith("ok ", StringComparison.Ordinal)),
            refused?.Split(' ', 3) is [_, _, var why] ? why : refused,
            messages.ToString());
    }
}
