using System.Diagnostics.CodeAnalysis;

namespace AgentWorkflow.Engine.Identity;

/// <summary>
/// A pattern of paths: <c>*</c> and <c>?</c> within a part, <c>**</c> as a whole part for any number of parts, also none.
/// <c>folder/</c> means everything below it. Case matters; a leading dot is nothing special.
/// </summary>
public sealed class PathGlob : IEquatable<PathGlob>
{
    private const int MaxLength = 1024;
    private readonly string[] _parts;

    private PathGlob(string text, string[] parts)
    {
        Text = text;
        _parts = parts;
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>True when the pattern is one path and nothing else.</summary>
    public bool IsLiteral => Text.IndexOfAny(['*', '?']) < 0 && !Text.EndsWith('/');

    /// <summary>Reads a pattern, or says without a full stop what is wrong with it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PathGlob? glob, [NotNullWhen(false)] out string? refusal)
    {
        glob = null;
        string[] parts = (text ?? "").Split('/');
        if (parts is [.., ""])
        {
            parts[^1] = "**";
        }

        refusal = string.IsNullOrEmpty(text) ? "the pattern is empty"
            : text.Length > MaxLength ? $"the pattern has more than {MaxLength} characters"
            : text.Contains('\\', StringComparison.Ordinal) ? "parts are separated by '/', not by a backslash"
            : text.StartsWith('/') || parts.Any(p => p.Length == 0) ? "patterns are relative, with one '/' between parts"
            : parts.Any(p => p is "." or "..") ? "a part is '.' or '..'"
            : parts.Any(p => p != "**" && p.Contains("**", StringComparison.Ordinal)) ? "'**' stands for whole parts, as in 'src/**/*.cs'"
            : null;
        if (refusal is not null || text is null)
        {
            refusal ??= "the pattern is empty";
            return false;
        }

        glob = new PathGlob(text, parts);
        return true;
    }

    /// <summary>Reads a pattern of our own code.</summary>
    /// <exception cref="FormatException">It is wrong: a bug.</exception>
    public static PathGlob Parse(string text) => TryParse(text, out PathGlob? glob, out string? refusal) ? glob : throw new FormatException($"'{text}': {refusal}.");

    /// <summary>Finds out whether the path fits.</summary>
    public bool Matches(RepoPath path) => Matches(path.Value);

    /// <summary>Finds out whether a path's text fits.</summary>
    public bool Matches(string path) => Fits(_parts, path.Split('/'), (pattern, part) => Fits(pattern, part));

    /// <summary>Finds out whether some path fits both patterns.</summary>
    public bool Overlaps(PathGlob other)
    {
        // Both may skip parts with '**', so each walks beside the other.
        var known = new Dictionary<(int, int), bool>();
        return Walk(0, 0);

        bool Walk(int i, int j)
        {
            if (known.TryGetValue((i, j), out bool answer))
            {
                return answer;
            }

            bool here = i < _parts.Length, there = j < other._parts.Length;
            answer = !here && !there;
            if (here && _parts[i] == "**")
            {
                answer = Walk(i + 1, j) || (there && Walk(i, j + 1));
            }
            else if (there && other._parts[j] == "**")
            {
                answer = Walk(i, j + 1) || (here && Walk(i + 1, j));
            }
            else if (here && there)
            {
                answer = Meet(_parts[i], other._parts[j]) && Walk(i + 1, j + 1);
            }

            return known[(i, j)] = answer;
        }
    }

    /// <inheritdoc/>
    public bool Equals(PathGlob? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PathGlob);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    // Greedy with one place to come back to: time is at most the product of the lengths.
    private static bool Fits(string[] pattern, string[] path, Func<string, string, bool> fits)
    {
        int p = 0, i = 0, star = -1, resume = 0;
        while (i < path.Length)
        {
            if (p < pattern.Length && pattern[p] == "**")
            {
                star = p++;
                resume = i;
            }
            else if (p < pattern.Length && fits(pattern[p], path[i]))
            {
                p++;
                i++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                i = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).IndexOfAnyExcept("**") < 0;
    }

    private static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> part)
    {
        int p = 0, i = 0, star = -1, resume = 0;
        while (i < part.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = i;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == part[i]))
            {
                p++;
                i++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                i = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }

    private static bool Meet(string a, string b)
    {
        // reachable[j]: the first i characters of a and the first j of b can stand for the same text.
        bool[] reachable = new bool[b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            bool[] next = new bool[b.Length + 1];
            for (int j = 0; j <= b.Length; j++)
            {
                bool above = i > 0 && reachable[j], left = j > 0 && next[j - 1], diagonal = i > 0 && j > 0 && reachable[j - 1];
                next[j] = (i == 0 && j == 0)
                    || (i > 0 && a[i - 1] == '*' && (above || left))
                    || (j > 0 && b[j - 1] == '*' && (above || left))
                    || (diagonal && (a[i - 1] == b[j - 1] || a[i - 1] is '?' or '*' || b[j - 1] is '?' or '*'));
            }

            reachable = next;
        }

        return reachable[b.Length];
    }
}
