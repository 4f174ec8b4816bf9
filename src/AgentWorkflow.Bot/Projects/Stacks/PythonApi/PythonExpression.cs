namespace AgentWorkflow.Bot.Projects.Stacks.PythonApi;

/// <summary>A Python expression that writes itself on one line where it fits, else with one item a line.</summary>
internal abstract record PythonExpression
{
    private const int LineLength = 120;

    /// <summary>The expression on one line.</summary>
    public abstract string Flat { get; }

    /// <summary>The expression as it stands in a file.</summary>
    /// <param name="indent">Spaces before the line it starts on.</param>
    /// <param name="before">Characters of that line before it.</param>
    /// <param name="after">Characters of its last line after it.</param>
    public string Format(int indent, int before, int after)
    {
        var flat = Flat;
        return Fits(indent + before + flat.Length + after) ? flat : Explode(indent, flat);
    }

    /// <summary>False where the expression is always written with one item a line.</summary>
    protected virtual bool Fits(int length) => length <= LineLength;

    /// <summary>The expression on several lines, if it can be.</summary>
    protected virtual string Explode(int indent, string flat) => flat;

    /// <summary>A name, a number or a literal: it has no places to break.</summary>
    internal sealed record Atom(string Text) : PythonExpression
    {
        /// <inheritdoc/>
        public override string Flat => Text;
    }

    /// <summary>A call, list, tuple or dictionary.</summary>
    /// <param name="Open">Up to the opening bracket.</param>
    /// <param name="Items">What is inside.</param>
    /// <param name="Close">The closing bracket.</param>
    internal sealed record Group(string Open, IReadOnlyList<Item> Items, string Close) : PythonExpression
    {
        /// <summary>One item a line, however short.</summary>
        public bool Tall { get; init; }

        /// <inheritdoc/>
        public override string Flat => Open + string.Join(", ", Items.Select(item => item.Prefix + item.Value.Flat)) + (IsTupleOfOne ? "," : string.Empty) + Close;

        // (x) is x; a tuple of one needs its comma.
        private bool IsTupleOfOne => Open == "(" && Items.Count == 1;

        /// <inheritdoc/>
        protected override bool Fits(int length) => Items.Count == 0 || (!Tall && base.Fits(length));

        /// <inheritdoc/>
        protected override string Explode(int indent, string flat)
        {
            var lines = Items.Select(item => new string(' ', indent + 4) + item.Prefix + item.Value.Format(indent + 4, item.Prefix.Length, 1) + ",\n");
            return Open + "\n" + string.Concat(lines) + new string(' ', indent) + Close;
        }
    }

    /// <summary>An item of a group.</summary>
    /// <param name="Prefix">What stands before it: <c>name=</c>, <c>"key": </c>, <c>**</c> or nothing.</param>
    /// <param name="Value">The item.</param>
    internal sealed record Item(string Prefix, PythonExpression Value);
}
