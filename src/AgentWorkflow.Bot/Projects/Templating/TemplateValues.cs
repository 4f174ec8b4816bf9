using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

using Scriban.Runtime;

namespace AgentWorkflow.Bot.Projects.Templating;

/// <summary>Turns a JSON model into what Scriban reads. Templates cannot change it, because all files of a rendering share it.</summary>
internal static class TemplateValues
{
    /// <summary>Converts a value; depth is bounded by the JSON reader.</summary>
    public static object? FromJson(JsonNode? node) => node switch
    {
        null => null,
        JsonObject map => FromObject(map),
        JsonArray list => new FixedList(list.Select(FromJson)),
        _ => FromValue(node.AsValue()),
    };

    private static ScriptObject FromObject(JsonObject map)
    {
        var result = new ScriptObject(map.Count, autoImportStaticsFromThisType: false);
        foreach ((string name, JsonNode? value) in map)
        {
            result[name] = FromJson(value);
        }

        result.IsReadOnly = true;
        return result;
    }

    private static object? FromValue(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => FromNumber(value),
        _ => null,
    };

    private static object FromNumber(JsonValue value)
    {
        string text = value.ToJsonString();
        return int.TryParse(text, out int small) ? small
            : long.TryParse(text, out long whole) ? whole
            : decimal.TryParse(text, System.Globalization.NumberStyles.Float, null, out decimal exact) ? exact
            : double.Parse(text);
    }

    /// <summary>Scriban's own list takes assignments to its elements although it is read-only; it makes them through this interface.</summary>
    private sealed class FixedList : ScriptArray, IList
    {
        public FixedList(IEnumerable<object?> values)
            : base(values) => IsReadOnly = true;

        object? IList.this[int index]
        {
            get => this[index];
            set => throw new InvalidOperationException("The list is readonly");
        }

        int IList.Add(object? value) => throw new InvalidOperationException("The list is readonly");
    }
}
