using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>An expression as it was read, with the map from its characters to the file.</summary>
internal sealed class ParsedExpression(string text, Term term, Func<int, SourcePosition> map) : Expression
{
    /// <inheritdoc/>
    public override string Text => text;

    /// <inheritdoc/>
    public override bool AsksStatus { get; } =
        term.All().Any(t => t is Term.Call call && Functions.ByName.TryGetValue(call.Name, out Function? function) && function.OnlyInIf);

    /// <summary>The syntax tree.</summary>
    public Term Term => term;

    /// <summary>The place of a term in the file.</summary>
    public SourcePosition PositionOf(Term part) => map(part.At);

    /// <inheritdoc/>
    public override JsonNode? Evaluate(ExpressionContext context)
    {
        Evaluation evaluation = new(context);
        try
        {
            return evaluation.Detach(Peek(evaluation), map(term.At));
        }
        catch (ArgumentException)
        {
            throw Evaluation.RepeatedName(map(term.At));
        }
    }

    /// <summary>Evaluates without making a copy.</summary>
    public JsonNode? Peek(Evaluation evaluation) => evaluation.Evaluate(term, map);

    /// <inheritdoc/>
    public override string ToString() => TermPrinter.Print(term);
}

/// <summary>A value that is written out where an expression could stand: a list after <c>for-each</c>, a truth value after <c>if</c>.</summary>
internal sealed class TemplateExpression(string text, Template template) : Expression
{
    /// <inheritdoc/>
    public override string Text => text;

    /// <inheritdoc/>
    public override bool AsksStatus => false;

    /// <summary>The value.</summary>
    public Template Template => template;

    /// <inheritdoc/>
    public override JsonNode? Evaluate(ExpressionContext context) => template.Evaluate(context);
}
