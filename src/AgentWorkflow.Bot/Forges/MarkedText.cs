using AgentWorkflow.Bot.Guards;

namespace AgentWorkflow.Bot.Forges;

/// <summary>Puts the hidden marker into a text that we post.</summary>
internal static class MarkedText
{
    private const string Left = "\n\n… the rest is longer than the forge takes.";

    /// <summary>The text with the marker at its end.</summary>
    /// <param name="body">The text; one that has the marker already stays as it is.</param>
    /// <param name="marker">The marker.</param>
    /// <param name="most">The most characters that the forge takes; the text is cut before the marker, never the marker.</param>
    public static string Of(string body, string marker, int most = int.MaxValue)
    {
        if (body.Contains(marker, StringComparison.Ordinal) && body.Length <= most)
        {
            return body;
        }

        string end = $"\n\n{marker}\n";
        string text = body.Replace(marker, "", StringComparison.Ordinal).TrimEnd();
        int room = most - end.Length;
        return (text.Length <= room ? text : ShortText.Start(text, room - Left.Length) + Left) + end;
    }

    /// <summary>True where two texts say the same: web pages store other line ends than we send.</summary>
    public static bool IsSame(string? said, string wanted) => said?.ReplaceLineEndings("\n").TrimEnd() == wanted.ReplaceLineEndings("\n").TrimEnd();
}
