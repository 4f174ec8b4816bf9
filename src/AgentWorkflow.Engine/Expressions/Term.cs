using System.Text.Json.Nodes;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>A node of an expression's syntax tree.</summary>
/// <param name="At">Where it begins, in characters from the start of the scalar's value.</param>
internal abstract record Term(int At)
{
    /// <summary>A value that is written out.</summary>
    public sealed record Literal(int At, JsonNode? Value) : Term(At);

    /// <summary>A context.</summary>
    public sealed record Root(int At, string Name) : Term(At);

    /// <summary><c>target.name</c>.</summary>
    public sealed record Member(int At, Term Target, string Name) : Term(At);

    /// <summary><c>target[key]</c>.</summary>
    public sealed record Index(int At, Term Target, Term Key) : Term(At);

    /// <summary><c>name(arguments)</c>.</summary>
    public sealed record Call(int At, string Name, IReadOnlyList<Term> Arguments) : Term(At);

    /// <summary><c>!operand</c>.</summary>
    public sealed record Not(int At, Term Operand) : Term(At);

    /// <summary><c>left op right</c>; <paramref name="At"/> is the operator's place.</summary>
    public sealed record Binary(int At, Operator Operator, Term Left, Term Right) : Term(At);

    /// <summary>This term and all below it.</summary>
    public IEnumerable<Term> All()
    {
        Stack<Term> open = new([this]);
        while (open.TryPop(out Term? term))
        {
            yield return term;
            foreach (Term child in term.Children())
            {
                open.Push(child);
            }
        }
    }

    /// <summary>The terms directly below.</summary>
    public IReadOnlyList<Term> Children() => this switch
    {
        Member member => [member.Target],
        Index index => [index.Target, index.Key],
        Call call => call.Arguments,
        Not not => [not.Operand],
        Binary binary => [binary.Left, binary.Right],
        _ => [],
    };
}

/// <summary>The operators with two operands, loosest first.</summary>
internal enum Operator
{
    Fallback,
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
