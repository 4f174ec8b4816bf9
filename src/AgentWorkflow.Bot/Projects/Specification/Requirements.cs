namespace AgentWorkflow.Bot.Projects.Specification;

/// <summary>What an idea asks for, language-neutral: the outputs of the <c>requirements</c> role and the values of the built-in templates.</summary>
internal sealed record Requirements
{
    /// <summary>The idea's title, one line, invisible characters removed.</summary>
    public required string Title { get; init; }

    /// <summary>A name for repository and project: lower-case ASCII letters, digits and hyphens, 1 to 40 characters, starting with a letter.</summary>
    public required string Name { get; init; }

    /// <summary>The first prose of the idea, one paragraph; empty when there is none.</summary>
    public required string Summary { get; init; }

    /// <summary>The stories in the idea's order, <c>S1</c>, <c>S2</c>, ...</summary>
    public required IReadOnlyList<Story> Stories { get; init; }

    /// <summary>The entities in the idea's order; empty where none can be found, and then the result is an honest skeleton.</summary>
    public required IReadOnlyList<Entity> Entities { get; init; }

    /// <summary>The relations between entities, each stated once.</summary>
    public required IReadOnlyList<Relation> Relations { get; init; }

    /// <summary>What was read with a guess, left out or removed, one sentence each, for the pull request.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>One wish.</summary>
/// <param name="Id"><c>S1</c>, <c>S2</c>, ...</param>
/// <param name="Title">One line as the idea says it.</param>
/// <param name="Role">The role in "As a ROLE"; null when not said.</param>
/// <param name="Want">What follows "I want"; null when not said.</param>
/// <param name="SoThat">What follows "so that"; null when not said.</param>
/// <param name="Criteria">Acceptance criteria: the points nested below.</param>
/// <param name="Operations">What of a plain create-read-update-delete service it asks for; empty where a model is needed.</param>
/// <param name="Line">The line in the idea, from 1.</param>
internal sealed record Story(
    string Id, string Title, string? Role, string? Want, string? SoThat, IReadOnlyList<string> Criteria, IReadOnlyList<Operation> Operations, int Line);

/// <summary>An operation on an entity.</summary>
internal sealed record Operation(string Entity, Verb Verb);

/// <summary>The operations that templates can generate.</summary>
internal enum Verb
{
    /// <summary>A page of a list, with filters.</summary>
    List,

    /// <summary>One by id.</summary>
    Get,

    /// <summary>A new one.</summary>
    Create,

    /// <summary>Changes one.</summary>
    Update,

    /// <summary>Removes one.</summary>
    Delete,
}

/// <summary>A thing that is kept.</summary>
/// <param name="Name">As the idea says it, singular, e.g. <c>Loan request</c>; languages make identifiers of it.</param>
/// <param name="Description">What the idea says of it; empty when nothing.</param>
/// <param name="Fields">In the idea's order, without an <c>id</c>: templates add their own.</param>
internal sealed record Entity(string Name, string Description, IReadOnlyList<Field> Fields);

/// <summary>A typed property of an entity.</summary>
internal sealed record Field
{
    /// <summary>As the idea says it, e.g. <c>due date</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The type.</summary>
    public required FieldType Type { get; init; }

    /// <summary>Must be present and, for texts, not blank.</summary>
    public bool Required { get; init; }

    /// <summary>No two of the same value.</summary>
    public bool Unique { get; init; }

    /// <summary>Set at creation only.</summary>
    public bool Immutable { get; init; }

    /// <summary>Worth an index and a filter.</summary>
    public bool Indexed { get; init; }

    /// <summary>The least number.</summary>
    public decimal? Min { get; init; }

    /// <summary>The greatest number.</summary>
    public decimal? Max { get; init; }

    /// <summary>The least length of a text in characters, or of a list in items.</summary>
    public int? MinLength { get; init; }

    /// <summary>The greatest length.</summary>
    public int? MaxLength { get; init; }

    /// <summary>A regular expression of the common subset that .NET, JavaScript and Python read alike; anything else became a note.</summary>
    public string? Pattern { get; init; }

    /// <summary>The default as the idea writes it, already fitting the type.</summary>
    public string? Default { get; init; }
}

/// <summary>A field's type.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Values">The values of an enum, as the idea writes them; empty otherwise.</param>
/// <param name="Target">The entity a reference points to, or the entity that a list holds references to; null otherwise.</param>
/// <param name="Item">What a list of plain values holds; null otherwise.</param>
internal sealed record FieldType(FieldKind Kind, IReadOnlyList<string> Values, string? Target = null, FieldKind? Item = null)
{
    /// <summary>A type without parameters.</summary>
    public static FieldType Plain(FieldKind kind) => new(kind, []);
}

/// <summary>The kinds of field types.</summary>
internal enum FieldKind
{
    /// <summary>One line.</summary>
    Text,

    /// <summary>Many lines.</summary>
    LongText,

    /// <summary>A whole number of 64 bits.</summary>
    Integer,

    /// <summary>A decimal number.</summary>
    Decimal,

    /// <summary>A decimal with two places.</summary>
    Money,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A day, ISO 8601.</summary>
    Date,

    /// <summary>A moment in UTC, ISO 8601.</summary>
    DateTime,

    /// <summary>A time of day, <c>HH:MM[:SS]</c>.</summary>
    Time,

    /// <summary>An e-mail address.</summary>
    Email,

    /// <summary>An absolute http or https address.</summary>
    Url,

    /// <summary>A UUID.</summary>
    Uuid,

    /// <summary>One of named values.</summary>
    Enum,

    /// <summary>The id of another entity.</summary>
    Reference,

    /// <summary>Several plain values, or references.</summary>
    List,

    /// <summary>A stored file: name, media type and size are kept.</summary>
    File,
}

/// <summary>A relation between two entities.</summary>
/// <param name="From">The entity that holds the reference.</param>
/// <param name="Field">The field that holds it.</param>
/// <param name="To">The entity it points to.</param>
/// <param name="Many">True when the field holds a list of references.</param>
internal sealed record Relation(string From, string Field, string To, bool Many);
