using System.Text;
using System.Text.Json.Nodes;

using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>The closed set of templates. Each knows its place in the file.</summary>
internal abstract class Template(SourcePosition position) : ValueTemplate
{
    /// <summary>Where it begins.</summary>
    public SourcePosition Position => position;

    /// <summary>True where no expression is inside.</summary>
    public virtual bool IsConstant => Children.All(c => c.IsConstant);

    /// <summary>The templates directly below.</summary>
    public virtual IEnumerable<Template> Children => [];

    /// <summary>The expressions in this template itself.</summary>
    public virtual IEnumerable<ParsedExpression> OwnExpressions => [];

    /// <summary>All expressions, also those below.</summary>
    public IEnumerable<ParsedExpression> Expressions => OwnExpressions.Concat(Children.SelectMany(c => c.Expressions));

    /// <inheritdoc/>
    public sealed override JsonNode? Evaluate(ExpressionContext context)
    {
        try
        {
            return Evaluate(new Evaluation(context));
        }
        catch (ArgumentException)
        {
            throw Evaluation.RepeatedName(position);
        }
    }

    /// <summary>Evaluates within the budgets of one evaluation.</summary>
    public abstract JsonNode? Evaluate(Evaluation evaluation);

    /// <summary>A value without expressions.</summary>
    public sealed class Constant(SourcePosition position, JsonNode? value) : Template(position)
    {
        /// <summary>The value; it may belong to something.</summary>
        public JsonNode? Value => value;

        /// <inheritdoc/>
        public override JsonNode? Evaluate(Evaluation evaluation) => evaluation.Detach(value, Position);
    }

    /// <summary>A scalar that is one whole expression: its type is kept.</summary>
    public sealed class Whole(SourcePosition position, ParsedExpression expression) : Template(position)
    {
        /// <inheritdoc/>
        public override bool IsConstant => false;

        /// <summary>The expression.</summary>
        public ParsedExpression Expression => expression;

        /// <inheritdoc/>
        public override IEnumerable<ParsedExpression> OwnExpressions => [expression];

        /// <inheritdoc/>
        public override JsonNode? Evaluate(Evaluation evaluation) => evaluation.Detach(expression.Peek(evaluation), Position);
    }

    /// <summary>Text with expressions in it. A part is a text or an expression.</summary>
    public sealed class Mixed(SourcePosition position, IReadOnlyList<(string Text, ParsedExpression? Expression)> parts) : Template(position)
    {
        /// <inheritdoc/>
        public override bool IsConstant => false;

        /// <inheritdoc/>
        public override IEnumerable<ParsedExpression> OwnExpressions => parts.Select(p => p.Expression).OfType<ParsedExpression>();

        /// <inheritdoc/>
        public override JsonNode? Evaluate(Evaluation evaluation)
        {
            StringBuilder text = new();
            foreach ((string literal, ParsedExpression? expression) in parts)
            {
                text.Append(literal);
                if (expression is not null)
                {
                    SourcePosition place = expression.PositionOf(expression.Term);
                    text.Append(Values.TextOrNull(expression.Peek(evaluation))
                        ?? throw Evaluation.Failure(place, $"'{expression.Text}' is a list or a mapping and cannot stand inside of a text; toJSON or join make one."));
                }

                Evaluation.CheckText(text.Length, Position);
            }

            return evaluation.Detach(JsonValue.Create(text.ToString()), Position);
        }
    }

    /// <summary>A list.</summary>
    public sealed class Sequence(SourcePosition position, IReadOnlyList<Template> items) : Template(position)
    {
        /// <summary>The elements.</summary>
        public IReadOnlyList<Template> Items => items;

        /// <inheritdoc/>
        public override IEnumerable<Template> Children => items;

        /// <inheritdoc/>
        public override JsonNode? Evaluate(Evaluation evaluation) => new JsonArray([.. items.Select(i => i.Evaluate(evaluation))]);
    }

    /// <summary>A mapping.</summary>
    public sealed class Mapping(SourcePosition position, IReadOnlyList<TemplateEntry> entries) : Template(position)
    {
        /// <summary>The entries, each name once.</summary>
        public IReadOnlyList<TemplateEntry> Entries => entries;

        /// <inheritdoc/>
        public override IEnumerable<Template> Children => entries.Select(e => e.Value);

        /// <inheritdoc/>
        public override JsonNode? Evaluate(Evaluation evaluation)
        {
            JsonObject map = [];
            foreach (TemplateEntry entry in entries)
            {
                map[entry.Name] = entry.Value.Evaluate(evaluation);
            }

            return map;
        }
    }
}

/// <summary>An entry of a mapping.</summary>
internal sealed record TemplateEntry(string Name, SourcePosition Position, Template Value);
