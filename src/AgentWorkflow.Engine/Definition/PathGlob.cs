using System.Diagnostics.CodeAnalysis;
using System.IO.Enumeration;

namespace AgentWorkflow.Engine.Definition;

/// <summary>A pattern of repository paths: <c>*</c> and <c>?</c> inside of a part, <c>**</c> for any number of parts. Minds case.</summary>
public sealed record PathGlob
{
    /// <summary>The longest accepted text, in characters.</summary>
    public const int MaxLength = 500;

    private readonly string[] _parts;

    private PathGlob(string text)
    {
        Text = text;

        // `src/` means everything below src, and what ends in `**` means files: at least one more part.
        string whole = text.EndsWith('/') ? text + "**" : text;
        _parts = (whole.EndsWith("**", StringComparison.Ordinal) ? whole + "/*" : whole).Split('/');
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a pattern, or says why it is none.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PathGlob? glob, [NotNullWhen(false)] out string? refusal)
    {
        glob = null;
        refusal = string.IsNullOrEmpty(text) ? "the glob is empty"
            : text.Length > MaxLength ? $"the glob is longer than {MaxLength} characters"
            : text.Contains('\\') ? "a glob has '/' between its parts, not '\\'"
            : text.StartsWith('/') ? "a glob starts in the repository's root without a '/'"
            : text.Contains('!') || text.Contains('[') || text.Contains('{') ? "a glob knows only *, ** and ?"
            : text.TrimEnd('/').Split('/').Any(p => p is "" or "." or "..") ? "a part of the glob is empty, '.' or '..'"
            : text.Split('/').Any(p => p != "**" && p.Contains("**", StringComparison.Ordinal)) ? "'**' stands alone between slashes"
            : null;
        if (refusal is null && text is not null)
        {
            glob = new PathGlob(text);
        }

        return refusal is null;
    }

    /// <summary>True when the path matches.</summary>
    public bool IsMatch(string path)
    {
        // Asked for hundreds of globs a file, so without a table. Behind a `**` the first place that fits is as good as any later
        // one, so only the last of them is ever tried again: no pattern is slow here either.
        string[] parts = path.Split('/');
        (int at, int many, int from) = (0, -1, 0);
        for (int i = 0; i < parts.Length;)
        {
            if (at < _parts.Length && _parts[at] == "**")
            {
                (many, from) = (at++, i);
            }
            else if (at < _parts.Length && FileSystemName.MatchesSimpleExpression(_parts[at], parts[i], ignoreCase: false))
            {
                (at, i) = (at + 1, i + 1);
            }
            else if (many >= 0)
            {
                (at, i) = (many + 1, ++from);
            }
            else
            {
                return false;
            }
        }

        return _parts.AsSpan(at).TrimStart("**").IsEmpty;
    }

    /// <summary>True when some path matches both.</summary>
    public bool Overlaps(PathGlob other) => Meet(_parts, other._parts);

    /// <inheritdoc/>
    public bool Equals(PathGlob? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;

    // Whether two patterns have a path in common, part by part: a table instead of a search, so that no pattern is slow.
    private static bool Meet(string[] a, string[] b) =>
        Table(a.Length, b.Length, i => a[i] == "**", j => b[j] == "**", (i, j) =>
            Table(a[i].Length, b[j].Length, x => a[i][x] == '*', y => b[j][y] == '*', (x, y) =>
                a[i][x] == b[j][y] || a[i][x] == '?' || b[j][y] == '?'));

    private static bool Table(int rows, int columns, Func<int, bool> manyLeft, Func<int, bool> manyRight, Func<int, int, bool> one)
    {
        bool[] next = new bool[columns + 1];
        for (int i = rows; i >= 0; i--)
        {
            bool[] row = new bool[columns + 1];
            for (int j = columns; j >= 0; j--)
            {
                bool left = i < rows && manyLeft(i);
                bool right = j < columns && manyRight(j);
                row[j] = (i == rows && j == columns)
                    || (left && (next[j] || (j < columns && row[j + 1])))
                    || (right && (row[j + 1] || (i < rows && next[j])))
                    || (!left && !right && i < rows && j < columns && one(i, j) && next[j + 1]);
            }

            next = row;
        }

        return next[0];
    }
}
