using System.Text.Json;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>A parsed <c>${{ ... }}</c> expression. Evaluation is bounded and has no side effects.</summary>
public abstract class Expression
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaxLength = 8192;

    /// <summary>The deepest nesting.</summary>
    public const int MaxDepth = 64;

    /// <summary>The source text between the braces.</summary>
    public abstract string Text { get; }

    /// <summary>
    /// True when it calls <c>success</c>, <c>failure</c>, <c>always</c> or <c>cancelled</c>. A condition that does not is
    /// asked only after the needs succeeded.
    /// </summary>
    public abstract bool AsksStatus { get; }

    /// <summary>Evaluates to a typed value that belongs to nothing else; a member of null is null.</summary>
    /// <exception cref="ExpressionException">A limit was passed or types do not fit.</exception>
    public abstract JsonNode? Evaluate(ExpressionContext context);

    /// <summary>Truth: null, false, 0 and the empty text are false, all else is true.</summary>
    public static bool IsTrue(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False => false,
        JsonValueKind.Number => Values.Number(value) is not (0 or double.NaN),
        JsonValueKind.String => Values.TextOrNull(value) is not "",
        _ => true,
    };

    /// <summary>Reads an expression without its braces; positions count from line 1, column 1 of <paramref name="text"/>.</summary>
    /// <param name="text">The text between the braces.</param>
    /// <param name="expression">The expression, or null.</param>
    /// <param name="refusal">One sentence, or null.</param>
    public static bool TryParse(string text, out Expression? expression, out string? refusal)
    {
        ExpressionParse parse = ExpressionParser.ParseAll(text, at => new SourcePosition(1, at + 1));
        expression = parse.Expression;
        refusal = parse.Error?.Message;
        return expression is not null;
    }
}

/// <summary>A value from a workflow file in which expressions wait to be evaluated: scalars, lists and mappings keep their types.</summary>
public abstract class ValueTemplate
{
    /// <summary>Evaluates all expressions. A scalar that is one whole expression keeps the expression's type.</summary>
    /// <exception cref="ExpressionException">A limit was passed or types do not fit.</exception>
    public abstract JsonNode? Evaluate(ExpressionContext context);
}

/// <summary>The contexts an expression sees: <c>event</c>, <c>inputs</c>, <c>steps</c>, <c>item</c>, <c>run</c>, <c>repository</c>, <c>actor</c>.</summary>
/// <param name="Roots">By name; what a trigger lacks is null.</param>
public sealed record ExpressionContext(IReadOnlyDictionary<string, JsonNode?> Roots)
{
    /// <summary>What <c>success()</c>, <c>failure()</c> and <c>cancelled()</c> answer; only conditions ask.</summary>
    public NeedsStatus Needs { get; init; } = NeedsStatus.Success;
}

/// <summary>How the steps ended that a step waited for, all the way up.</summary>
public enum NeedsStatus
{
    /// <summary>All succeeded, or were allowed to fail.</summary>
    Success,

    /// <summary>At least one failed.</summary>
    Failure,

    /// <summary>The run is being cancelled.</summary>
    Cancelled,

    /// <summary>None failed, but at least one was skipped.</summary>
    Skipped,
}

/// <summary>An expression could not be evaluated. The message is one sentence.</summary>
public sealed class ExpressionException(string message, int line, int column) : Exception(message)
{
    /// <summary>The line in the workflow file, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>The column, from 1.</summary>
    public int Column { get; } = column;
}
