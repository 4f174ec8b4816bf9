using System.Globalization;

namespace AgentWorkflow.Bot.Sandbox;

/// <summary>Drops terminal sequences, control characters and characters that reorder text, one character at a time.</summary>
internal sealed class TerminalText
{
    private const char Escape = '\u001b';
    private const char Bell = '\u0007';
    private const int LongestSequence = 256;
    private State _state;
    private int _length;

    private enum State
    {
        Text,
        Escaped,
        Control,
        Message,
        Terminator,
        OneMore,
    }

    /// <summary>A whole text without them; line breaks stay.</summary>
    public static string Strip(string text)
    {
        TerminalText plain = new();
        return string.Concat(text.Where(c => c == '\n' || plain.Keep(c)));
    }

    /// <summary>Ends a sequence that a line left open.</summary>
    public void EndLine() => _state = State.Text;

    /// <summary>True when the character is text. Line breaks are the caller's: they are not text.</summary>
    public bool Keep(char character)
    {
        // A sequence without an end must not swallow the rest of the output.
        if (_state != State.Text && ++_length > LongestSequence)
        {
            _state = State.Text;
        }

        switch (_state)
        {
            case State.Escaped:
                _state = After(character);
                return false;
            case State.Control:
                _state = character is >= '@' and <= '~' ? State.Text : State.Control;
                return false;
            case State.Message:
                _state = character switch { Bell or '\u009c' => State.Text, Escape => State.Terminator, _ => _state };
                return false;
            case State.Terminator:
                _state = character == '\\' ? State.Text : State.Message;
                return false;
            case State.OneMore:
                _state = State.Text;
                return false;
            default:
                return IsText(character);
        }
    }

    private static State After(char character) => character switch
    {
        '[' => State.Control,
        ']' or 'P' or 'X' or '^' or '_' => State.Message,
        >= ' ' and <= '/' => State.OneMore,
        Escape => State.Escaped,
        _ => State.Text,
    };

    private bool IsText(char character)
    {
        if (character is Escape or '\u009b' or '\u009d' or '\u0090')
        {
            _length = 0;
            _state = character switch { Escape => State.Escaped, '\u009b' => State.Control, _ => State.Message };
            return false;
        }

        return character == '\t'
            || (!char.IsControl(character)
                && CharUnicodeInfo.GetUnicodeCategory(character) is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));
    }
}
