using AgentWorkflow.Engine.Definition;

namespace AgentWorkflow.Engine.Expressions;

/// <summary>What is known of a value before anything runs.</summary>
internal abstract record ContextShape
{
    /// <summary>Nothing is known: every member may be there.</summary>
    public static ContextShape Open { get; } = new Anything();

    /// <summary>A single value: it has no members.</summary>
    public static ContextShape Leaf { get; } = new Single();

    /// <summary>Not known at all.</summary>
    public sealed record Anything : ContextShape;

    /// <summary>A text, number or truth value.</summary>
    public sealed record Single : ContextShape;

    /// <summary>A list.</summary>
    public sealed record List(ContextShape Item) : ContextShape;

    /// <summary>A mapping whose members are known.</summary>
    /// <param name="Members">The members by name.</param>
    /// <param name="Code">The code of the diagnostic for a name that is not among them.</param>
    public sealed record Map(IReadOnlyDictionary<string, ContextShape> Members, string Code = Codes.UnknownMember) : ContextShape;
}

/// <summary>The contexts that every workflow sees. The reference prints this table.</summary>
internal static class Contexts
{
    private static readonly ContextShape.Map Person = Members(("id", ContextShape.Leaf), ("login", ContextShape.Leaf), ("name", ContextShape.Leaf));
    private static readonly ContextShape.List Texts = new(ContextShape.Leaf);

    /// <summary><c>event</c>.</summary>
    public static ContextShape.Map Event { get; } = Members(
        ("name", ContextShape.Leaf),
        ("action", ContextShape.Leaf),
        ("issue", Members(
            ("number", ContextShape.Leaf), ("title", ContextShape.Leaf), ("body", ContextShape.Leaf), ("labels", Texts), ("url", ContextShape.Leaf), ("author", Person))),
        ("pull", Members(("number", ContextShape.Leaf), ("title", ContextShape.Leaf), ("head", ContextShape.Leaf), ("base", ContextShape.Leaf))),
        ("comment", Members(("id", ContextShape.Leaf), ("body", ContextShape.Leaf))),
        ("push", Members(("ref", ContextShape.Leaf), ("before", ContextShape.Leaf), ("after", ContextShape.Leaf), ("paths", Texts))),
        ("command", Members(("name", ContextShape.Leaf), ("args", ContextShape.Open), ("text", ContextShape.Leaf))),
        ("discussion", new ContextShape.List(Members(("author", Person), ("body", ContextShape.Leaf)))),
        ("left_out", ContextShape.Leaf));

    /// <summary>The contexts with fixed members.</summary>
    public static IReadOnlyDictionary<string, ContextShape> Fixed { get; } = new Dictionary<string, ContextShape>(StringComparer.Ordinal)
    {
        ["event"] = Event,
        ["run"] = Members(("id", ContextShape.Leaf), ("url", ContextShape.Leaf), ("attempt", ContextShape.Leaf)),
        ["repository"] = Members(
            ("id", ContextShape.Leaf), ("owner", ContextShape.Leaf), ("name", ContextShape.Leaf), ("url", ContextShape.Leaf), ("default_branch", ContextShape.Leaf), ("forge", ContextShape.Leaf)),
        ["actor"] = Person,
    };

    /// <summary>The names of all contexts, in the order of the reference.</summary>
    public static IReadOnlyList<string> All { get; } = ["event", "inputs", "steps", "item", "run", "repository", "actor"];

    private static ContextShape.Map Members(params (string Name, ContextShape Shape)[] members) =>
        new(members.ToDictionary(m => m.Name, m => m.Shape, StringComparer.Ordinal));
}
