using System.Text.Json.Nodes;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>A parsed <c>${{ ... }}</c> expression. Evaluation is bounded and has no side effects.</summary>
public abstract class Expression
{
    /// <summary>The source text between the braces.</summary>
    public abstract string Text { get; }

    /// <summary>Evaluates to a typed value; a member of null is null.</summary>
    /// <exception cref="ExpressionException">A limit was passed or types do not fit.</exception>
    public abstract JsonNode? Evaluate(ExpressionContext context);
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
public sealed record ExpressionContext(IReadOnlyDictionary<string, JsonNode?> Roots);

/// <summary>An expression could not be evaluated. The message is one sentence.</summary>
public sealed class ExpressionException(string message, int line, int column) : Exception(message)
{
    /// <summary>The line in the workflow file, from 1.</summary>
    public int Line { get; } = line;

    /// <summary>The column, from 1.</summary>
    public int Column { get; } = column;
}
