using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Projects.Api;

/// <summary>An entity as a resource of the service.</summary>
internal sealed record Resource
{
    /// <summary>Its place in <see cref="ApiPlan.Resources"/>.</summary>
    public required int Index { get; init; }

    /// <summary>The entity as the idea says it.</summary>
    public required Entity Entity { get; init; }

    /// <summary>Its name in the singular; unique among the resources.</summary>
    public required Words Words { get; init; }

    /// <summary>Its name in the plural; unique among the resources.</summary>
    public required Words Plural { get; init; }

    /// <summary>The fields, in the idea's order, without the <c>id</c> that the service gives (a whole number from 1).</summary>
    public required IReadOnlyList<FieldPlan> Fields { get; init; }

    /// <summary>
    /// How many of the sample bodies can be kept side by side: 3, or fewer where a unique field has fewer values. Zero before samples are filled in.
    /// </summary>
    public int Capacity { get; init; }

    /// <summary>The path of the list, e.g. <c>/loan-requests</c>; one is at <c>{Path}/{id}</c>.</summary>
    public string Path => "/" + Plural.Kebab;

    /// <summary>The table, e.g. <c>loan_requests</c>.</summary>
    public string Table => Plural.Snake;

    /// <summary>Sample body number <paramref name="sample"/>: every field that has a sample, in order; fields without one are left out.</summary>
    public IReadOnlyList<BodyField> Body(int sample) =>
        [.. Fields.Where(field => field.Samples.Count > 0).Select(field => new BodyField(field.JsonName, field.Sample(sample)))];

    /// <summary>The route of an operation, e.g. <c>PUT /books/{id}</c>.</summary>
    public string Route(Verb verb) => verb switch
    {
        Verb.List => $"GET {Path}",
        Verb.Get => $"GET {Path}/{{id}}",
        Verb.Create => $"POST {Path}",
        Verb.Update => $"PUT {Path}/{{id}}",
        _ => $"DELETE {Path}/{{id}}",
    };
}

/// <summary>A field of a resource, its rules and values.</summary>
internal sealed record FieldPlan
{
    /// <summary>The field as the idea says it.</summary>
    public required Field Source { get; init; }

    /// <summary>Its name; unique within the resource.</summary>
    public required Words Words { get; init; }

    /// <summary>What it holds; a list is <see cref="FieldKind.List"/> and <see cref="Item"/> says of what.</summary>
    public required FieldKind Kind { get; init; }

    /// <summary>What a list holds: a scalar kind or <see cref="FieldKind.Reference"/>; null for what is no list.</summary>
    public FieldKind? Item { get; init; }

    /// <summary>The values of an enum, or of a list of enums; distinct.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The resource a reference, or a list of references, points to.</summary>
    public int? Target { get; init; }

    /// <summary>Null is refused; absent is too, unless there is a <see cref="Default"/>.</summary>
    public required bool Required { get; init; }

    /// <summary>No two of the same value; several nulls are fine.</summary>
    public bool Unique { get; init; }

    /// <summary>An update that brings another value is refused.</summary>
    public bool Immutable { get; init; }

    /// <summary>The list takes <c>?jsonName=value</c>: equal to.</summary>
    public bool Filterable { get; init; }

    /// <summary>The list takes <c>?sort=jsonName</c> and <c>?sort=-jsonName</c>.</summary>
    public bool Sortable { get; init; }

    /// <summary>The value of an absent field as JSON text; null when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>The rules beside the type, in a fixed order.</summary>
    public IReadOnlyList<Rule> Rules { get; init; } = [];

    /// <summary>Valid values, all different, at most 3; empty for a reference that no sample can have (a cycle).</summary>
    public IReadOnlyList<SampleValue> Samples { get; init; } = [];

    /// <summary>The name in JSON and in queries, e.g. <c>dueDate</c>.</summary>
    public string JsonName => Words.Camel;

    /// <summary>The column, e.g. <c>due_date</c>.</summary>
    public string Column => Words.Snake;

    /// <summary>A list of references: kept as a set of pairs.</summary>
    public bool IsReferenceList => Kind == FieldKind.List && Item == FieldKind.Reference;

    /// <summary>Its value is text in JSON and takes rules of length.</summary>
    public bool IsText => Kind is FieldKind.Text or FieldKind.LongText or FieldKind.Email or FieldKind.Url;

    /// <summary>Its value is a number in JSON.</summary>
    public bool IsNumber => Kind is FieldKind.Integer or FieldKind.Decimal or FieldKind.Money;

    /// <summary>The value in sample body number <paramref name="sample"/>; only where there are samples.</summary>
    public SampleValue Sample(int sample) => Samples[sample % Samples.Count];

    /// <summary>The rule of a kind; null when the field has none.</summary>
    public TRule? Rule<TRule>()
        where TRule : Rule => Rules.OfType<TRule>().FirstOrDefault();
}

/// <summary>A rule on a field's value. Each is checked, and each failure is one entry of the problem's <c>errors</c>, under its code.</summary>
/// <param name="Code">The stable code in <c>errors</c>.</param>
internal abstract record Rule(string Code)
{
    /// <summary>A required text holds more than white space.</summary>
    internal sealed record NotBlank() : Rule("blank");

    /// <summary>At least that many characters (code points).</summary>
    internal sealed record MinLength(int Length) : Rule("min-length");

    /// <summary>At most that many characters (code points).</summary>
    internal sealed record MaxLength(int Length) : Rule("max-length");

    /// <summary>At least that many items.</summary>
    internal sealed record MinItems(int Count) : Rule("min-items");

    /// <summary>At most that many items.</summary>
    internal sealed record MaxItems(int Count) : Rule("max-items");

    /// <summary>At least that number.</summary>
    internal sealed record Min(decimal Value) : Rule("min");

    /// <summary>At most that number.</summary>
    internal sealed record Max(decimal Value) : Rule("max");

    /// <summary>The expression is found in the text (a search, as in JSON Schema).</summary>
    internal sealed record Pattern(string Expression) : Rule("pattern");

    /// <summary>One of the enum's values.</summary>
    internal sealed record OneOf() : Rule("one-of");
}

/// <summary>A value of a sample body.</summary>
internal abstract record SampleValue
{
    /// <summary>A plain value.</summary>
    /// <param name="Json">As JSON text, ASCII only.</param>
    internal sealed record Literal(string Json) : SampleValue;

    /// <summary>The id of another resource's sample, which the test creates first, once, however often it is named.</summary>
    internal sealed record Reference(int Resource, int Sample) : SampleValue;

    /// <summary>A list of such ids.</summary>
    internal sealed record ReferenceList(int Resource, IReadOnlyList<int> Samples) : SampleValue
    {
        /// <inheritdoc/>
        public bool Equals(ReferenceList? other) => other is not null && Resource == other.Resource && Samples.SequenceEqual(other.Samples);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Resource, Samples.Count);
    }
}

/// <summary>One member of a body.</summary>
internal sealed record BodyField(string JsonName, SampleValue Value);
