using System.Text;

namespace AgentWorkflow.Bot.Guards;

/// <summary>
/// Text from outside without what a person cannot see: the groups of promise P63. Everything that a model reads and
/// everything we post goes through here, and the count is shown, because a hidden text is a message to somebody else.
/// </summary>
internal static class OutsideText
{
    private static readonly string[] Names = ["zero-width", "direction", "tag", "variation selector", "filler"];

    /// <summary>Removes invisible characters and counts them by group; half surrogate pairs become U+FFFD.</summary>
    public static CleanText Clean(string text)
    {
        var counts = new int[Names.Length];
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            int group = Group(rune.Value);
            if (group >= 0)
            {
                counts[group]++;
            }
            else
            {
                clean.Append(rune);
            }
        }

        return new CleanText(clean.ToString(), [.. Names.Zip(counts, (n, c) => new RemovedGroup(n, c)).Where(g => g.Count > 0)]);
    }

    private static int Group(int value) => value switch
    {
        0x00AD or 0x180E or 0xFEFF or (>= 0x200B and <= 0x200F) or (>= 0x2060 and <= 0x2064) => 0,
        (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => 1,
        >= 0xE0000 and <= 0xE007F => 2,
        (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) => 3,
        0x115F or 0x1160 or 0x3164 or 0xFFA0 => 4,
        _ => -1,
    };
}

/// <summary>Text without invisible characters.</summary>
/// <param name="Text">What is left.</param>
/// <param name="Removed">What was taken out, by group; empty when nothing was.</param>
internal sealed record CleanText(string Text, IReadOnlyList<RemovedGroup> Removed)
{
    /// <summary>How many characters were taken out.</summary>
    public int RemovedCount => Removed.Sum(g => g.Count);

    /// <summary>A sentence for people, or null when nothing was taken out.</summary>
    public string? Sentence => Removed.Count == 0
        ? null
        : $"{RemovedCount} invisible {(RemovedCount == 1 ? "character was" : "characters were")} removed ({string.Join(", ", Removed.Select(g => $"{g.Count} {g.Name}"))}).";
}

/// <summary>How many characters of one group were taken out.</summary>
internal sealed record RemovedGroup(string Name, int Count);
