using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>One call of a function: its arguments, evaluated when asked for.</summary>
internal sealed class FunctionCall(Evaluation evaluation, Term.Call call, Func<int, SourcePosition> map)
{
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = Expression.MaxDepth, AllowDuplicateProperties = false };

    private SourcePosition Position => map(call.At);

    /// <summary>The value of the call.</summary>
    public JsonNode? Run() => call.Name switch
    {
        "contains" => JsonValue.Create(Contains(Argument(0), Argument(1))),
        "startsWith" => JsonValue.Create(Text(0).StartsWith(Text(1), StringComparison.Ordinal)),
        "endsWith" => JsonValue.Create(Text(0).EndsWith(Text(1), StringComparison.Ordinal)),
        "format" => Format(Text(0)),
        "join" => Join(Argument(0), call.Arguments.Count > 1 ? Text(1) : ","),
        "toJSON" => ToJson(Argument(0)),
        "fromJSON" => FromJson(Text(0)),
        "length" => JsonValue.Create(Length(Argument(0))),
        "success" => JsonValue.Create(evaluation.Needs == NeedsStatus.Success),
        "failure" => JsonValue.Create(evaluation.Needs == NeedsStatus.Failure),
        "cancelled" => JsonValue.Create(evaluation.Needs == NeedsStatus.Cancelled),
        "always" => JsonValue.Create(true),
        _ => throw Evaluation.Failure(Position, $"there is no function '{call.Name}'."),
    };

    private JsonNode? Argument(int index) => evaluation.Evaluate(call.Arguments[index], map);

    private string Text(int index)
    {
        string text = AsText(Argument(index));
        evaluation.Spend(1 + (text.Length / 64), call, map);
        return text;
    }

    private string AsText(JsonNode? value) =>
        Values.TextOrNull(value) ?? throw Evaluation.Failure(Position, $"{call.Name} needs a text, not a list or a mapping; toJSON and join make one.");

    private bool Contains(JsonNode? search, JsonNode? item)
    {
        if (search is not JsonArray list)
        {
            return AsText(search).Contains(AsText(item), StringComparison.Ordinal);
        }

        evaluation.Spend(list.Count, call, map);
        return list.Any(element => Values.AreEqual(element, item));
    }

    private JsonValue Format(string pattern)
    {
        StringBuilder text = new();
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c is '{' or '}' && i + 1 < pattern.Length && pattern[i + 1] == c)
            {
                text.Append(c);
                i++;
            }
            else if (c == '{')
            {
                int close = pattern.IndexOf('}', i);
                string number = close < 0 ? "" : pattern[(i + 1)..close];
                if (number.Length is 0 or > 2 || !number.All(char.IsAsciiDigit) || int.Parse(number, null) + 1 >= call.Arguments.Count)
                {
                    throw Evaluation.Failure(Position, $"format has no value for the place at character {i + 1} of its pattern; a brace alone is written '{{{{'.");
                }

                text.Append(Text(int.Parse(number, null) + 1));
                i = close;
            }
            else if (c == '}')
            {
                throw Evaluation.Failure(Position, $"format finds a single '}}' at character {i + 1} of its pattern; write '}}}}'.");
            }
            else
            {
                text.Append(c);
            }

            Evaluation.CheckText(text.Length, Position);
        }

        return JsonValue.Create(text.ToString());
    }

    private JsonValue Join(JsonNode? value, string separator)
    {
        if (value is not JsonArray list)
        {
            return JsonValue.Create(AsText(value));
        }

        StringBuilder text = new();
        for (int i = 0; i < list.Count; i++)
        {
            evaluation.Spend(1, call, map);
            text.Append(i == 0 ? "" : separator).Append(AsText(list[i]));
            Evaluation.CheckText(text.Length, Position);
        }

        return JsonValue.Create(text.ToString());
    }

    private JsonValue ToJson(JsonNode? value)
    {
        string text = evaluation.Detach(value, Position)?.ToJsonString(Values.Indented) ?? "null";
        Evaluation.CheckText(text.Length, Position);
        return JsonValue.Create(text);
    }

    private JsonNode? FromJson(string text)
    {
        try
        {
            return JsonNode.Parse(text, nodeOptions: null, Json);
        }
        catch (JsonException)
        {
            throw Evaluation.Failure(Position, "fromJSON was given a text that is not JSON, repeats a name or is nested deeper than 64 levels.");
        }
    }

    private static int Length(JsonNode? value) => value switch
    {
        null => 0,
        JsonArray list => list.Count,
        JsonObject members => members.Count,
        _ => Values.TextOrNull(value)?.Length ?? 0,
    };
}
