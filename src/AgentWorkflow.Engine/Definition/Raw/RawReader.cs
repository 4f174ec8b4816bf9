using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;

using AgentWorkflow.Engine.Definition.Yaml;

namespace AgentWorkflow.Engine.Definition.Raw;

/// <summary>Reads nodes into raw records and reports all that does not fit; what was reported is null afterwards.</summary>
internal sealed partial class RawReader(DiagnosticBag diagnostics)
{
    /// <summary>Reads a record.</summary>
    public T? Read<T>(Node node)
        where T : RawRecord => (T?)ReadRecord(RawShape.Of(typeof(T)), node, "a workflow");

    private object? ReadRecord(RawShape shape, Node node, string where)
    {
        if (node is ScalarNode { IsNull: false } && shape.Shorthand is { } shorthand)
        {
            SourcePosition at = node.Position;
            node = new MapNode(at, [new MapEntry(new ScalarNode(at, shorthand, default, 0, 0), node)]);
        }

        if (node is not MapNode map)
        {
            return WrongType(node, where, "a mapping");
        }

        RawRecord record = (RawRecord)(Activator.CreateInstance(shape.Type) ?? throw new InvalidOperationException($"{shape.Type} has no constructor."));
        record.Position = map.Position;
        foreach (MapEntry entry in map.Entries)
        {
            if (shape.Keys.FirstOrDefault(k => k.Name == entry.Key.Text) is { } key)
            {
                key.Property.SetValue(record, ReadKey(key, entry.Value));
            }
            else
            {
                diagnostics.Error(
                    entry.Key.Position, Codes.UnknownKey, $"{where} has no key '{Short(entry.Key.Text)}'.", NearestName.Of(entry.Key.Text, shape.Keys.Select(k => k.Name)));
            }
        }

        foreach (RawKey missing in shape.Keys.Where(k => k.IsRequired && map.Find(k.Name) is null))
        {
            diagnostics.Error(map.Position, Codes.MissingKey, $"{where} needs the key '{missing.Name}': {Lower(missing.Description)}");
        }

        return record;
    }

    private object? ReadKey(RawKey key, Node node) => key.Kind switch
    {
        RawKind.List => ReadList(key, node),
        RawKind.Table => ReadTable(key, node),
        _ => ReadValue(key, key.Kind, key.Element, node),
    };

    private object? ReadList(RawKey key, Node node)
    {
        IReadOnlyList<Node>? items = node is ListNode list ? list.Items : key.OneOrMany && node is ScalarNode { IsNull: false } ? [node] : null;
        if (items is null)
        {
            return WrongType(node, $"'{key.Name}'", "a list");
        }

        if (key.Count is var (least, most) && (items.Count < least || items.Count > most))
        {
            diagnostics.Error(node.Position, Codes.OutOfRange, $"'{key.Name}' has {Count(items.Count, "element")}; {(least == most ? $"it has {least}" : $"between {least} and {most} are allowed")}.");
        }

        Type element = key.Element ?? typeof(object);
        IList values = (IList)(Activator.CreateInstance(typeof(List<>).MakeGenericType(element)) ?? throw new InvalidOperationException("no list"));
        foreach (object? value in items.Select(item => ReadValue(key, key.ElementKind, element, item)))
        {
            if (value is not null)
            {
                values.Add(value);
            }
        }

        return Activator.CreateInstance(typeof(RawList<>).MakeGenericType(element), node.Position, values);
    }

    private object? ReadTable(RawKey key, Node node)
    {
        if (node is not MapNode map)
        {
            return WrongType(node, $"'{key.Name}'", "a mapping of names");
        }

        Type element = key.Element ?? typeof(object);
        Type pair = typeof(KeyValuePair<,>).MakeGenericType(typeof(Located<string>), element);
        IList entries = (IList)(Activator.CreateInstance(typeof(List<>).MakeGenericType(pair)) ?? throw new InvalidOperationException("no list"));
        foreach (MapEntry entry in map.Entries)
        {
            string name = entry.Key.Text;
            CheckName(key, name, entry.Key.Position);
            if (ReadRecord(RawShape.Of(element), entry.Value, $"'{key.Name}.{Short(name)}'") is { } value)
            {
                entries.Add(Activator.CreateInstance(pair, new Located<string>(name, entry.Key.Position), value));
            }
        }

        return Activator.CreateInstance(typeof(RawTable<>).MakeGenericType(element), map.Position, entries);
    }

    private object? ReadValue(RawKey key, RawKind kind, Type? element, Node node)
    {
        string where = $"'{key.Name}'";
        switch (kind)
        {
            case RawKind.Record:
                return ReadRecord(RawShape.Of(element ?? key.Property.PropertyType), node, key.Kind == RawKind.List ? $"an element of {where}" : where);
            case RawKind.Anything:
                return node is BrokenNode or ScalarNode { IsNull: true } ? WrongType(node, where, "a value") : node;
            case RawKind.Mapping:
                return node as MapNode ?? WrongType(node, where, "a mapping");
            case RawKind.Scalar:
                return node is ScalarNode { IsNull: false } ? node : WrongType(node, where, "a single value");
            default:
                return node is ScalarNode scalar ? ReadScalar(key, kind, scalar) : WrongType(node, where, Wanted(kind));
        }
    }

