using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>Prints a syntax tree as an expression that reads back as the same tree.</summary>
internal static class TermPrinter
{
    /// <summary>The text of an operator.</summary>
    public static string Symbol(Operator symbol) => symbol switch
    {
        Operator.Fallback => "??",
        Operator.Or => "||",
        Operator.And => "&&",
        Operator.Equal => "==",
        Operator.NotEqual => "!=",
        Operator.Less => "<",
        Operator.LessOrEqual => "<=",
        Operator.Greater => ">",
        _ => ">=",
    };

    /// <summary>Prints a term.</summary>
    public static string Print(Term term)
    {
        StringBuilder text = new();
        Print(term, text);
        return text.ToString();
    }

    private static void Print(Term term, StringBuilder text)
    {
        switch (term)
        {
            case Term.Literal literal:
                text.Append(Print(literal.Value));
                break;
            case Term.Root root:
                text.Append(root.Name);
                break;
            case Term.Member member:
                Print(member.Target, text);
                text.Append('.').Append(member.Name);
                break;
            case Term.Index index:
                Print(index.Target, text);
                text.Append('[');
                Print(index.Key, text);
                text.Append(']');
                break;
            case Term.Call call:
                text.Append(call.Name).Append('(');
                for (int i = 0; i < call.Arguments.Count; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    Print(call.Arguments[i], text);
                }

                text.Append(')');
                break;
            case Term.Not not:
                text.Append('!');
                Print(not.Operand, text);
                break;
            case Term.Binary binary:
                text.Append('(');
                Print(binary.Left, text);
                text.Append(' ').Append(Symbol(binary.Operator)).Append(' ');
                Print(binary.Right, text);
                text.Append(')');
                break;
        }
    }

    private static string Print(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => Values.Number(value).ToString("R", CultureInfo.InvariantCulture),
        JsonValueKind.String => $"'{value.GetValue<string>().Replace("'", "''")}'",
        _ => "null",
    };
}
