using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentWorkflow.Engine.Definition.Yaml;

/// <summary>
/// What an unquoted text is: null (<c>null</c>, <c>~</c>, nothing), <c>true</c>, <c>false</c>, a number as JSON writes it,
/// else text. Nothing else is ever guessed.
/// </summary>
internal static partial class PlainScalar
{
    /// <summary>What people call the value.</summary>
    public static string KindOf(ScalarNode node) =>
        !node.IsPlain ? "text"
        : node.IsNull ? "nothing"
        : node.Text is "true" or "false" ? "true or false"
        : JsonNumber().IsMatch(node.Text) ? "a number"
        : "text";

    /// <summary>The typed value. False when it is a number that cannot be kept.</summary>
    public static bool TryRead(ScalarNode node, out JsonNode? value)
    {
        value = null;
        if (node.IsNull)
        {
            return true;
        }

        if (node.IsPlain && (node.Text is "true" or "false"))
        {
            value = JsonValue.Create(node.Text == "true");
            return true;
        }

        if (!node.IsPlain || !JsonNumber().IsMatch(node.Text))
        {
            value = JsonValue.Create(node.Text);
            return true;
        }

        return TryNumber(node.Text, out value);
    }

    /// <summary>True for texts that another reader of YAML takes for something else.</summary>
    public static bool IsAmbiguous(ScalarNode node) => node.IsPlain && Confusing().IsMatch(node.Text);

    private static bool TryNumber(string text, out JsonNode? value)
    {
        value = null;
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') < 0)
        {
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            {
                value = JsonValue.Create(whole);
            }

            return value is not null;
        }

        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact) && text.Length <= 28)
        {
            value = JsonValue.Create(exact);
        }
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && double.IsFinite(real))
        {
            value = JsonValue.Create(real);
        }

        return value is not null;
    }

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex JsonNumber();

    [GeneratedRegex(
        @"\A(?:y|n|yes|no|on|off|(?-i:True|TRUE|False|FALSE|Null|NULL)|[-+]?\.(inf|nan)|[-+]?0[box][0-9a-f_]+|[-+]?0[0-9_]+|\+[0-9][0-9_.]*|[-+]?\.[0-9]+|[-+]?[0-9]+\.|[-+]?[0-9]+_[0-9_.]*|[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?)\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Confusing();
}