    private object? ReadScalar(RawKey key, RawKind kind, ScalarNode scalar)
    {
        string text = scalar.Text;
        SourcePosition at = scalar.Position;
        bool isNumber = PlainScalar.KindOf(scalar) == "a number";
        switch (kind)
        {
            case RawKind.Text when PlainScalar.KindOf(scalar) == "text":
                return CheckText(key, text, at) ? new Located<string>(text, at) : null;
            case RawKind.Truth when scalar.IsPlain && text is "true" or "false":
                return new Located<bool>(text == "true", at);
            case RawKind.Whole when isNumber && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole):
                return CheckRange(key, whole, at) ? new Located<long>(whole, at) : null;
            case RawKind.Number when isNumber && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number):
                return CheckRange(key, number, at) ? new Located<decimal>(number, at) : null;
            case RawKind.Duration when ReadDuration(text) is { } duration:
                return new Located<TimeSpan>(duration, at);
            case RawKind.Text when !scalar.IsNull:
                return WrongType(scalar, $"'{key.Name}'", "text (put quotes around it)");
            case RawKind.Truth when scalar.IsPlain && text.ToLowerInvariant() is "yes" or "on" or "y" or "true":
                return WrongType(scalar, $"'{key.Name}'", "true or false", "true");
            case RawKind.Truth when scalar.IsPlain && text.ToLowerInvariant() is "no" or "off" or "n" or "false":
                return WrongType(scalar, $"'{key.Name}'", "true or false", "false");
            default:
                return WrongType(scalar, $"'{key.Name}'", Wanted(kind));
        }
    }

    private bool CheckText(RawKey key, string text, SourcePosition at)
    {
        if (key.Allowed.Count > 0 && !key.Allowed.Contains(text))
        {
            diagnostics.Error(at, Codes.NotAllowed, $"'{key.Name}' is one of {string.Join(", ", key.Allowed)}, not '{Short(text)}'.", NearestName.Of(text, key.Allowed));
            return false;
        }

        if (text.Length > (key.MaxLength ?? int.MaxValue) || text.Length == 0)
        {
            diagnostics.Error(at, Codes.OutOfRange, text.Length == 0 ? $"'{key.Name}' is empty." : $"'{key.Name}' is {text.Length} characters long; {key.MaxLength} is the most.");
            return false;
        }

        return CheckName(key, text, at);
    }

    private bool CheckName(RawKey key, string text, SourcePosition at)
    {
        if (key.Pattern is not { } pattern || Regex.IsMatch(text, pattern.Replace("$", "\\z", StringComparison.Ordinal), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
        {
            return true;
        }

        diagnostics.Error(at, Codes.BadName, $"'{Short(text)}' is no name for '{key.Name}': {Names.InWords(pattern)}.", Names.Repair(text, pattern));
        return false;
    }

    private bool CheckRange(RawKey key, decimal number, SourcePosition at)
    {
        if (key.Range is not var (least, most) || (number >= least && number <= most))
        {
            return true;
        }

        diagnostics.Error(at, Codes.OutOfRange, FormattableString.Invariant($"'{key.Name}' is {number}; it lies between {least} and {most}."));
        return false;
    }

    private object? WrongType(Node node, string where, string wanted, string? suggestion = null)
    {
        if (node is not BrokenNode)
        {
            string found = node is ScalarNode { IsNull: false } scalar ? $"'{Short(scalar.Text)}'" : node.What;
            diagnostics.Error(node.Position, Codes.WrongType, $"{where} is {wanted}, not {found}.", suggestion);
        }

        return null;
    }

    private static TimeSpan? ReadDuration(string text)
    {
        Match match = Duration().Match(text);
        if (!match.Success || !int.TryParse(match.Groups["n"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return null;
        }

        long seconds = number * match.Groups["u"].Value switch { "m" => 60L, "h" => 3600L, _ => 1L };
        return seconds <= 86_400 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private static string Wanted(RawKind kind) => kind switch
    {
        RawKind.Text => "text",
        RawKind.Whole => "a whole number",
        RawKind.Number => "a number",
        RawKind.Truth => "true or false",
        RawKind.Duration => "a time of at most a day, as seconds or like 30s, 5m, 1h",
        _ => "a value",
    };

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Lower(string sentence) => sentence.Length == 0 ? sentence : char.ToLowerInvariant(sentence[0]) + sentence[1..];

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "...";

    [GeneratedRegex(@"\A(?<n>[0-9]{1,7})(?<u>s|m|h)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
