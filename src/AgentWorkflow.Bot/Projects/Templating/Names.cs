namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>Finds what was probably meant.</summary>
internal static class Names
{
    /// <summary>The candidate with the fewest edits, or null when none is near.</summary>
    public static string? Nearest(string text, IEnumerable<string> candidates)
    {
        if (text.Length > 100)
        {
            return null;
        }

        (string? best, int distance) = candidates
            .Where(c => c.Length <= 100)
            .Select(c => ((string?)c, Edits(text, c)))
            .OrderBy(c => c.Item2)
            .ThenBy(c => c.Item1, StringComparer.Ordinal)
            .FirstOrDefault((null, int.MaxValue));
        return distance <= Math.Max(2, text.Length / 3) ? best : null;
    }

    private static int Edits(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + cost));
            }
        }

        return row[^1];
    }
}
