namespace AgentWorkflow.Engine.Definition;

/// <summary>Finds the name that somebody probably meant.</summary>
public static class NearestName
{
    private const int LongestCompared = 64;

    /// <summary>The nearest of the names by edits (insert, delete, replace, swap), or null when none is near enough.</summary>
    public static string? Of(string written, IEnumerable<string> names)
    {
        if (written.Length is 0 or > LongestCompared)
        {
            return null;
        }

        string? best = null;
        int bestDistance = Math.Max(1, written.Length / 3) + 1;
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            if (name.Length <= LongestCompared && Math.Abs(name.Length - written.Length) < bestDistance)
            {
                int distance = Distance(Fold(written), Fold(name));
                (best, bestDistance) = distance < bestDistance ? (name, distance) : (best, bestDistance);
            }
        }

        return best;
    }

    // 'maxParallel', 'max_parallel' and 'max-parallel' are the same word to whoever typed them.
    private static string Fold(string name) => name.Replace('_', '-').ToLowerInvariant();

    private static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1];
        int[] last = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] row = new int[b.Length + 1];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replace, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last) = (last, row);
        }

        return last[b.Length];
    }
}
