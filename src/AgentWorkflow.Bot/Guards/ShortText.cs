namespace AgentWorkflow.Bot.Guards;

/// <summary>Text that has to fit. A character of two halves is never cut in two: half of one is no text, and forges refuse it.</summary>
internal static class ShortText
{
    /// <summary>The text where it fits, else its beginning with an ellipsis, both within the length.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most characters that come out; nothing comes out of 0.</param>
    public static string Of(string text, int most) =>
        text.Length <= most ? text : most <= 0 ? "" : $"{Start(text, most - 1).TrimEnd()}…";

    /// <summary>The text's beginning alone.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most characters that come out.</param>
    public static string Start(string text, int most) =>
        text.Length <= most ? text : most <= 0 ? "" : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
