using System.Text;
using System.Text.Unicode;

namespace AgentWorkflow.Engine.Definition.Yaml;

/// <summary>A file's text, checked before anything looks at its structure.</summary>
internal sealed class SourceText
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly List<int> _lineStarts = [0];

    private SourceText(string text)
    {
        Text = text;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                _lineStarts.Add(i + 1);
            }
        }
    }

    /// <summary>The text without a byte order mark.</summary>
    public string Text { get; }

    /// <summary>The number of lines, from 1.</summary>
    public int LineCount => _lineStarts.Count;

    /// <summary>Decodes a file, or says what stands in the way.</summary>
    public static SourceText? Read(ReadOnlyMemory<byte> content, DiagnosticBag diagnostics)
    {
        ReadOnlySpan<byte> bytes = content.Span;
        if (bytes.Length > MaxBytes)
        {
            // Decoding what fits finds the line and column of the first byte too many.
            SourceText head = new(Encoding.UTF8.GetString(bytes[..MaxBytes]));
            diagnostics.Error(head.PositionOf(head.Text.Length), Codes.TooLarge, "the file is larger than 1 MiB (1,048,576 bytes); split it or move long texts into files.");
            return null;
        }

        if (LooksLikeUtf16Or32(bytes))
        {
            diagnostics.Error(new SourcePosition(1, 1), Codes.NotUtf8, "the file is UTF-16 or UTF-32; save it as UTF-8.");
            return null;
        }

        bytes = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        if (FirstBadByte(bytes) is int bad)
        {
            SourceText head = new(Encoding.UTF8.GetString(bytes[..bad]));
            diagnostics.Error(head.PositionOf(head.Text.Length), Codes.NotUtf8, $"the byte 0x{bytes[bad]:x2} is not UTF-8; save the file as UTF-8.");
            return null;
        }

        SourceText source = new(Strict.GetString(bytes));
        return source.CheckCharacters(diagnostics) ? source : null;
    }

    /// <summary>The index of the first character of a line, from 1.</summary>
    public int IndexOf(int line) => _lineStarts[line - 1];

    /// <summary>The text of a line, from 1, without its break.</summary>
    public string Line(int number)
    {
        int start = _lineStarts[number - 1];
        int end = number < _lineStarts.Count ? _lineStarts[number] : Text.Length;
        return Text[start..end].TrimEnd('\r', '\n');
    }

    /// <summary>The line and column of a character.</summary>
    public SourcePosition PositionOf(int index)
    {
        int line = _lineStarts.BinarySearch(index);
        line = line >= 0 ? line : ~line - 1;
        return new SourcePosition(line + 1, index - _lineStarts[line] + 1);
    }

    /// <summary>A position that is surely inside the file.</summary>
    public SourcePosition Clamp(long line, long column)
    {
        int safeLine = (int)Math.Clamp(line, 1, _lineStarts.Count);
        return new SourcePosition(safeLine, (int)Math.Clamp(column, 1, Line(safeLine).Length + 1));
    }

    private static bool LooksLikeUtf16Or32(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 2
        && ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff)
            || (bytes[0] == 0 && bytes[1] != 0) || (bytes[0] != 0 && bytes[1] == 0) || (bytes.Length >= 4 && bytes[0] == 0 && bytes[1] == 0));

    private static int? FirstBadByte(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return null;
        }

        int at = 0;
        while (at < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out int used) != System.Buffers.OperationStatus.Done)
            {
                return at;
            }

            at += used;
        }

        return null;
    }

    private bool CheckCharacters(DiagnosticBag diagnostics)
    {
        int found = 0;
        for (int i = 0; i < Text.Length && found <= DiagnosticBag.Limit; i++)
        {
            if (WhyForbidden(Text[i]) is string why)
            {
                found++;
                diagnostics.Error(PositionOf(i), Codes.ForbiddenCharacter, $"the character U+{(int)Text[i]:X4} ({why}) must not stand in a file; in a double-quoted text write \\u{(int)Text[i]:x4}.");
            }
        }

        return found == 0;
    }

    private static string? WhyForbidden(char c) => c switch
    {
        '\t' or '\n' or '\r' => null,
        '\0' => "NUL",
        '\u0085' or '\u2028' or '\u2029' => "a line break that editors do not show",
        < ' ' or (>= '\u007f' and <= '\u009f') => "a control character",
        (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => "changes the direction of text, so that it reads otherwise than it runs",
        '\ufeff' => "a byte order mark inside of the text",
        '\ufffe' or '\uffff' => "not a character",
        _ => null,
    };
}
