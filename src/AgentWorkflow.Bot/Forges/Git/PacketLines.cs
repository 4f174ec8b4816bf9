using System.Globalization;
using System.Text;

namespace AgentWorkflow.Bot.Forges.Git;

/// <summary>Git's lines on the wire: four hexadecimal digits of length, which count themselves, then the bytes.</summary>
internal static class PacketLines
{
    private const int Head = 4;

    /// <summary>What ends a list of lines.</summary>
    public const string End = "0000";

    /// <summary>A line.</summary>
    public static byte[] Line(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return [.. Encoding.ASCII.GetBytes((bytes.Length + Head).ToString("x4", CultureInfo.InvariantCulture)), .. bytes];
    }

    /// <summary>The lines until the end of a list or of the bytes; what is no line ends them too.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length >= Head
            && int.TryParse(Encoding.ASCII.GetString(bytes.Span[..Head]), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int length)
            && length >= Head && length <= bytes.Length)
        {
            yield return bytes[Head..length];
            bytes = bytes[length..];
        }
    }
}
