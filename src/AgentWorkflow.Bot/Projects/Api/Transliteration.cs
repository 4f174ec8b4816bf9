using System.Text;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>
/// Letters of the Latin, Greek and Cyrillic scripts in ASCII; every other character becomes a separator.
/// Own tables, because what the platform normalises depends on the machine's ICU.
/// </summary>
internal static class Transliteration
{
    // Each row: the ASCII letters, then the characters that become them.
    private static readonly (string Ascii, string From)[] Rows =
    [
        ("A", "ÀÁÂÃÅĀĂĄΑΆА"), ("a", "àáâãåāăąαάаª"), ("Ae", "ÄÆ"), ("ae", "äæ"), ("B", "ΒБ"), ("b", "βб"),
        ("C", "ÇĆĈĊČ"), ("c", "çćĉċč"), ("D", "ÐĎĐΔД"), ("d", "ðďđδд"), ("E", "ÈÉÊËĒĔĖĘĚΕΈЕЭ"), ("e", "èéêëēĕėęěεέеэ"),
        ("F", "ΦФ"), ("f", "φфƒ"), ("G", "ĜĞĠĢΓГҐ"), ("g", "ĝğġģγгґ"), ("H", "ĤĦΗΉХ"), ("h", "ĥħηήх"),
        ("I", "ÌÍÎÏĨĪĬĮİΙΊИІ"), ("i", "ìíîïĩīĭįıιίиі"), ("J", "ĴЙ"), ("j", "ĵй"), ("K", "ĶΚК"), ("k", "ķκкĸ"),
        ("L", "ĹĻĽĿŁΛЛ"), ("l", "ĺļľŀłλл"), ("M", "ΜМ"), ("m", "μмµ"), ("N", "ÑŃŅŇΝН"), ("n", "ñńņňνнŉ"),
        ("O", "ÒÓÔÕØŌŎŐΟΌΩΏО"), ("o", "òóôõøōŏőοόωώоº"), ("Oe", "ÖŒ"), ("oe", "öœ"), ("P", "ΠП"), ("p", "πп"),
        ("R", "ŔŖŘΡР"), ("r", "ŕŗřρр"), ("S", "ŚŜŞŠȘΣС"), ("s", "śŝşšșσςс"), ("ss", "ß"), ("T", "ŢŤŦȚΤТ"), ("t", "ţťŧțτт"),
        ("Th", "ÞΘ"), ("th", "þθ"), ("U", "ÙÚÛŨŪŬŮŰŲУ"), ("u", "ùúûũūŭůűųу"), ("Ue", "Ü"), ("ue", "ü"), ("V", "В"), ("v", "в"),
        ("W", "Ŵ"), ("w", "ŵ"), ("X", "Ξ"), ("x", "ξ"), ("Y", "ÝŶŸΥΎЫ"), ("y", "ýÿŷυύы"), ("Z", "ŹŻŽΖЗ"), ("z", "źżžζз"),
        ("Ch", "ΧЧ"), ("ch", "χч"), ("Ps", "Ψ"), ("ps", "ψ"), ("Yo", "Ё"), ("yo", "ё"), ("Zh", "Ж"), ("zh", "ж"), ("Ts", "Ц"), ("ts", "ц"),
        ("Sh", "Ш"), ("sh", "ш"), ("Shch", "Щ"), ("shch", "щ"), ("Yu", "Ю"), ("yu", "ю"), ("Ya", "Я"), ("ya", "я"), ("Yi", "Ї"), ("yi", "ї"),
        ("Ye", "Є"), ("ye", "є"), (string.Empty, "ЪЬъь'’´`"),
    ];

    private static readonly Dictionary<char, string> Table =
        Rows.SelectMany(row => row.From, (row, from) => (row.Ascii, from)).ToDictionary(pair => pair.from, pair => pair.Ascii);

    /// <summary>The text in printable ASCII.</summary>
    public static string ToAscii(string text)
    {
        var ascii = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (Table.TryGetValue(c, out var letters))
            {
                ascii.Append(letters);
            }
            else if (!IsCombiningMark(c))
            {
                ascii.Append(c is >= ' ' and <= '~' ? c : ' ');
            }
        }

        return ascii.ToString();
    }

    // A letter in decomposed form keeps its letter; invisible joiners do not split a word.
    private static bool IsCombiningMark(char c) => c is (>= '\u0300' and <= '\u036F') or (>= '\u200B' and <= '\u200F') or '\u00AD' or '\uFEFF' or (>= '\uFE00' and <= '\uFE0F');
}
