using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentWorkflow.Engine.Identity;

/// <summary>The rules of promise P68. They give the same verdict on every system, so nothing here asks the system.</summary>
internal static class RepoPathRules
{
    /// <summary>The longest path in bytes of UTF-8.</summary>
    public const int MaxBytes = 4096;

    /// <summary>The longest part in bytes of UTF-8.</summary>
    public const int MaxPartBytes = 255;

    /// <summary>Characters that are drawn as a separator or a colon, and that some conversions make one of.</summary>
    public static SearchValues<char> LookAlikes { get; } = SearchValues.Create("\u2215\u2044\u29F8\u29F5\u2216\u2571\u2572\uA789\u2236");

    private static readonly HashSet<string> Devices = new(StringComparer.OrdinalIgnoreCase) { "CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$" };

    /// <summary>The rule that the path breaks, or null.</summary>
    public static string? Check(string? text) => CheckWhole(text) ?? text!.Split('/').Select(CheckPart).FirstOrDefault(r => r is not null) ?? CheckEncoded(text);

    /// <summary>The same for a path that a repository already has.</summary>
    public static string? CheckExisting(string? text) =>
        string.IsNullOrEmpty(text) ? "empty: there is no path"
        : text.Contains('\0', StringComparison.Ordinal) ? "control character: the path holds U+0000"
        : text.StartsWith('/') ? "absolute: the path starts with '/'"
        : text.Split('/').Any(p => p.Length == 0) ? "empty part: two '/' follow each other or one is at the end"
        : text.Split('/').Any(p => p is "." or "..") ? "traversal: a part is '.' or '..'"
        : text.Split('/').Any(IsGitFolder) ? "git folder: a part is read as '.git' by some system"
        : null;

    private static string? CheckWhole(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "empty: there is no path";
        }

        // Before anything that costs more: a path of a megabyte is only measured.
        if (text.Length > MaxBytes || Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            return $"path too long: more than {MaxBytes} bytes";
        }

        return text[0] == '/' ? "absolute: the path starts with '/'"
            : text.Contains('\\', StringComparison.Ordinal) ? "backslash: parts are separated by '/'"
            : CheckCharacters(text);
    }

    private static string? CheckCharacters(string text)
    {
        Rune before = default;
        for (int i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out Rune rune))
            {
                return "half character: a surrogate stands alone";
            }

            if (Refuse(rune, before) is { } refusal)
            {
                return refusal;
            }

            before = rune;
            i += rune.Utf16SequenceLength;
        }

        return UnicodeForms.IsComposed(text) ? null : "not NFC: the path has a shorter spelling of the same characters";
    }

    private static string? Refuse(Rune rune, Rune before)
    {
        if (rune.IsAscii)
        {
            return rune.Value < 0x20 || rune.Value == 0x7F ? $"control character: the path holds U+{rune.Value:X4}"
                : rune.Value == ':' ? "drive or stream: ':' has a meaning of its own on Windows"
                : rune.Value is '<' or '>' or '"' or '|' or '?' or '*' ? $"reserved character: Windows has no names with '{rune}'"
                : null;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control => $"control character: the path holds U+{rune.Value:X4}",
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => $"control character: U+{rune.Value:X4} breaks the line",
            UnicodeCategory.Format => $"invisible character: the path holds U+{rune.Value:X4}, which is not seen or turns the text around",
            UnicodeCategory.OtherNotAssigned => $"unassigned character: U+{rune.Value:X4} is not assigned",
            UnicodeCategory.PrivateUse => $"private character: U+{rune.Value:X4} means something else on each system",
            _ when IsFiller(rune.Value) => $"invisible character: the path holds U+{rune.Value:X4}",
            _ when rune.Value == 0xFE0F && Rune.GetUnicodeCategory(before) != UnicodeCategory.OtherSymbol => "invisible character: U+FE0F stands after no symbol",
            _ => null,
        };
    }

    // What Unicode calls default ignorable without calling it a format character.
    private static bool IsFiller(int value) =>
        value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164 or 0xFFA0
            or (>= 0xFE00 and <= 0xFE0E) or (>= 0xE0000 and <= 0xE0FFF);

    private static string? CheckEncoded(string text)
    {
        string wide = UnicodeForms.Compose(text, compatible: true);
        if (!string.Equals(wide, text, StringComparison.Ordinal) && Hides(wide, text.Count(c => c == '/')))
        {
            return "look-alike: a character is read as '.', '/', '\\' or ':' by some system";
        }

        if (text.AsSpan().ContainsAny(LookAlikes))
        {
            return "look-alike: a character is read as '.', '/', '\\' or ':' by some system";
        }

        return EncodedPath.Hides(text) ? "encoded traversal: decoded, the path leaves its place" : null;
    }

    private static bool Hides(string text, int separators) =>
        text.Contains('\\', StringComparison.Ordinal) || text.Contains(':', StringComparison.Ordinal)
        || text.Count(c => c == '/') != separators || text.Split('/').Any(p => CheckPart(p) is not null);

    private static string? CheckPart(string part)
    {
        return part.Length == 0 ? "empty part: two '/' follow each other or one is at the end"
            : part.StartsWith("..", StringComparison.Ordinal) || part == "." ? "traversal: a part is '.' or starts with '..'"
            : IsGitFolder(part) ? "git folder: a part is read as '.git' by some system"
            : part[^1] is '.' or ' ' ? "trailing dot or space: Windows drops it"
            : IsDevice(part) ? "device name: Windows keeps it for a device"
            : IsShortName(part) ? "short name: Windows may take it for another file"
            : Encoding.UTF8.GetByteCount(part) > MaxPartBytes ? $"part too long: more than {MaxPartBytes} bytes"
            : null;
    }

    private static bool IsGitFolder(string part)
    {
        string bare = Bare(part);
        return bare.Equals(".git", StringComparison.OrdinalIgnoreCase)
            || (bare.StartsWith("git~", StringComparison.OrdinalIgnoreCase) && bare.AsSpan(4).IndexOfAnyExceptInRange('0', '9') < 0);
    }

    // What is left of a name on systems that ignore characters, streams and dots at the end.
    private static string Bare(string part)
    {
        int stream = part.IndexOf(':', StringComparison.Ordinal);
        string name = stream < 0 ? part : part[..stream];
        return string.Concat(name.EnumerateRunes().Where(r => Rune.GetUnicodeCategory(r) is not (UnicodeCategory.Format or UnicodeCategory.Control)))
            .TrimEnd(' ', '.');
    }

    private static bool IsDevice(string part)
    {
        int dot = part.IndexOf('.', StringComparison.Ordinal);
        string name = (dot < 0 ? part : part[..dot]).TrimEnd(' ');
        return Devices.Contains(name)
            || (name.Length == 4 && (char.IsAsciiDigit(name[3]) || name[3] is '\u00B9' or '\u00B2' or '\u00B3')
                && (name.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || name.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)));
    }

    private static bool IsShortName(string part)
    {
        int dot = part.IndexOf('.', StringComparison.Ordinal);
        string stem = dot < 0 ? part : part[..dot];
        int tilde = stem.LastIndexOf('~');
        return tilde is > 0 and <= 6 && stem.Length is > 2 and <= 8 && tilde < stem.Length - 1
            && stem.AsSpan(tilde + 1).IndexOfAnyExceptInRange('0', '9') < 0
            && (dot < 0 || part.Length - dot <= 4);
    }
}
