using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>One evaluation with its budgets.</summary>
internal sealed class Evaluation(ExpressionContext context)
{
    /// <summary>The most terms and list elements that one value may visit.</summary>
    public const int MaxSteps = 200_000;

    /// <summary>The longest text that one value may build, in characters.</summary>
    public const int MaxText = 1024 * 1024;

    /// <summary>The most nodes and characters that one result may hold.</summary>
    public const long MaxResult = 16 * 1024 * 1024;

    /// <summary>The deepest nesting of a result: more than any file or answer has, less than a stack holds.</summary>
    public const int MaxResultDepth = 256;

    private long _steps;
    private long _result;

    /// <summary>What conditions ask.</summary>
    public NeedsStatus Needs => context.Needs;

    /// <summary>Evaluates a term. The value may belong to the context: never hand it out without <see cref="Detach"/>.</summary>
    public JsonNode? Evaluate(Term term, Func<int, SourcePosition> map)
    {
        Spend(1, term, map);
        return term switch
        {
            Term.Literal literal => literal.Value,
            Term.Root root => context.Roots.TryGetValue(root.Name, out JsonNode? value) ? value : null,
            Term.Member member => MemberOf(Evaluate(member.Target, map), member.Name),
            Term.Index index => ElementOf(Evaluate(index.Target, map), Evaluate(index.Key, map)),
            Term.Not not => JsonValue.Create(!Expression.IsTrue(Evaluate(not.Operand, map))),
            Term.Binary binary => Combine(binary, map),
            Term.Call call => new FunctionCall(this, call, map).Run(),
            _ => null,
        };
    }

    /// <summary>A copy that belongs to nothing, within the budget for results.</summary>
    public JsonNode? Detach(JsonNode? value, SourcePosition position)
    {
        Measure(value, position);
        return value?.DeepClone();
    }

    /// <summary>Counts work.</summary>
    public void Spend(long steps, Term term, Func<int, SourcePosition> map)
    {
        if ((_steps += steps) > MaxSteps)
        {
            throw Failure(map(term.At), "the expression does too much; work on a smaller list.");
        }
    }

    /// <summary>Counts text that is being built.</summary>
    public static void CheckText(long length, SourcePosition position)
    {
        if (length > MaxText)
        {
            throw Failure(position, $"the text grows over {MaxText} characters.");
        }
    }

    /// <summary>A failure with its place.</summary>
    public static ExpressionException Failure(SourcePosition position, string message) => new(message, position.Line, position.Column);

    /// <summary>JSON from outside may repeat a name; the library says so only when the mapping is first looked into.</summary>
    public static ExpressionException RepeatedName(SourcePosition position) => Failure(position, "a mapping in the value repeats a name.");

    private JsonNode? Combine(Term.Binary binary, Func<int, SourcePosition> map)
    {
        JsonNode? left = Evaluate(binary.Left, map);
        switch (binary.Operator)
        {
            case Operator.Fallback:
                return left ?? Evaluate(binary.Right, map);
            case Operator.Or:
                return Expression.IsTrue(left) ? left : Evaluate(binary.Right, map);
            case Operator.And:
                return Expression.IsTrue(left) ? Evaluate(binary.Right, map) : left;
        }

        JsonNode? right = Evaluate(binary.Right, map);
        return JsonValue.Create(binary.Operator switch
        {
            Operator.Equal => Values.AreEqual(left, right),
            Operator.NotEqual => !Values.AreEqual(left, right),
            Operator.Less => Values.Compare(left, right) < 0,
            Operator.LessOrEqual => Values.Compare(left, right) <= 0,
            Operator.Greater => Values.Compare(left, right) > 0,
            _ => Values.Compare(left, right) >= 0,
        });
    }

    private static JsonNode? MemberOf(JsonNode? target, string name) =>
        target is JsonObject map && map.TryGetPropertyValue(name, out JsonNode? value) ? value : null;

    private static JsonNode? ElementOf(JsonNode? target, JsonNode? key)
    {
        if (target is not JsonArray list)
        {
            return Values.TextOrNull(key) is string name ? MemberOf(target, name) : null;
        }

        double index = Values.KindOf(key) is JsonValueKind.Number ? Values.Number(key) : double.NaN;
        return index >= 0 && index < list.Count && index == Math.Truncate(index) ? list[(int)index] : null;
    }

    private void Measure(JsonNode? value, SourcePosition position)
    {
        Stack<(JsonNode? Node, int Depth)> open = new([(value, 0)]);
        while (open.TryPop(out (JsonNode? Node, int Depth) next))
        {
            (JsonNode? node, int depth) = next;
            _result += 1 + (Values.KindOf(node) == JsonValueKind.String ? Values.TextOrNull(node)?.Length ?? 0 : 0);
            if (depth > MaxResultDepth)
            {
                throw Failure(position, $"the value is nested deeper than {MaxResultDepth} levels.");
            }

            if (_result > MaxResult)
            {
                throw Failure(position, $"the value is larger than {(MaxResult / 1024 / 1024).ToString(CultureInfo.InvariantCulture)} Mi characters.");
            }

            foreach (JsonNode? child in node switch { JsonArray list => list, JsonObject map => map.Select(m => m.Value), _ => [] })
            {
                open.Push((child, depth + 1));
            }
        }
    }
}
